//! Work on all processors, with results in the order of the work.

use std::num::NonZeroUsize;
use std::thread;

/// Results of `work(0)`, `work(1)`, … in this order.
pub(super) fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(count.max(1));
    let share = count.div_ceil(threads.max(1));
    let work = &work;
    thread::scope(|scope| {
        let begin = |thread: usize| {
            let range = (thread * share).min(count)..((thread + 1) * share).min(count);
            scope.spawn(move || range.map(work).collect::<Vec<T>>())
        };
        let handles: Vec<_> = (0..threads).map(begin).collect();
        handles
            .into_iter()
            .flat_map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}
