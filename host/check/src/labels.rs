//! The schema of labels: whole, true to itself, and what the driver goes by.

use jeroboam_model::{
    ClusterView,
    driver::{ClusterType, LabelSpec, LabelType},
};
use jeroboam_plugins::DriverError;

use super::{answers::Ended, report::Report, samples, subject::Subject, world::World};

const AREA: &str = "labels";

pub async fn check(subject: &Subject, report: &mut Report) {
    let description = subject.description();
    for label in &description.labels {
        for (what, change) in faults_of(label) {
            report.fail(AREA, format!("describe, labels/{}", label.name), format!("label {}: {what}", label.name), change);
        }
        if let Some(kind) = description.cluster_types.first() {
            values(subject, kind, label, report).await;
        }
    }
    report.conclude(AREA, format!("{} in the schema; their values are checked", description.labels.len()));
}

/// What is wrong with a line of the schema, and what to change.
fn faults_of(label: &LabelSpec) -> Vec<(String, String)> {
    let mut faults = Vec::new();
    if label.meaning.trim().is_empty() {
        faults.push(("has no meaning".to_owned(), "write a sentence for users into `meaning`".to_owned()));
    }
    if semver(&label.since).is_none() {
        faults.push((
            format!("`since` is {:?}", label.since),
            "the version of the driver that first read it, such as 0.1.0".to_owned(),
        ));
    }
    if let LabelType::Choice(options) = &label.label_type
        && options.is_empty()
    {
        faults.push(("is a choice between nothing".to_owned(), "list its values, or make it text".to_owned()));
    }
    if let Some(default) = label.default.as_deref()
        && !fits(&label.label_type, default)
    {
        faults.push((format!("its default {default:?} is no value of its type"), "the default, or the type".to_owned()));
    }
    faults
}

fn semver(text: &str) -> Option<()> {
    let mut parts = text.split('-').next()?.split('.').map(|part| part.parse::<u64>().ok());
    (parts.clone().count() == 3 && parts.all(|part| part.is_some())).then_some(())
}

/// Whether a text is a value of the type. What this host does not know has no rule.
fn fits(kind: &LabelType, value: &str) -> bool {
    match kind {
        LabelType::Text | LabelType::Other(_) => true,
        LabelType::Integer { min, max } => value.trim().parse::<i64>().is_ok_and(|number| (*min..=*max).contains(&number)),
        LabelType::Boolean => ["true", "false"].iter().any(|word| word.eq_ignore_ascii_case(value.trim())),
        LabelType::Choice(options) => options.iter().any(|option| option == value),
        LabelType::Choices(options) => {
            options.is_empty()
                || value
                    .split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty())
                    .all(|item| options.iter().any(|option| option == item))
        }
        LabelType::Cidr => value.trim().is_empty() || is_cidr(value.trim()),
    }
}

fn is_cidr(value: &str) -> bool {
    let Some((address, length)) = value.split_once('/') else { return false };
    address.parse::<std::net::Ipv4Addr>().is_ok() && length.parse::<u8>().is_ok_and(|length| length <= 32)
}

/// Values of the type are not to break the driver, and a value of no type has to be refused by the label's name.
async fn values(subject: &Subject, kind: &ClusterType, label: &LabelSpec, report: &mut Report) {
    let place = format!("validate-cluster, labels/{}", label.name);
    for value in right(&label.label_type) {
        if let Ended::Broken(why) = validate(subject, kind, &label.name, &value).await {
            report.fail(
                AREA,
                place.clone(),
                format!("label {}={value}: {why}", label.name),
                "what the driver does with this value",
            );
        }
    }
    let Some(wrong) = wrong(&label.label_type) else { return };
    let field = format!("labels/{}", label.name);
    let mut ended = Ended::Answered(());
    // A label may matter only beside some network driver.
    for network_driver in [None, Some("flannel"), Some("calico"), Some("cilium")] {
        if matches!(ended, Ended::Answered(())) {
            ended = validate_with(subject, kind, &label.name, wrong, network_driver).await;
        }
    }
    match ended {
        Ended::Refused(DriverError::Invalid(fields)) if fields.iter().any(|error| error.field == field) => {}
        Ended::Refused(error) => {
            let what = format!("label {}={wrong} is refused without its name: {error}", label.name);
            report.note(AREA, place, what, format!("answer invalid, with the field {field}"));
        }
        Ended::Answered(_) => {
            let what = format!("label {}={wrong} is accepted, and is no value of its type", label.name);
            report.fail(AREA, place, what, format!("answer invalid, with the field {field}: users rely on the schema"));
        }
        Ended::Broken(why) => report.fail(
            AREA,
            place,
            format!("label {}={wrong}: {why}", label.name),
            format!("answer invalid, with the field {field}"),
        ),
    }
}

fn right(kind: &LabelType) -> Vec<String> {
    match kind {
        LabelType::Boolean => vec!["true".into(), "FALSE".into()],
        LabelType::Integer { min, max } => vec![min.to_string(), max.to_string()],
        LabelType::Choice(options) => options.clone(),
        LabelType::Text => vec![String::new(), "ünïcode \u{1f5a7} \"quoted\" {{ $x }}".into()],
        _ => Vec::new(),
    }
}

fn wrong(kind: &LabelType) -> Option<&'static str> {
    match kind {
        LabelType::Integer { .. } | LabelType::Boolean | LabelType::Choice(_) | LabelType::Cidr => Some("not-a-value"),
        LabelType::Choices(options) if !options.is_empty() => Some("not-a-value"),
        _ => None,
    }
}

async fn validate(subject: &Subject, kind: &ClusterType, label: &str, value: &str) -> Ended<()> {
    validate_with(subject, kind, label, value, None).await
}

async fn validate_with(
    subject: &Subject,
    kind: &ClusterType,
    label: &str,
    value: &str,
    network_driver: Option<&str>,
) -> Ended<()> {
    let mut view: ClusterView = samples::plain(kind, 1, 1);
    view.template.network_driver = network_driver.map(str::to_owned);
    view.cluster.labels = [(label, value)].into_iter().collect();
    view.template.labels = view.cluster.labels.clone();
    let ended = subject.driver.validate_cluster(&view, subject.context(&World::default())).await;
    ended.map(drop).into()
}
