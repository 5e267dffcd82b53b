//! What scalars are that are written without quotes. Heat reads templates as YAML 1.1, by PyYAML's resolver: `yes`, `0755`, `1_000` and `12:30` are no texts
//! there, and `1e3` and `0o17` are; YAML 1.2 has it the other way round.
//!
//! Facts: PyYAML's `resolver.py` and `constructor.py`; and Heat's `template_format.py`, which has timestamps made texts.

use serde_yaml_ng::{
    Value as Yaml,
    value::{Tag, TaggedValue},
};

/// The value of a plain scalar.
pub(super) fn plain(text: &str) -> Yaml {
    let Some(first) = text.bytes().next() else { return Yaml::Null };
    let found = match first {
        b'~' | b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => word(text),
        b'-' | b'+' | b'.' | b'0'..=b'9' => float(text).or_else(|| integer(text)),
        _ => None,
    };
    found.unwrap_or_else(|| Yaml::String(text.to_owned()))
}

fn word(text: &str) -> Option<Yaml> {
    Some(match text {
        "~" | "null" | "Null" | "NULL" => Yaml::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Yaml::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Yaml::Bool(false),
        _ => return None,
    })
}

fn integer(text: &str) -> Option<Yaml> {
    let (negative, digits) = signed(text);
    let of_radix = |digits: &str, radix: u32| {
        let fits = !digits.is_empty() && digits.chars().all(|digit| digit == '_' || digit.is_digit(radix));
        fits.then(|| i128::from_str_radix(&without_underscores(digits), radix).ok())
    };
    let value = if let Some(digits) = digits.strip_prefix("0b") {
        of_radix(digits, 2)?
    } else if let Some(digits) = digits.strip_prefix("0x") {
        of_radix(digits, 16)?
    } else if digits == "0" {
        Some(0)
    } else if digits.starts_with('0') {
        of_radix(digits, 8)?
    } else if let Some((first, rest)) = digits.split_once(':') {
        of_radix(first, 10).filter(|_| starts_with_digit(first))?.and_then(|first| sexagesimal(first, rest)).map(Some)?
    } else if starts_with_digit(digits) {
        of_radix(digits, 10)?
    } else {
        return None;
    };
    let value = value.map(|value| if negative { -value } else { value });
    Some(match value.and_then(|value| i64::try_from(value).ok()) {
        Some(value) => Yaml::Number(value.into()),
        // Whatever it is exactly, it is no text.
        None => Yaml::Tagged(Box::new(TaggedValue { tag: Tag::new("int"), value: Yaml::String(without_underscores(text)) })),
    })
}

/// `190:20:30`
fn sexagesimal(first: i128, rest: &str) -> Option<i128> {
    rest.split(':').try_fold(first, |value, part| value.checked_mul(60)?.checked_add(sixtieths(part)?))
}

/// Of a minute or an hour.
fn sixtieths(part: &str) -> Option<i128> {
    let is_one = matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    is_one.then(|| part.parse().ok()).flatten()
}

fn float(text: &str) -> Option<Yaml> {
    let (negative, unsigned) = signed(text);
    let value = match unsigned {
        ".inf" | ".Inf" | ".INF" => f64::INFINITY,
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == text.len() => f64::NAN,
        _ => {
            let (whole, broken) = unsigned.split_once('.')?;
            if let Some((first, rest)) = whole.split_once(':') {
                let is_one = starts_with_digit(first) && are_digits(first) && are_digits(broken);
                let first: i128 = is_one.then(|| without_underscores(first).parse().ok()).flatten()?;
                let whole = sexagesimal(first, rest)?;
                format!("{whole}.{}", without_underscores(broken)).parse().ok()?
            } else {
                let mantissa = match broken.split_once(['e', 'E']) {
                    None => broken,
                    Some((mantissa, exponent)) => {
                        let digits = exponent.strip_prefix(['-', '+'])?;
                        (!digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())).then_some(mantissa)?
                    }
                };
                let is_one = if whole.is_empty() {
                    // A sign has to be followed by a digit.
                    unsigned.len() == text.len() && starts_with_digit(mantissa)
                } else {
                    starts_with_digit(whole) && are_digits(whole)
                };
                if !is_one || !are_digits(mantissa) {
                    return None;
                }
                without_underscores(unsigned).parse().ok()?
            }
        }
    };
    Some(Yaml::Number(if negative { -value } else { value }.into()))
}

fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

fn are_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

fn without_underscores(text: &str) -> String {
    text.replace('_', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What PyYAML 6 makes of them.
    #[test]
    fn plain_scalars_are_what_yaml_1_1_says() {
        let number = |number: i64| Yaml::Number(number.into());
        let broken = |number: f64| Yaml::Number(number.into());
        let cases = [
            ("", Yaml::Null),
            ("~", Yaml::Null),
            ("Null", Yaml::Null),
            ("yes", Yaml::Bool(true)),
            ("ON", Yaml::Bool(true)),
            ("Off", Yaml::Bool(false)),
            ("no", Yaml::Bool(false)),
            ("0755", number(493)),
            ("-0755", number(-493)),
            ("0", number(0)),
            ("00", number(0)),
            ("1_000", number(1000)),
            ("+12", number(12)),
            ("0b1010_0111", number(167)),
            ("0x_0A_74", number(2676)),
            ("12:30", number(750)),
            ("-190:20:30", number(-685_230)),
            ("1.5", broken(1.5)),
            ("1.", broken(1.0)),
            (".5", broken(0.5)),
            ("6.8523015e+5", broken(685_230.15)),
            ("685_230.15", broken(685_230.15)),
            ("190:20:30.15", broken(685_230.15)),
            (".inf", broken(f64::INFINITY)),
            ("-.INF", broken(f64::NEG_INFINITY)),
        ];
        for (text, value) in cases {
            assert_eq!(plain(text), value, "{text}");
        }
        assert!(matches!(plain(".NaN"), Yaml::Number(number) if number.is_nan()));
        assert!(matches!(plain("99999999999999999999"), Yaml::Tagged(_)));
    }

    #[test]
    fn what_only_looks_like_something_else_is_a_text() {
        let texts = [
            "y",
            "n",
            "yEs",
            "nULL",
            "none",
            "0o17",
            "1e3",
            "1.5e3",
            "08",
            "0b2",
            "0x",
            "0b",
            "+",
            "-",
            ".",
            "..",
            "+.5",
            "-.5",
            "+.nan",
            "12:75",
            "12:",
            ":30",
            "1:2:x",
            "012:30",
            "_1",
            "1_a",
            "1.2.3",
            "2001-01-01",
            "8.8.8.8",
            "10.0.0.0/24",
            "v1.2",
            "<<",
            "=",
            "1.5e+",
            "1:30.x",
            "é",
            "0é",
        ];
        for text in texts {
            assert_eq!(plain(text), Yaml::String(text.to_owned()), "{text}");
        }
    }
}
