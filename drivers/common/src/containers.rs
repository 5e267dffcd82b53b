//! Containers, as Docker's API has them: that of a master in swarm mode, or of standalone Swarm, which answers for the whole cluster.
//! <https://docs.docker.com/reference/api/engine/version/v1.25/>

use jeroboam_driver_sdk::{
    Error,
    coe_resources::{Action, CoeResource, Container, Details, Failure, Kind, Manifest, kind_unsupported},
    errors::{invalid, unavailable},
    internal, unsupported,
};
use serde_json::{Value, json};

use crate::coe::{json, segment, send, send_within};

/// Milliseconds for an image to arrive: most of what a call may take.
const PULL: u32 = 20_000;
/// Of what a container wrote.
const LOG_LINES: u32 = 2_000;

pub fn list(kind: Kind) -> Result<Vec<CoeResource>, Failure> {
    containers_only(kind)?;
    let found = json("GET", "/containers/json?all=1", None)?;
    found.as_array().into_iter().flatten().map(listed).collect()
}

pub fn show(kind: Kind, ident: &str) -> Result<CoeResource, Failure> {
    containers_only(kind)?;
    let path = format!("/containers/{}/json", segment(ident)?);
    match json("GET", &path, None) {
        Ok(found) => inspected(&found),
        Err(failure) => Err(missing(failure, ident)),
    }
}

/// The image is fetched only if it is not there.
pub fn create(manifest: &Manifest) -> Result<CoeResource, Failure> {
    let Manifest::Container(wanted) = manifest else { return Err(kind_unsupported(manifest.kind())) };
    let (path, body) = request(wanted)?;
    let made = match json("POST", &path, Some(&body)) {
        Err(Failure::Refused(refusal)) if refusal.status == 404 => {
            pull(&wanted.image)?;
            json("POST", &path, Some(&body))?
        }
        made => made?,
    };
    show(Kind::Container, word(&made, "/Id")?)
}

pub fn delete(kind: Kind, ident: &str) -> Result<(), Failure> {
    containers_only(kind)?;
    let path = format!("/containers/{}?force=1", segment(ident)?);
    send("DELETE", &path, None).map(drop).map_err(|failure| missing(failure, ident))
}

