//! Labels: a table says which there are, and the table is the only way to read one.
//!
//! [`labels!`](crate::labels!) turns each line into a constant to read the label with, and all of them into `label_specs()`
//! for `describe`. So a label that a driver reads is in its schema, and its documentation is what the host prints.

use crate::{Error, Ipv4Cidr, LabelSpec, LabelType, Pair, invalid};

/// What a label's value may be, and what it is read as.
pub trait Kind {
    type Value<'a>;

    fn label_type(&self) -> LabelType;

    /// Reads a value; else a sentence's end: "has to be …".
    fn parse<'a>(&self, text: &'a str) -> Result<Self::Value<'a>, String>;
}

/// Any text.
pub struct Text;
/// A whole number, both ends allowed.
pub struct Integer(pub i64, pub i64);
/// `true` or `false`, in any case.
pub struct Boolean;
/// One of these.
pub struct Choice(pub &'static [&'static str]);
/// Comma-separated, each one of these; none: anything.
pub struct Choices(pub &'static [&'static str]);
/// An IPv4 network.
pub struct Cidr;

/// A label without a default.
pub struct Label<K> {
    pub name: &'static str,
    pub kind: K,
    pub default: Option<&'static str>,
    pub meaning: &'static str,
    pub since: &'static str,
    pub per_group: bool,
}

/// A label with a default.
pub struct DefaultedLabel<K>(pub Label<K>);

impl<K: Kind> Label<K> {
    /// The value that was given, else the default, else nothing. The error is `invalid` and names the label.
    pub fn find<'a>(&self, labels: &'a [Pair]) -> Result<Option<K::Value<'a>>, Error> {
        let given = labels.iter().find(|(name, _)| name == self.name).map(|(_, value)| value.as_str());
        given.or(self.default).map(|text| self.kind.parse(text)).transpose().map_err(|rule| self.invalid(&rule))
    }

    /// Whether the user gave a value.
    pub fn is_given(&self, labels: &[Pair]) -> bool {
        labels.iter().any(|(name, _)| name == self.name)
    }

    /// An error about this label. `rule` goes on after its name: "has to be …".
    pub fn invalid(&self, rule: &str) -> Error {
        invalid(format!("labels/{}", self.name), format!("label {} {rule}", self.name))
    }

    /// The label's line of the schema.
    pub fn spec(&self) -> LabelSpec {
        LabelSpec {
            name: self.name.to_owned(),
            label_type: self.kind.label_type(),
            default: self.default.map(str::to_owned),
            meaning: self.meaning.to_owned(),
            since: self.since.to_owned(),
            per_group: self.per_group,
            extras: Vec::new(),
        }
    }
}

impl<K: Kind> DefaultedLabel<K> {
    /// The value that was given, else the default.
    pub fn get<'a>(&self, labels: &'a [Pair]) -> Result<K::Value<'a>, Error> {
        self.0.find(labels)?.ok_or_else(|| self.0.invalid("has no value"))
    }

    /// Whether the user gave a value.
    pub fn is_given(&self, labels: &[Pair]) -> bool {
        self.0.is_given(labels)
    }

    /// An error about this label. `rule` goes on after its name: "has to be …".
    pub fn invalid(&self, rule: &str) -> Error {
        self.0.invalid(rule)
    }

    /// The label's line of the schema.
    pub fn spec(&self) -> LabelSpec {
        self.0.spec()
    }
}

impl Kind for Text {
    type Value<'a> = &'a str;

    fn label_type(&self) -> LabelType {
        LabelType::Text
    }

    fn parse<'a>(&self, text: &'a str) -> Result<&'a str, String> {
        Ok(text)
    }
}

impl Kind for Integer {
    type Value<'a> = i64;

    fn label_type(&self) -> LabelType {
        LabelType::Integer((self.0, self.1))
    }

    fn parse(&self, text: &str) -> Result<i64, String> {
        let number = text.trim().parse().ok().filter(|number| (self.0..=self.1).contains(number));
        number.ok_or_else(|| format!("has to be a whole number from {} to {}", self.0, self.1))
    }
}

impl Kind for Boolean {
    type Value<'a> = bool;

    fn label_type(&self) -> LabelType {
        LabelType::Boolean
    }

    fn parse(&self, text: &str) -> Result<bool, String> {
        match text.trim() {
            text if text.eq_ignore_ascii_case("true") => Ok(true),
            text if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err("has to be true or false".to_owned()),
        }
    }
}

impl Kind for Choice {
    type Value<'a> = &'a str;

    fn label_type(&self) -> LabelType {
        LabelType::Choice(owned(self.0))
    }

    fn parse<'a>(&self, text: &'a str) -> Result<&'a str, String> {
        if self.0.contains(&text) { Ok(text) } else { Err(format!("has to be one of: {}", self.0.join(", "))) }
    }
}

impl Kind for Choices {
    type Value<'a> = Vec<&'a str>;

