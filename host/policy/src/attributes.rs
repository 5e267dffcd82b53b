//! What is known of a caller, and of what it asks about.
//!
//! Rules name attributes; when a rule is compiled the names become closed keys. A name that no request has is kept, noticed at load, and never equal to anything.

use std::borrow::Cow;

/// What an attribute is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    Text(Cow<'a, str>),
    /// There is such an attribute, and it is empty: only `None` is equal to it.
    Null,
    /// There is no such attribute.
    Missing,
}

impl<'a> Value<'a> {
    pub const fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    pub fn or_null(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    /// As Python prints it.
    pub const fn flag(flag: bool) -> Self {
        Self::text(if flag { "True" } else { "False" })
    }
}

macro_rules! keys {
    ($(#[$doc:meta])* $name:ident: $($key:ident = $first:literal $(| $other:literal)*, $meaning:literal;)+) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $(#[doc = $meaning] $key,)+
            /// None of those, by its name.
            Other(Box<str>),
        }

        impl $name {
            /// What there is, with its meaning.
            pub const KNOWN: &'static [(&'static str, &'static str)] = &[$(($first, $meaning)),+];

            pub fn of(name: &str) -> Self {
                match name {
                    $($first $(| $other)* => Self::$key,)+
                    _ => Self::Other(name.into()),
                }
            }

            pub fn name(&self) -> &str {
                match self {
                    $(Self::$key => $first,)+
                    Self::Other(name) => name,
                }
            }
        }
    };
}

keys! {
    /// An attribute of the caller, on the left of a comparison.
    Credential:
    UserId = "user_id" | "user", "the user";
    UserName = "user_name", "the user's name";
    UserDomainId = "user_domain_id", "the domain that the user is in";
    ProjectId = "project_id" | "tenant_id" | "tenant", "the project of the token";
    DomainId = "domain_id", "the domain of a token for a domain; else that of the user";
    SystemScope = "system_scope" | "system", "`all` for a token for the system";
    IsAdmin = "is_admin", "`True` for who passes the rule context_is_admin";
    Roles = "roles", "each of the token's roles";
}

keys! {
    /// An attribute of what is asked about, in `%(…)s`.
    TargetKey:
    ProjectId = "project_id" | "target.project_id" | "tenant_id", "the project that it is in; of what is not there yet, the caller's";
    UserId = "user_id" | "target.user_id", "the user who made it; of what is not there yet, the caller";
    TrusteeUserId = "trustee_user_id", "the user that the cluster's own nodes are";
    TrusteeDomainId = "trustee_domain_id", "the domain of clusters' own users";
    TrustId = "trust_id", "the trust that the cluster's nodes act by";
    Uuid = "uuid", "the uuid of the cluster or the template";
    Name = "name", "its name";
    ClusterTemplateId = "cluster_template_id", "the uuid of the cluster's template";
    StackId = "stack_id", "the cluster's stack";
    Coe = "coe", "the template's engine";
    Public = "public", "`True` for a template that is public";
    Hidden = "hidden", "`True` for a template that is hidden";
}

/// Whoever asks.
pub trait Credentials {
    /// One of them but [`Credential::Roles`] and [`Credential::IsAdmin`].
    fn get(&self, key: &Credential) -> Value<'_>;

    fn roles(&self) -> &[String];
}

/// What is asked about.
pub trait Target {
    fn get(&self, key: &TargetKey) -> Value<'_>;
}

/// Nothing: a rule that looks at the caller alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Target for Nothing {
    fn get(&self, _: &TargetKey) -> Value<'_> {
        Value::Missing
    }
}
