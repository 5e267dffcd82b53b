//! Rules that no request asks for, and others refer to.

use super::{Definition, Deprecated};

const ADMIN_OR_OWNER: Option<Deprecated> =
    Some(Deprecated { name: "rule:admin_or_owner", check: "is_admin:True or project_id:%(project_id)s" });
const ADMIN_OR_USER: Option<Deprecated> =
    Some(Deprecated { name: "rule:admin_or_user", check: "rule:context_is_admin or rule:is_user" });
const ADMIN_OR_USER_OR_CLUSTER_USER: Option<Deprecated> =
    Some(Deprecated { name: "rule:admin_or_user_or_cluster_user", check: "rule:context_is_admin or rule:user_or_cluster_user" });
const DENY_CLUSTER_USER: Option<Deprecated> =
    Some(Deprecated { name: "rule:deny_cluster_user", check: "not domain_id:%(trustee_domain_id)s" });

macro_rules! base {
    ($($name:literal, $check:literal, $deprecated:expr, $meaning:literal;)+) => {
        /// Magnum's, in its order.
        pub const BASE: &[Definition] = &[$(Definition {
            name: $name,
            check: $check,
            scopes: &[],
            deprecated: $deprecated,
            meaning: $meaning,
            requests: &[],
        }),+];
    };
}

base! {
    "context_is_admin", "role:admin", None, "An administrator: who passes is `is_admin:True`.";
    "admin_or_owner", "is_admin:True or project_id:%(project_id)s", None, "An administrator, or anybody in its project.";
    "admin_or_user", "is_admin:True or user_id:%(user_id)s", None, "An administrator, or who made it.";
    "is_user", "user_id:%(user_id)s", None, "Who made it.";
    "cluster_user", "user_id:%(trustee_user_id)s", None, "The user that the cluster's own nodes are.";
    "deny_cluster_user", "not domain_id:%(trustee_domain_id)s", None, "Anybody but clusters' own users.";
    "project_member", "role:member and project_id:%(project_id)s", None, "A member of its project.";
    "project_reader", "role:reader and project_id:%(project_id)s", None, "A reader of its project.";
    "admin_or_project_reader", "rule:context_is_admin or rule:project_reader", ADMIN_OR_OWNER,
        "An administrator, or a reader of its project.";
    "admin_or_project_member", "rule:context_is_admin or rule:project_member", ADMIN_OR_OWNER,
        "An administrator, or a member of its project.";
    "admin_or_project_member_user", "rule:context_is_admin or rule:project_member and rule:is_user", ADMIN_OR_USER,
        "An administrator, or who made it, while a member of its project.";
    "user_or_cluster_user", "rule:is_user or rule:cluster_user", None, "Who made it, or the cluster's own user.";
    "admin_or_user_or_cluster_user", "rule:context_is_admin or rule:user_or_cluster_user", None,
        "An administrator, who made it, or the cluster's own user.";
    "admin_or_project_member_cluster_user", "rule:context_is_admin or rule:project_member and rule:cluster_user", None,
        "An administrator, or the cluster's own user with a trust.";
    "admin_or_project_member_user_or_cluster_user",
        "rule:context_is_admin or rule:project_member and rule:user_or_cluster_user", ADMIN_OR_USER_OR_CLUSTER_USER,
        "An administrator; or a member of its project who made it or is the cluster's own user.";
    "project_member_deny_cluster_user", "rule:project_member and rule:deny_cluster_user", DENY_CLUSTER_USER,
        "A member of its project, unless it is a cluster's own user.";
    "admin_or_project_member_deny_cluster_user", "rule:context_is_admin or rule:project_member_deny_cluster_user",
        DENY_CLUSTER_USER, "An administrator, or a member of its project, unless it is a cluster's own user.";
    "project_reader_deny_cluster_user", "rule:project_reader and rule:deny_cluster_user", DENY_CLUSTER_USER,
        "A reader of its project, unless it is a cluster's own user.";
    "admin_or_project_reader_deny_cluster_user", "rule:context_is_admin or rule:project_reader_deny_cluster_user",
        DENY_CLUSTER_USER, "An administrator, or a reader of its project, unless it is a cluster's own user.";
    "admin_or_project_reader_user", "rule:context_is_admin or rule:project_reader and rule:is_user", ADMIN_OR_USER,
        "An administrator, or who made it, while a reader of its project.";
}