    fn label_type(&self) -> LabelType {
        LabelType::Choices(owned(self.0))
    }

    fn parse<'a>(&self, text: &'a str) -> Result<Vec<&'a str>, String> {
        let items: Vec<&str> = text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
        if self.0.is_empty() || items.iter().all(|item| self.0.contains(item)) {
            Ok(items)
        } else {
            Err(format!("has to be a comma-separated list of: {}", self.0.join(", ")))
        }
    }
}

impl Kind for Cidr {
    type Value<'a> = Ipv4Cidr;

    fn label_type(&self) -> LabelType {
        LabelType::Cidr
    }

    fn parse(&self, text: &str) -> Result<Ipv4Cidr, String> {
        text.trim().parse().map_err(|error: crate::cidr::CidrError| error.to_string())
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// The table of the labels that a driver reads; once in a module. Each line: the constant, the label's name, its type, its
/// default if there is one, the driver version that first read it, what it does (for users, with units), and `per_group` if a
/// node group may set it for itself.
///
/// ```
/// use jeroboam_driver_sdk::labels;
/// labels! {
///     ETCD_VOLUME_SIZE = "etcd_volume_size": integer(0, 1024), default "0", since "0.1.0", "GB of etcd's own volume; 0: none.";
///     AVAILABILITY_ZONE = "availability_zone": text, since "0.1.0", "Where servers are made.", per_group;
///     DRIVER = "cgroup_driver": choice("systemd", "cgroupfs"), default "systemd", since "0.1.0", "kubelet's cgroup driver.";
/// }
/// # fn main() {
/// let given = [("etcd_volume_size".to_owned(), "20".to_owned())];
/// assert_eq!(ETCD_VOLUME_SIZE.get(&given), Ok(20));
/// assert_eq!(AVAILABILITY_ZONE.find(&given), Ok(None));
/// assert_eq!(label_specs().len(), 3);
/// # }
/// ```
///
/// Types: `text` (`&str`), `integer(min, max)` (`i64`), `boolean` (`bool`), `choice("a", "b")` (`&str`), `choices("a", "b")`
/// (`Vec<&str>`), `cidr` ([`Ipv4Cidr`]). With a default the constant is a [`DefaultedLabel`], without a [`Label`].
#[macro_export]
macro_rules! labels {
    ($($name:ident = $label:literal: $kind:ident $(($($arg:expr),* $(,)?))? $(, default $default:expr)?, since $since:literal, $meaning:literal $(, $per_group:ident)?;)+) => {
        $(
            #[doc = $meaning]
            pub const $name: $crate::labels!(@type $kind $(, $default)?) =
                $crate::labels!(@value $kind $(($($arg),*))?, $label, $since, $meaning, ($($per_group)?) $(, $default)?);
        )+

        /// The schema: every label in the table.
        pub fn label_specs() -> ::std::vec::Vec<$crate::LabelSpec> {
            ::std::vec![$($name.spec()),+]
        }
    };

    (@type $kind:ident) => { $crate::labels::Label<$crate::labels!(@kind $kind)> };
    (@type $kind:ident, $default:expr) => { $crate::labels::DefaultedLabel<$crate::labels!(@kind $kind)> };

    (@value $kind:ident $(($($arg:expr),*))?, $label:literal, $since:literal, $meaning:literal, ($($per_group:ident)?)) => {
        $crate::labels::Label {
            name: $label, kind: $crate::labels!(@make $kind $(($($arg),*))?), default: ::std::option::Option::None,
            meaning: $meaning, since: $since, per_group: $crate::labels!(@per_group $($per_group)?),
        }
    };
    (@value $kind:ident $(($($arg:expr),*))?, $label:literal, $since:literal, $meaning:literal, ($($per_group:ident)?), $default:expr) => {
        $crate::labels::DefaultedLabel($crate::labels::Label {
            name: $label, kind: $crate::labels!(@make $kind $(($($arg),*))?), default: ::std::option::Option::Some($default),
            meaning: $meaning, since: $since, per_group: $crate::labels!(@per_group $($per_group)?),
        })
    };

    (@kind text) => { $crate::labels::Text };
    (@kind integer) => { $crate::labels::Integer };
    (@kind boolean) => { $crate::labels::Boolean };
    (@kind choice) => { $crate::labels::Choice };
    (@kind choices) => { $crate::labels::Choices };
    (@kind cidr) => { $crate::labels::Cidr };

    (@make text) => { $crate::labels::Text };
    (@make integer($min:expr, $max:expr)) => { $crate::labels::Integer($min, $max) };
    (@make boolean) => { $crate::labels::Boolean };
    (@make choice($($option:expr),+)) => { $crate::labels::Choice(&[$($option),+]) };
    (@make choices($($option:expr),*)) => { $crate::labels::Choices(&[$($option),*]) };
    (@make choices) => { $crate::labels::Choices(&[]) };
    (@make cidr) => { $crate::labels::Cidr };

    (@per_group) => { false };
    (@per_group per_group) => { true };
}
