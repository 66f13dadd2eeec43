//! Work on many items side by side, results in the order of the items, memory bounded.

use crossbeam_channel::{Receiver, Sender, bounded};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;

/// Items that may be under way for each thread: enough that a long one does not starve the others.
const ITEMS_A_THREAD: usize = 8;

/// Applies `work` to every item on `threads` threads and hands the results to `sink`, on this thread and in the order
/// of `items`, until `sink` breaks. Items are drawn on a thread of their own, a few ahead of what is written.
///
/// # Panics
/// If `work` does: with the same panic, when its result is next.
pub(crate) fn for_each<Item, Output, Stop>(
    items: impl Iterator<Item = Item> + Send,
    threads: usize,
    work: impl Fn(Item) -> Output + Sync,
    mut sink: impl FnMut(Output) -> ControlFlow<Stop>,
) -> ControlFlow<Stop>
where
    Item: Send,
    Output: Send,
{
    let (line, results) = Line::new(threads);
    thread::scope(|scope| {
        let (feeder, servers) = (line.feeder, line.servers);
        scope.spawn(move || feeder.feed(items));
        for server in servers {
            scope.spawn(|| server.serve(&work));
        }
        let mut results = results;
        let flow = results.by_ref().try_for_each(&mut sink);
        // Before the threads are waited for: a closed channel tells them that the sink has had enough.
        drop(results);
        flow
    })
}

/// The same as an iterator, for work that owns all that it needs.
///
/// # Panics
/// As [`for_each`], when the result is asked for.
pub(crate) fn results<Item, Output>(
    items: impl Iterator<Item = Item> + Send + 'static,
    threads: usize,
    work: impl Fn(Item) -> Output + Clone + Send + 'static,
) -> Results<Output>
where
    Item: Send + 'static,
    Output: Send + 'static,
{
    let (line, results) = Line::new(threads);
    let (feeder, servers) = (line.feeder, line.servers);
    thread::spawn(move || feeder.feed(items));
    for server in servers {
        let work = work.clone();
        thread::spawn(move || server.serve(&work));
    }
    results
}

/// What the threads hold.
struct Line<Item, Output> {
    feeder: Feeder<Item>,
    servers: Vec<Server<Item, Output>>,
}

impl<Item, Output> Line<Item, Output> {
    fn new(threads: usize) -> (Self, Results<Output>) {
        let threads = threads.max(1);
        let under_way = threads * ITEMS_A_THREAD;
        // A permit stands for an item between being drawn and being written: that bounds the results that wait for a slow
        // one before them.
        let (give_permit, permits) = bounded(under_way);
        for _ in 0..under_way {
            let _ = give_permit.send(());
        }
        let (give_item, items) = bounded(under_way);
        let (give_result, results) = bounded(under_way);
        let servers = (0..threads).map(|_| Server { items: items.clone(), give_result: give_result.clone() }).collect();
        let line = Self { feeder: Feeder { permits, give_item }, servers };
        (line, Results { arriving: results, give_permit, waiting: BTreeMap::new(), next: 0 })
    }
}

struct Feeder<Item> {
    permits: Receiver<()>,
    give_item: Sender<(usize, Item)>,
}

impl<Item> Feeder<Item> {
    fn feed(self, items: impl Iterator<Item = Item>) {
        for numbered in items.enumerate() {
            if self.permits.recv().is_err() || self.give_item.send(numbered).is_err() {
                break;
            }
        }
    }
}

struct Server<Item, Output> {
    items: Receiver<(usize, Item)>,
    give_result: Sender<(usize, thread::Result<Output>)>,
}

impl<Item, Output> Server<Item, Output> {
    fn serve(self, work: &impl Fn(Item) -> Output) {
        for (number, item) in self.items {
            // A panic takes the place of its result: were it to end this thread only, the others would wait for ever for
            // the one that is next in order.
            let result = catch_unwind(AssertUnwindSafe(|| work(item)));
            if self.give_result.send((number, result)).is_err() {
                break;
            }
        }
    }
}

/// Results in the order of their items.
#[derive(Debug)]
pub(crate) struct Results<Output> {
    arriving: Receiver<(usize, thread::Result<Output>)>,
    give_permit: Sender<()>,
    /// Results that others before them still lack.
    waiting: BTreeMap<usize, thread::Result<Output>>,
    next: usize,
}

impl<Output> Iterator for Results<Output> {
    type Item = Output;

    fn next(&mut self) -> Option<Output> {
        let result = loop {
            if let Some(result) = self.waiting.remove(&self.next) {
                break result;
            }
            let (number, result) = self.arriving.recv().ok()?;
            self.waiting.insert(number, result);
        };
        self.next += 1;
        let _ = self.give_permit.send(());
        Some(result.unwrap_or_else(|panic| resume_unwind(panic)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for threads in [1, 3, 8] {
            let mut seen = Vec::new();
            let flow = for_each(
                0_u64..200,
                threads,
                |item| {
                    thread::sleep(Duration::from_micros(item * 7919 % 300));
                    item
                },
                |output| {
                    seen.push(output);
                    ControlFlow::<()>::Continue(())
                },
            );
            assert!(flow.is_continue());
            assert_eq!(seen, (0..200).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_iterator_gives_the_same_and_may_be_left() {
        for threads in [1, 3] {
            let all: Vec<u64> = results(0..200, threads, |item: u64| item * 2).collect();
            assert_eq!(all, (0..200).map(|item| item * 2).collect::<Vec<_>>());
            assert_eq!(results(0_u64.., threads, |item| item).take(3).collect::<Vec<_>>(), [0, 1, 2]);
        }
    }

    #[test]
    fn a_panic_in_one_item_ends_the_run() {
        for threads in [1, 2, 5] {
            let run = || {
                for_each(0..1_000, threads, |item| assert!(item != 7, "item 7"), |()| ControlFlow::<()>::Continue(()))
            };
            let panic = std::panic::catch_unwind(run).unwrap_err();
            assert_eq!(panic.downcast_ref(), Some(&"item 7"), "{threads} threads");
        }
    }

    #[test]
    fn an_early_end_draws_few_items_more() {
        let drawn = AtomicUsize::new(0);
        let items = (0..1_000_000).inspect(|_| {
            drawn.fetch_add(1, Ordering::Relaxed);
        });
        let flow = for_each(
            items,
            2,
            |item| item,
            |item| if item == 5 { ControlFlow::Break(item) } else { ControlFlow::Continue(()) },
        );
        assert_eq!(flow, ControlFlow::Break(5));
        assert!(drawn.load(Ordering::Relaxed) <= 5 + 2 * 2 * ITEMS_A_THREAD);
    }
}
