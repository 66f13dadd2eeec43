//! Panics of `rust-bert` and `tch` as errors: both unwrap where libtorch reports a failure.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// Whether a panic of this thread is caught here and must not be printed.
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// Runs `work`; if it panics, its message comes back in one line and nothing is printed.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !CATCHING.get() {
                previous(panic);
            }
        }));
    });
    CATCHING.set(true);
    // Whatever `work` borrowed is dropped or only read afterwards.
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(false);
    result.map_err(|panic| first_line(&message(panic.as_ref())))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it stopped without a reason").to_owned()
}

/// What libtorch says, without the C++ stack below it and without the wrapping of `unwrap`.
pub fn first_line(message: &str) -> String {
    let inner = message.split_once("Torch(\"").map_or(message, |(_, inner)| inner);
    let line = inner.split('\n').next().unwrap_or(inner);
    let line = line.split("\\n").next().unwrap_or(line);
    line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_one_line() {
        assert_eq!(caught(|| 3), Ok(3));
        let torch = || -> () {
            panic!("called `Result::unwrap()` on an `Err` value: Torch(\"index out of range\\nException raised\")")
        };
        assert_eq!(caught(torch), Err("index out of range".to_owned()));
        assert_eq!(caught(|| -> () { panic!("plain\nmore") }), Err("plain".to_owned()));
    }
}