pub fn act(ident: &str, action: &Action) -> Result<String, Failure> {
    let at = |rest: &str| Ok::<_, Failure>(format!("/containers/{}/{rest}", segment(ident)?));
    let verb = match action {
        Action::Start => "start",
        Action::Stop => "stop?t=5",
        Action::Reboot => "restart?t=5",
        Action::Pause => "pause",
        Action::Unpause => "unpause",
        Action::Logs => {
            let path = at(&format!("logs?stdout=1&stderr=1&tail={LOG_LINES}"))?;
            let answer = send("GET", &path, None).map_err(|failure| missing(failure, ident))?;
            return Ok(written(&answer.body));
        }
        Action::Execute(command) => {
            let body = json!({"AttachStdout": true, "AttachStderr": true, "Cmd": words(command)?}).to_string();
            let made = json("POST", &at("exec")?, Some(&body)).map_err(|failure| missing(failure, ident))?;
            let path = format!("/exec/{}/start", segment(word(&made, "/Id")?)?);
            return Ok(written(&send_within(PULL, "POST", &path, Some(r#"{"Detach":false,"Tty":false}"#))?.body));
        }
    };
    send("POST", &at(verb)?, None).map(|_| String::new()).map_err(|failure| missing(failure, ident))
}

fn containers_only(kind: Kind) -> Result<(), Failure> {
    if kind == Kind::Container { Ok(()) } else { Err(kind_unsupported(kind)) }
}

fn missing(failure: Failure, ident: &str) -> Failure {
    match failure {
        Failure::Refused(refusal) if refusal.status == 404 => {
            Error::NotFound(format!("Container {ident} could not be found.")).into()
        }
        other => other,
    }
}

/// Path and body of what makes it.
fn request(wanted: &Container) -> Result<(String, String), Failure> {
    let labels: serde_json::Map<String, Value> = wanted.labels.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let environment: Vec<String> = wanted.environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut body = serde_json::Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("Image", json!(wanted.image));
    put("Labels", Value::Object(labels));
    put("Env", json!(environment));
    if let Some(command) = &wanted.command {
        put("Cmd", json!(words(command)?));
    }
    if let Some(memory) = &wanted.memory {
        put("HostConfig", json!({"Memory": bytes(memory)?}));
    }
    let path = match wanted.name.as_str() {
        "" => "/containers/create".to_owned(),
        name => format!("/containers/create?name={}", segment(name)?),
    };
    Ok((path, Value::Object(body).to_string()))
}

/// Docker's answer is a progress report, with an error in it if there was one.
fn pull(image: &str) -> Result<(), Failure> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@".contains(&byte);
    if !image.bytes().all(plain) {
        return Err(invalid("image", "it is no reference of an image").into());
    }
    // A digest, or a tag: what follows a colon that no slash comes after.
    let (name, tag) = match (image.split_once('@'), image.rsplit_once(':')) {
        (Some((name, digest)), _) => (name, digest),
        (None, Some((name, tag))) if !tag.contains('/') => (name, tag),
        _ => (image, "latest"),
    };
    let answer = match send_within(PULL, "POST", &format!("/images/create?fromImage={name}&tag={tag}"), None) {
        Err(Failure::Error(Error::Unavailable(_))) => {
            return Err(unavailable(format!("the image {image} is still on its way to the cluster: try again"), 20_000).into());
        }
        answer => answer?,
    };
    let report = String::from_utf8_lossy(&answer.body);
    let failed = report
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|line| line.get("error").and_then(Value::as_str).map(str::to_owned));
    failed.map_or(Ok(()), |reason| Err(invalid("image", reason).into()))
}

/// An entry of a list.
fn listed(found: &Value) -> Result<CoeResource, Failure> {
    let text = |name: &str| found.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let name = found.pointer("/Names/0").and_then(Value::as_str).unwrap_or_default().trim_start_matches('/').to_owned();
    let status = found.get("State").and_then(Value::as_str).map_or_else(|| state_of(&text("Status")).to_owned(), str::to_owned);
    let container = Container {
        name: name.clone(),
        image: text("Image"),
        command: Some(text("Command")).filter(|command| !command.is_empty()),
        memory: None,
        environment: Vec::new(),
        labels: pairs(found.get("Labels")),
    };
    Ok(resource(word(found, "/Id")?, name, status, container))
}

/// Standalone Swarm has no word for the state, but a sentence.
fn state_of(status: &str) -> &'static str {
    match status {
        status if status.contains("(Paused)") => "paused",
        status if status.starts_with("Up") => "running",
        status if status.starts_with("Exited") => "exited",
        status if status.starts_with("Created") => "created",
        _ => "unknown",
    }
}

/// One that was asked for.
fn inspected(found: &Value) -> Result<CoeResource, Failure> {
    let name = word(found, "/Name")?.trim_start_matches('/').to_owned();
    let lines = found.pointer("/Config/Env").and_then(Value::as_array).into_iter().flatten();
    let command = found
        .pointer("/Config/Cmd")
        .and_then(Value::as_array)
        .map(|words| words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "));
    let memory = found.pointer("/HostConfig/Memory").and_then(Value::as_u64).filter(|bytes| *bytes > 0);
    let container = Container {
        name: name.clone(),
        image: found.pointer("/Config/Image").and_then(Value::as_str).unwrap_or_default().to_owned(),
        command,
        memory: memory.map(|bytes| bytes.to_string()),
        environment: lines.filter_map(|line| line.as_str()?.split_once('=')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect(),
        labels: pairs(found.pointer("/Config/Labels")),
    };
    let status = found.pointer("/State/Status").and_then(Value::as_str).unwrap_or("unknown").to_owned();
    Ok(resource(word(found, "/Id")?, name, status, container))
}

fn resource(id: &str, name: String, status: String, container: Container) -> CoeResource {
    let labels = container.labels.clone();
    CoeResource {
        id: id.to_owned(),
        name,
        labels,
        status: Some(status),
        details: Details::Container(container),
        extras: Vec::new(),
    }
}

fn word<'a>(found: &'a Value, pointer: &str) -> Result<&'a str, Failure> {
    let text = found.pointer(pointer).and_then(Value::as_str);
    text.ok_or_else(|| internal(format!("Docker sent a container without {pointer}")).into())
}

fn pairs(value: Option<&Value>) -> Vec<(String, String)> {
    let pairs = value.and_then(Value::as_object).into_iter().flatten();
    pairs.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

/// `512m` in bytes.
fn bytes(memory: &str) -> Result<u64, Failure> {
    let lower = memory.trim().to_ascii_lowercase();
    let digits = lower.trim_end_matches(|unit: char| unit.is_ascii_alphabetic());
    let shift = match lower.get(digits.len()..).unwrap_or_default() {
        "" | "b" => 0,
        "k" | "kb" => 10,
        "m" | "mb" => 20,
        "g" | "gb" => 30,
        _ => 64,
    };
    let bytes = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(1u64.checked_shl(shift)?));
    bytes.ok_or_else(|| invalid("memory", "it is a number of bytes with a unit b, k, m or g, such as 512m").into())
}

/// The words of a command, as a shell separates them.
fn words(command: &str) -> Result<Vec<String>, Failure> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut letters = command.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some('"') | None, '\\') => word.get_or_insert_default().extend(letters.next()),
            (None, '\'' | '"') => {
                word.get_or_insert_default();
                quote = Some(letter);
            }
            (None, letter) if letter.is_whitespace() => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    if quote.is_some() {
        return Err(unsupported("the command has a quote that does not end").into());
    }
    words.extend(word);
    Ok(words)
}

