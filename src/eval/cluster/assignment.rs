//! The assignment problem on sparse graphs: which rows and columns to pair so that the total weight is greatest.
//!
//! Crates for this want a dense matrix, which for a corpus of a hundred thousand clusters would be 80 GB. The graph of
//! overlapping clusters falls apart into small components; each is solved by shortest augmenting paths (the Hungarian
//! method with potentials; Jonker and Volgenant 1987) over its edges alone.

use super::groups::Groups;
use crate::eval::score::sum;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Greatest total weight of a one-to-one pairing of rows with columns along `edges` (row, column, weight above 0).
/// Rows and columns may stay alone. Each edge is given once.
#[must_use]
pub fn best_assignment(edges: &[(usize, usize, f64)]) -> f64 {
    let rows = edges.iter().map(|edge| edge.0 + 1).max().unwrap_or(0);
    let columns = edges.iter().map(|edge| edge.1 + 1).max().unwrap_or(0);
    let mut forest = Forest::new(rows + columns);
    for &(row, column, _) in edges {
        forest.join(row, rows + column);
    }
    let roots: Vec<u32> = edges.iter().map(|edge| u32::try_from(forest.root(edge.0)).unwrap_or(u32::MAX)).collect();
    let components = Groups::new(roots.iter().copied().zip(edges.iter().copied()));
    let mut scratch = vec![usize::MAX; rows + columns];
    let solve = |component: &[(usize, usize, f64)]| match component {
        [] => 0.0,
        [only] => only.2,
        many => Component::new(many.iter().copied(), rows, &mut scratch).solve(),
    };
    sum(components.iter().map(solve))
}

/// Disjoint sets with path halving.
struct Forest(Vec<usize>);

impl Forest {
    fn new(size: usize) -> Self {
        Self((0..size).collect())
    }

    fn root(&mut self, mut node: usize) -> usize {
        while self.0[node] != node {
            self.0[node] = self.0[self.0[node]];
            node = self.0[node];
        }
        node
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }
}

/// One connected component, its rows and columns numbered from 0.
struct Component {
    /// Edges of each row: column and cost, which is the greatest weight less the edge's.
    rows: Vec<Vec<(usize, f64)>>,
    columns: usize,
    /// Greatest weight; also the cost of leaving a row alone.
    greatest: f64,
}

const NONE: usize = usize::MAX;

impl Component {
    /// `scratch` holds `NONE` for every row and column and is left so for those of other components.
    fn new(edges: impl Iterator<Item = (usize, usize, f64)>, row_count: usize, scratch: &mut [usize]) -> Self {
        let mut component = Self { rows: Vec::new(), columns: 0, greatest: 0.0 };
        for (row, column, weight) in edges {
            if scratch[row] == NONE {
                scratch[row] = component.rows.len();
                component.rows.push(Vec::new());
            }
            if scratch[row_count + column] == NONE {
                scratch[row_count + column] = component.columns;
                component.columns += 1;
            }
            component.rows[scratch[row]].push((scratch[row_count + column], weight));
            component.greatest = component.greatest.max(weight);
        }
        for (_, cost) in component.rows.iter_mut().flatten() {
            *cost = component.greatest - *cost;
        }
        component
    }

    fn solve(&self) -> f64 {
        // A star needs no search: its centre takes the heaviest edge.
        if self.rows.len() == 1 || self.columns == 1 {
            return self.greatest;
        }
        let mut search = Search::new(self);
        for row in 0..self.rows.len() {
            search.augment(row);
        }
        let weight = |(row, edges): (usize, &Vec<(usize, f64)>)| {
            let partner = search.partner_of_row[row];
            edges.iter().find(|edge| edge.0 == partner).map_or(0.0, |edge| self.greatest - edge.1)
        };
        sum(self.rows.iter().enumerate().map(weight))
    }
}

/// State of the search: potentials, the pairing so far, and the shortest-path tree of the current row.
struct Search<'a> {
    component: &'a Component,
    row_potential: Vec<f64>,
    column_potential: Vec<f64>,
    partner_of_row: Vec<usize>,
    partner_of_column: Vec<usize>,
    distance: Vec<f64>,
    reached_from: Vec<usize>,
    touched: Vec<usize>,
    done: Vec<bool>,
}

