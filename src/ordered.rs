//! Work on many items side by side, results in the order of the items, memory bounded.

use crossbeam_channel::bounded;
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
    let threads = threads.max(1);
    let under_way = threads * ITEMS_A_THREAD;
    // A permit stands for an item between being drawn and being written: that bounds the results that wait for a slow
    // one before them.
    let (give_permit, permits) = bounded::<()>(under_way);
    for _ in 0..under_way {
        let _ = give_permit.send(());
    }
    let (give_item, items_to_do) = bounded::<(usize, Item)>(under_way);
    let (give_result, results) = bounded::<(usize, thread::Result<Output>)>(under_way);
    thread::scope(|scope| {
        scope.spawn(move || {
            for numbered in items.enumerate() {
                // A closed channel means that the sink has had enough.
                if permits.recv().is_err() || give_item.send(numbered).is_err() {
                    break;
                }
            }
        });
        let work = &work;
        for _ in 0..threads {
            let (items_to_do, give_result) = (items_to_do.clone(), give_result.clone());
            scope.spawn(move || {
                for (number, item) in items_to_do {
                    // A panic takes the place of its result: were it to end this thread only, the others would wait
                    // for ever for the one that is next in order.
                    let result = catch_unwind(AssertUnwindSafe(|| work(item)));
                    if give_result.send((number, result)).is_err() {
                        break;
                    }
                }
            });
        }
        drop((items_to_do, give_result));
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        let mut flow = ControlFlow::Continue(());
        'writing: for (number, result) in &results {
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&next) {
                next += 1;
                flow = sink(result.unwrap_or_else(|panic| resume_unwind(panic)));
                if flow.is_break() {
                    break 'writing;
                }
                let _ = give_permit.send(());
            }
        }
        drop((results, give_permit));
        flow
    })
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