/// What Docker sends of the two streams: frames of a header (stream, three zeros, length) and text; or the text alone, of a terminal.
fn written(body: &[u8]) -> String {
    let mut text = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        let Some(([0..=2, 0, 0, 0, length @ ..], after)) = rest.split_first_chunk::<8>() else {
            return String::from_utf8_lossy(body).into_owned();
        };
        let length = u32::from_be_bytes(*length) as usize;
        text.extend_from_slice(after.get(..length).unwrap_or(after));
        rest = after.get(length..).unwrap_or_default();
    }
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_separated_as_a_shell_does() {
        let words = |command: &str| words(command).unwrap();
        assert_eq!(words("ping  -c 3 example.org"), ["ping", "-c", "3", "example.org"]);
        assert_eq!(words(r#"sh -c 'echo "a b"' "" c\ d"#), ["sh", "-c", "echo \"a b\"", "", "c d"]);
        assert!(super::words("sh -c 'x").is_err());
    }

    #[test]
    fn memory_is_bytes_with_a_unit() {
        let read = |text: &str| bytes(text).ok();
        assert_eq!(
            [read("512m"), read("1G"), read("4096"), read("2kb")],
            [Some(512 << 20), Some(1 << 30), Some(4096), Some(2048)]
        );
        assert_eq!([read(""), read("m"), read("-1m"), read("1t"), read("99999999999g")], [None; 5]);
    }

    #[test]
    fn both_streams_are_read_and_a_terminal_s_too() {
        let frames = [&[1, 0, 0, 0, 0, 0, 0, 3][..], b"a\nb", &[2, 0, 0, 0, 0, 0, 0, 1], b"!"].concat();
        assert_eq!(written(&frames), "a\nb!");
        assert_eq!(written(b"a terminal's text"), "a terminal's text");
        assert_eq!(written(&frames[..9]), "a");
        assert_eq!(written(b""), "");
    }
}