impl<'a> Search<'a> {
    fn new(component: &'a Component) -> Self {
        let cheapest = |edges: &Vec<(usize, f64)>| edges.iter().map(|edge| edge.1).fold(component.greatest, f64::min);
        Self {
            component,
            row_potential: component.rows.iter().map(cheapest).collect(),
            column_potential: vec![0.0; component.columns],
            partner_of_row: vec![NONE; component.rows.len()],
            partner_of_column: vec![NONE; component.columns],
            distance: vec![f64::INFINITY; component.columns],
            reached_from: vec![NONE; component.columns],
            touched: Vec::new(),
            done: vec![false; component.columns],
        }
    }

    /// Finds the cheapest way to give `start` a partner (or to leave a row alone) and rearranges the pairing along it.
    fn augment(&mut self, start: usize) {
        let mut queue = BinaryHeap::new();
        let mut settled = Vec::new();
        // The cheapest row to leave alone, among those reached.
        let mut alone = (f64::INFINITY, NONE);
        let (mut row, mut base) = (start, 0.0);
        let (total, mut free_column, end_row) = loop {
            let cost = base + self.component.greatest - self.row_potential[row];
            if cost < alone.0 {
                alone = (cost, row);
            }
            for &(column, cost) in &self.component.rows[row] {
                let distance = base + cost - self.row_potential[row] - self.column_potential[column];
                if !self.done[column] && distance < self.distance[column] {
                    if self.distance[column] == f64::INFINITY {
                        self.touched.push(column);
                    }
                    self.distance[column] = distance;
                    self.reached_from[column] = row;
                    queue.push(Reached { distance, column });
                }
            }
            let next = loop {
                match queue.pop() {
                    Some(reached) if self.done[reached.column] => {}
                    next => break next,
                }
            };
            match next {
                Some(reached) if reached.distance < alone.0 => {
                    let column = reached.column;
                    self.done[column] = true;
                    if self.partner_of_column[column] == NONE {
                        break (reached.distance, column, NONE);
                    }
                    settled.push(column);
                    (row, base) = (self.partner_of_column[column], reached.distance);
                }
                _ => break (alone.0, NONE, alone.1),
            }
        };
        self.row_potential[start] += total;
        for &column in &settled {
            let slack = total - self.distance[column];
            self.row_potential[self.partner_of_column[column]] += slack;
            self.column_potential[column] -= slack;
        }
        if free_column == NONE && end_row != start {
            // This row stays alone; the column that it had begins the path back.
            free_column = std::mem::replace(&mut self.partner_of_row[end_row], NONE);
        }
        while free_column != NONE {
            let row = self.reached_from[free_column];
            self.partner_of_column[free_column] = row;
            let before = std::mem::replace(&mut self.partner_of_row[row], free_column);
            free_column = if row == start { NONE } else { before };
        }
        for column in self.touched.drain(..) {
            self.distance[column] = f64::INFINITY;
            self.done[column] = false;
        }
    }
}

/// A column in the queue, nearest first, then by number, so that ties fall the same way every time.
struct Reached {
    distance: f64,
    column: usize,
}

impl Ord for Reached {
    fn cmp(&self, other: &Self) -> Ordering {
        other.distance.total_cmp(&self.distance).then(other.column.cmp(&self.column))
    }
}

impl PartialOrd for Reached {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Reached {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Reached {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn brute_force(edges: &[(usize, usize, f64)]) -> f64 {
        let Some((&(row, column, weight), rest)) = edges.split_first() else { return 0.0 };
        let free: Vec<_> = rest.iter().copied().filter(|edge| edge.0 != row && edge.1 != column).collect();
        brute_force(rest).max(weight + brute_force(&free))
    }

    proptest! {
        #[test]
        fn finds_the_best_of_all_pairings(
            cells in proptest::collection::btree_map((0_usize..5, 0_usize..5), 1_u8..12, 0..14),
        ) {
            let edges: Vec<_> = cells.into_iter().map(|((row, column), w)| (row, column, f64::from(w) / 7.0)).collect();
            prop_assert!((best_assignment(&edges) - brute_force(&edges)).abs() < 1e-9);
        }
    }

    #[test]
    fn the_empty_graph_weighs_nothing() {
        assert_eq!(best_assignment(&[]).to_bits(), 0.0_f64.to_bits());
    }
}
