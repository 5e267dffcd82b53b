//! `make_url`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::invalid;
use crate::heat::{error::Result, hot::text};

const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const PATH: &AsciiSet = &COMPONENT.remove(b'/');
const HOST: &AsciiSet = &COMPONENT.remove(b':');

pub fn make(parts: &Map<String, Value>) -> Result<Value> {
    let part = |name: &str| match parts.get(name) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(text)) => Ok(text.as_str()),
        Some(_) => Err(invalid(format!("The \"{name}\" argument to \"make_url\" must be a string"))),
    };
    let quote = |text: &str, set| utf8_percent_encode(text, set).to_string();
    let scheme = part("scheme")?;
    if scheme.contains(':') {
        return Err(invalid("URL \"scheme\" should not contain ':'"));
    }
    let (username, password) = (part("username")?, part("password")?);
    let mut authority = String::new();
    if !username.is_empty() || !password.is_empty() {
        authority += &quote(username, COMPONENT);
        if !password.is_empty() {
            authority = format!("{authority}:{}", quote(password, COMPONENT));
        }
        authority.push('@');
    }
    let host = part("host")?;
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let quoted = quote(host, HOST);
    authority += &if host.contains(':') { format!("[{quoted}]") } else { quoted };
    if let Some(port) = parts.get("port").filter(|port| !port.is_null() && port.as_str() != Some("")) {
        let number = text::number(port)
            .and_then(|number| number.as_u64())
            .ok_or_else(|| invalid(format!("Invalid URL port \"{}\" for make_url", text::display(port))))?;
        if !(1..=65_535).contains(&number) {
            return Err(invalid(format!("Invalid URL port {number}, must be in range 1-65535")));
        }
        authority = format!("{authority}:{number}");
    }
    let mut url = String::new();
    if !scheme.is_empty() {
        url = format!("{scheme}:");
    }
    let path = quote(part("path")?, PATH);
    if !authority.is_empty() || !scheme.is_empty() {
        url = format!("{url}//{authority}");
        if !path.is_empty() && !path.starts_with('/') {
            url.push('/');
        }
    }
    url += &path;
    match parts.get("query") {
        None | Some(Value::Null) => {}
        Some(Value::Object(query)) => {
            let pairs: Vec<_> =
                query.iter().map(|(key, value)| format!("{}={}", form(key), form(&text::display(value)))).collect();
            if !pairs.is_empty() {
                url = format!("{url}?{}", pairs.join("&"));
            }
        }
        Some(_) => return Err(invalid("The \"query\" argument to \"make_url\" must be a map")),
    }
    let fragment = part("fragment")?;
    if !fragment.is_empty() {
        url = format!("{url}#{}", quote(fragment, PATH));
    }
    Ok(Value::String(url))
}

/// As forms are encoded, with slashes left alone.
fn form(text: &str) -> String {
    utf8_percent_encode(text, PATH).to_string().replace("%20", "+")
}
