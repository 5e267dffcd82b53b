//! Writing JSON, straight to bytes.

use std::fmt;
use std::io::Write;

use serde::Serialize;
use time::OffsetDateTime;

/// A JSON document in the making. Whoever writes takes care that keys and values take turns.
#[derive(Debug, Default)]
pub struct Out {
    bytes: Vec<u8>,
    /// Whether the next key or item needs a comma before it.
    comma: bool,
}

impl Out {
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), comma: false }
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub fn object(&mut self, content: impl FnOnce(&mut Self)) {
        self.nested(b'{', b'}', content);
    }

    pub fn array(&mut self, content: impl FnOnce(&mut Self)) {
        self.nested(b'[', b']', content);
    }

    /// A member's name; its value comes next. The name needs no escapes.
    pub fn key(&mut self, name: &'static str) {
        self.separate();
        self.bytes.push(b'"');
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(b"\":");
        self.comma = false;
    }

    /// A member whose name may be any text.
    pub fn member(&mut self, name: &str, value: impl FnOnce(&mut Self)) {
        self.text(name);
        self.bytes.push(b':');
        self.comma = false;
        value(self);
    }

    pub fn text(&mut self, text: &str) {
        self.value(&text);
    }

    /// Text of which each piece needs no escapes, such as ids and addresses that we made.
    pub fn plain(&mut self, text: fmt::Arguments<'_>) {
        self.separate();
        // Writing to memory does not fail.
        _ = write!(self.bytes, "\"{text}\"");
        self.comma = true;
    }

    pub fn text_or_null(&mut self, text: Option<&str>) {
        self.value(&text);
    }

    pub fn integer(&mut self, number: impl Into<i64>) {
        self.value(&number.into());
    }

    pub fn integer_or_null<T: Into<i64>>(&mut self, number: Option<T>) {
        self.value(&number.map(Into::into));
    }

    pub fn boolean(&mut self, flag: bool) {
        self.value(&flag);
    }

    pub fn null(&mut self) {
        self.value(&());
    }

    pub fn texts<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        self.array(|out| texts.for_each(|text| out.text(text)));
    }

    /// An object of text by name.
    pub fn pairs<'a>(&mut self, pairs: impl Iterator<Item = (&'a str, &'a str)>) {
        self.object(|out| {
            for (name, value) in pairs {
                out.member(name, |out| out.text(value));
            }
        });
    }

    /// `2025-01-01T10:00:00+00:00`: gophercloud needs the offset, and nobody the fraction.
    pub fn time(&mut self, at: OffsetDateTime) {
        let at = at.to_offset(time::UtcOffset::UTC);
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        let (hour, minute, second) = (at.hour(), at.minute(), at.second());
        self.plain(format_args!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+00:00"));
    }

    pub fn time_or_null(&mut self, at: Option<OffsetDateTime>) {
        match at {
            Some(at) => self.time(at),
            None => self.null(),
        }
    }

    /// A value that is written already.
    pub fn json(&mut self, json: &[u8]) {
        self.separate();
        self.bytes.extend_from_slice(json);
        self.comma = true;
    }

    pub fn value(&mut self, value: &impl Serialize) {
        self.separate();
        // Neither memory nor these types fail.
        _ = serde_json::to_writer(&mut self.bytes, value);
        self.comma = true;
    }

    fn nested(&mut self, open: u8, close: u8, content: impl FnOnce(&mut Self)) {
        self.separate();
        self.bytes.push(open);
        self.comma = false;
        content(self);
        self.bytes.push(close);
        self.comma = true;
    }

    fn separate(&mut self) {
        if self.comma {
            self.bytes.push(b',');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn members_and_items_are_separated_by_single_commas() {
        let mut out = Out::default();
        out.object(|out| {
            out.key("a");
            out.array(|out| {
                out.integer(1);
                out.object(|_| {});
                out.text("x\"y\n");
            });
            out.key("b");
            out.pairs([("k", "v"), ("l", "w")].into_iter());
            out.key("c");
            out.null();
        });
        let text = String::from_utf8(out.into_bytes()).unwrap();
        assert_eq!(text, r#"{"a":[1,{},"x\"y\n"],"b":{"k":"v","l":"w"},"c":null}"#);
    }

    #[test]
    fn times_have_an_offset_and_no_fraction() {
        let mut out = Out::default();
        out.time(datetime!(2025-01-02 03:04:05.678 +02:00));
        assert_eq!(out.into_bytes(), b"\"2025-01-02T01:04:05+00:00\"");
    }
}
