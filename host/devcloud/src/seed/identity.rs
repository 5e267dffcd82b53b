//! Domains, projects, users, roles and the catalogue.

use crate::{
    credentials::PASSWORD,
    keystone::{
        Keystone,
        catalog::{HERE, REGION},
        model::{DEFAULT_DOMAIN, Domain, Project, Region, Role, Target, User},
        new_id,
        secret::Sealed,
        stack_users,
    },
};

const ROLES: [&str; 10] = [
    "admin",
    "manager",
    "member",
    "reader",
    "service",
    "heat_stack_owner",
    stack_users::ROLE,
    "creator",
    "load-balancer_member",
    "load-balancer_admin",
];

/// Name and description; the users of the last two are those of stacks and clusters.
const DOMAINS: [(&str, &str); 3] =
    [("Default", "The default domain"), (stack_users::DOMAIN, "Users of stacks"), ("magnum", "Trustees of clusters")];

const PROJECTS: [&str; 4] = ["admin", "demo", "service", "alt_demo"];

/// User, project, roles: all in the default domain.
const USERS: [(&str, &str, &[&str]); 12] = [
    ("admin", "admin", &["admin", "heat_stack_owner", "load-balancer_admin"]),
    ("demo", "demo", &["member", "reader", "heat_stack_owner", "creator", "load-balancer_member"]),
    ("demo_reader", "demo", &["reader"]),
    ("alt_demo", "alt_demo", &["member", "reader", "heat_stack_owner", "creator", "load-balancer_member"]),
    ("magnum", "service", &["admin", "service"]),
    ("glance", "service", &["admin", "service"]),
    ("nova", "service", &["admin", "service"]),
    ("neutron", "service", &["admin", "service"]),
    ("cinder", "service", &["admin", "service"]),
    ("heat", "service", &["admin", "service"]),
    ("octavia", "service", &["admin", "service"]),
    ("barbican", "service", &["admin", "service"]),
];

/// Administrators of a domain: user and domain.
const DOMAIN_ADMINS: [(&str, &str); 2] = [("trustee_domain_admin", "magnum"), ("heat_domain_admin", stack_users::DOMAIN)];

/// Type, name and path of each service.
const SERVICES: [(&str, &str, &str); 9] = [
    ("identity", "keystone", "/identity"),
    ("image", "glance", "/image"),
    ("compute", "nova", "/compute/v2.1"),
    ("network", "neutron", "/network"),
    ("block-storage", "cinder", "/volume/v3/$(project_id)s"),
    ("volumev3", "cinderv3", "/volume/v3/$(project_id)s"),
    ("load-balancer", "octavia", "/load-balancer"),
    ("key-manager", "barbican", "/key-manager"),
    ("orchestration", "heat", "/orchestration/v1/$(project_id)s"),
];

pub fn seed(keystone: &mut Keystone) {
    keystone.regions.insert(REGION.to_owned(), Region { id: REGION.to_owned(), description: String::new() });
    for name in ROLES {
        let role = Role { id: new_id(), name: name.to_owned() };
        keystone.roles.insert(role.id.clone(), role);
    }
    for (name, description) in DOMAINS {
        let id = if name == "Default" { DEFAULT_DOMAIN.to_owned() } else { new_id() };
        let domain = Domain { id: id.clone(), name: name.to_owned(), description: description.to_owned(), enabled: true };
        keystone.domains.insert(id, domain);
    }
    for name in PROJECTS {
        let project = Project {
            id: new_id(),
            name: name.to_owned(),
            domain_id: DEFAULT_DOMAIN.to_owned(),
            description: String::new(),
            enabled: true,
            tags: Vec::new(),
        };
        keystone.projects.insert(project.id.clone(), project);
    }
    for (name, project, roles) in USERS {
        let id = user(keystone, name, DEFAULT_DOMAIN);
        grant(keystone, &id, project, roles);
        if name == "admin" {
            grant(keystone, &id, "demo", &["admin"]);
        }
    }
    for (name, domain) in DOMAIN_ADMINS {
        let Some(domain) = keystone.domain_named(domain).map(|domain| domain.id.clone()) else { continue };
        let id = user(keystone, name, &domain);
        if let Some(role) = keystone.role_named("admin").map(|role| role.id.clone()) {
            keystone.grant(&id, &role, Target::Domain(domain));
        }
    }
    for (kind, name, path) in SERVICES {
        keystone.add_service(kind, name, &format!("{HERE}{path}"));
    }
}

fn user(keystone: &mut Keystone, name: &str, domain: &str) -> String {
    let user = User {
        id: new_id(),
        name: name.to_owned(),
        domain_id: domain.to_owned(),
        description: None,
        email: None,
        default_project_id: None,
        enabled: true,
        password: Some(Sealed::new(PASSWORD)),
        generation: 0,
        seeded: true,
    };
    let id = user.id.clone();
    keystone.users.insert(id.clone(), user);
    id
}

fn grant(keystone: &mut Keystone, user: &str, project: &str, roles: &[&str]) {
    let Some(project) = keystone.project_named(DEFAULT_DOMAIN, project).map(|project| project.id.clone()) else { return };
    for role in roles {
        if let Some(role) = keystone.role_named(role).map(|role| role.id.clone()) {
            keystone.grant(user, &role, Target::Project(project.clone()));
        }
    }
}
