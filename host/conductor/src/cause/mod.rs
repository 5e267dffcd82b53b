//! Why something failed, for the person who has to do something about it.

mod advice;
mod cloud;
mod driver;
mod stack;

pub(crate) use cloud::{Actor, of_cloud};
pub(crate) use driver::of_driver;
pub(crate) use stack::{as_the_node_says, failed_deployment, of_stack};

/// How much of what others say is kept, in characters.
const MESSAGE_MAX: usize = 1000;

/// Text from outside: one line, bounded.
pub(crate) fn tidy(text: &str) -> String {
    let words = text.split(|c: char| c.is_control() || c.is_whitespace()).filter(|word| !word.is_empty());
    let mut tidy = words.collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = tidy.char_indices().nth(MESSAGE_MAX) {
        tidy.truncate(end);
        tidy.push('…');
    }
    tidy
}

/// An error with all that caused it.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    tidy(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_becomes_one_bounded_line() {
        assert_eq!(tidy("a\n\tb\u{1b}[31m  c"), "a b [31m c");
        assert_eq!(tidy(&"ä".repeat(5000)).chars().count(), MESSAGE_MAX + 1);
    }
}
