//! Python's literals, which are how clients send objects in patches.

use jeroboam_api::fields::Literal;

/// Any text is a literal or an error of moderate length. What is a literal is the same one with white space around it.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Literal::parse(text) {
        Ok(literal) => assert_eq!(Literal::parse(&format!(" {text}\n")), Ok(literal)),
        Err(error) => assert!(error.to_string().len() < 2000, "the error repeats too much"),
    }
}
