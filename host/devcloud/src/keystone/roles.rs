//! Role assignments and the roles that they imply.

use super::{
    Keystone,
    model::{Assignment, Role, Target},
};

/// Each role implies the one after it.
const IMPLIED: [&str; 4] = ["admin", "manager", "member", "reader"];

impl Keystone {
    /// The roles that a user holds on a target, implied ones included.
    pub fn effective_roles(&self, user_id: &str, target: &Target) -> Vec<Role> {
        let held = self.assignments.iter().filter(|held| held.user_id == user_id && held.target == *target);
        self.implied(held.map(|held| held.role_id.as_str()))
    }

    /// These roles and those that they imply, by name.
    pub fn implied<'a>(&self, role_ids: impl Iterator<Item = &'a str>) -> Vec<Role> {
        let mut roles: Vec<Role> = Vec::new();
        for role in role_ids.filter_map(|id| self.roles.get(id)) {
            let chain = IMPLIED.iter().skip_while(|name| **name != role.name).skip(1);
            let implied = chain.filter_map(|name| self.role_named(name));
            for role in std::iter::once(role).chain(implied) {
                if !roles.contains(role) {
                    roles.push(role.clone());
                }
            }
        }
        roles.sort_by(|one, other| one.name.cmp(&other.name));
        roles
    }

    pub fn grant(&mut self, user_id: &str, role_id: &str, target: Target) {
        let assignment = Assignment { user_id: user_id.to_owned(), role_id: role_id.to_owned(), target };
        if !self.assignments.contains(&assignment) {
            self.assignments.push(assignment);
        }
    }

    /// Says whether the role was held.
    pub fn revoke(&mut self, user_id: &str, role_id: &str, target: &Target) -> bool {
        let before = self.assignments.len();
        self.assignments.retain(|held| held.user_id != user_id || held.role_id != role_id || held.target != *target);
        self.assignments.len() < before
    }
}
