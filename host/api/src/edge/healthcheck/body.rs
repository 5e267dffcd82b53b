//! What the health check says, as text, as a page and as JSON.

use std::fmt::Write;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Health;
use crate::fields::Out;

pub const TEXT: &str = "text/plain";
pub const HTML: &str = "text/html";
pub const JSON: &str = "application/json";

/// Of each backend: programs that read oslo.middleware's answers know the word.
const CLASS: &str = "HealthcheckResult";

/// A reason a line.
pub fn text(found: &[Health]) -> String {
    found.iter().map(|health| health.reason).collect::<Vec<_>>().join("\n")
}

pub fn json(found: &[Health], is_detailed: bool) -> String {
    let mut out = Out::default();
    out.object(|out| {
        out.key("detailed");
        out.boolean(is_detailed);
        if is_detailed {
            out.key("now");
            out.text(&now());
            out.key("platform");
            out.text(&platform());
        }
        out.key("reasons");
        out.array(|out| {
            for health in found {
                if is_detailed {
                    out.object(|out| {
                        out.key("class");
                        out.text(CLASS);
                        out.key("details");
                        out.text(&health.details);
                        out.key("reason");
                        out.text(health.reason);
                    });
                } else {
                    out.text(health.reason);
                }
            }
        });
        if is_detailed {
            out.key("version");
            out.text(env!("CARGO_PKG_VERSION"));
        }
    });
    String::from_utf8(out.into_bytes()).unwrap_or_default()
}

pub fn html(found: &[Health], is_detailed: bool) -> String {
    let mut page = "<!DOCTYPE html>\n<html>\n<head><title>Healthcheck Status</title></head>\n<body>\n".to_owned();
    if is_detailed {
        let (now, platform, version) = (now(), platform(), env!("CARGO_PKG_VERSION"));
        let _ = writeln!(page, "<p>jeroboam {version} on {} at {now}</p>", escaped(&platform));
    }
    let _ = writeln!(page, "<h2>Result of {} checks:</h2>\n<table border=\"1\">", found.len());
    page.push_str(if is_detailed {
        "<tr><th>Kind</th><th>Reason</th><th>Details</th></tr>\n"
    } else {
        "<tr><th>Reason</th></tr>\n"
    });
    for Health { reason, details, .. } in found {
        let _ = match is_detailed {
            true => writeln!(page, "<tr><td>{CLASS}</td><td>{reason}</td><td>{}</td></tr>", escaped(details)),
            false => writeln!(page, "<tr><td>{reason}</td></tr>"),
        };
    }
    page.push_str("</table>\n</body>\n</html>\n");
    page
}

fn now() -> String {
    OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default()
}

fn platform() -> String {
    format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH)
}

/// As it may stand in a page: paths are operators', and may hold anything.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ill(details: &str) -> [Health; 1] {
        [Health { is_well: false, reason: "DISABLED BY FILE", details: details.to_owned() }]
    }

    #[test]
    fn files_are_named_only_where_details_are_wanted() {
        let found = ill("Path '/srv/<b>' was found");
        for answer in [json(&found, false), html(&found, false), text(&found)] {
            assert!(answer.contains("DISABLED BY FILE") && !answer.contains("/srv"), "{answer}");
        }
        assert!(json(&found, true).contains("/srv/<b>"));
        assert!(html(&found, true).contains("Path &#39;/srv/&lt;b&gt;&#39; was found"));
    }
}
