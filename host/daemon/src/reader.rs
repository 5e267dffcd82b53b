//! Who reads what a command prints, and may have read enough: `jeroboam driver list | head -1`.

use std::{panic, process};

/// What `println!` says as it panics.
const GONE: &str = "failed printing to stdout: Broken pipe";
/// The exit code that a shell shows for what SIGPIPE has ended.
const CODE: i32 = 141;

/// From now on the process ends without a word when nobody reads its output any more, as others do. SIGPIPE itself stays ignored: it would also end a command whose daemon
/// hangs up on it, before it could say so.
pub fn end_with_it() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let said = info.payload().downcast_ref::<String>();
        if said.is_some_and(|said| said.starts_with(GONE)) {
            process::exit(CODE);
        }
        usual(info);
    }));
}
