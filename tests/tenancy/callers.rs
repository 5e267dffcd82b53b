//! Who asks.

/// A kind of caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Administrator of the cloud, in a project of its own.
    Admin,
    /// Member and reader of the project that objects of `Of::Own` are in; who made them.
    Member,
    /// Reader of that project.
    Reader,
    /// Member and reader of the project that those of `Of::Others` are in; who made them.
    Stranger,
    /// The user that the nodes of the cluster of `Of::Own` are, with a token by its trust: to services it is the member, whom the trust stands for.
    Trustee,
    /// The same user, with a token for nothing: nodes of clusters without trusts.
    Node,
    /// This service's own user: `admin` and `service` in a project for services.
    Service,
    /// Without a token.
    Nobody,
}

impl Caller {
    pub const ALL: [Self; 8] =
        [Self::Admin, Self::Member, Self::Reader, Self::Stranger, Self::Trustee, Self::Node, Self::Service, Self::Nobody];

    pub fn title(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Reader => "reader",
            Self::Stranger => "other project's member",
            Self::Trustee => "cluster's trustee",
            Self::Node => "trustee without a trust",
            Self::Service => "service token",
            Self::Nobody => "no token",
        }
    }
}

/// Whose object a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// None.
    Nothing,
    Own,
    Others,
    /// The administrator's public template.
    Public,
}

impl Of {
    pub fn title(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Own => "own",
            Self::Others => "other's",
            Self::Public => "public",
        }
    }
}
