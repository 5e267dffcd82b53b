//! Where a request stands in a trace that goes through several services: W3C Trace Context, <https://www.w3.org/TR/trace-context/>.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A `traceparent` header, of version 00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TraceParent {
    /// Not zero.
    pub trace_id: u128,
    /// Not zero.
    pub span_id: u64,
    /// Whether whoever began the trace keeps it.
    pub sampled: bool,
}

/// The text is no `traceparent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no traceparent: expected 00-<32 hexadecimal digits>-<16>-<2>, in lower case")]
pub struct NoTraceParent;

impl FromStr for TraceParent {
    type Err = NoTraceParent;

    /// A later version is read as far as it is like this one, as the specification has it.
    fn from_str(text: &str) -> Result<Self, NoTraceParent> {
        let mut parts = text.splitn(5, '-');
        let (version, trace, span, flags) =
            (next(&mut parts, 2)?, next(&mut parts, 32)?, next(&mut parts, 16)?, next(&mut parts, 2)?);
        if version == "ff" || (version == "00" && parts.next().is_some()) {
            return Err(NoTraceParent);
        }
        let trace_id = u128::from_str_radix(trace, 16).map_err(|_| NoTraceParent)?;
        let span_id = u64::from_str_radix(span, 16).map_err(|_| NoTraceParent)?;
        let flags = u8::from_str_radix(flags, 16).map_err(|_| NoTraceParent)?;
        if trace_id == 0 || span_id == 0 { Err(NoTraceParent) } else { Ok(Self { trace_id, span_id, sampled: flags & 1 == 1 }) }
    }
}

/// The next field, of so many digits.
fn next<'a>(parts: &mut impl Iterator<Item = &'a str>, digits: usize) -> Result<&'a str, NoTraceParent> {
    let is_hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    parts.next().filter(|text| text.len() == digits && is_hex(text)).ok_or(NoTraceParent)
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace_id, self.span_id, u8::from(self.sampled))
    }
}

impl TryFrom<String> for TraceParent {
    type Error = NoTraceParent;

    fn try_from(text: String) -> Result<Self, NoTraceParent> {
        text.parse()
    }
}

impl From<TraceParent> for String {
    fn from(parent: TraceParent) -> Self {
        parent.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EXAMPLE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn the_specifications_example_is_read_and_written_again() {
        let parent: TraceParent = EXAMPLE.parse().unwrap();
        assert!(parent.sampled);
        assert_eq!(parent.to_string(), EXAMPLE);
    }

    #[test]
    fn a_later_version_may_have_more_and_this_one_may_not() {
        assert!(EXAMPLE.replacen("00", "01", 1).parse::<TraceParent>().is_ok());
        assert!((EXAMPLE.replacen("00", "cc", 1) + "-more").parse::<TraceParent>().is_ok());
        assert!(format!("{EXAMPLE}-more").parse::<TraceParent>().is_err());
        assert!(EXAMPLE.replacen("00", "ff", 1).parse::<TraceParent>().is_err());
    }

    #[test]
    fn what_names_nothing_is_refused() {
        for text in [
            "",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(text.parse::<TraceParent>(), Err(NoTraceParent), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange_to_be_read(text: String) {
            if let Ok(parent) = text.parse::<TraceParent>() {
                prop_assert_eq!(parent.to_string().parse(), Ok(parent));
            }
        }
    }
}
