//! Discovery: where the first members of an etcd cluster find each other, and what etcd's protocol (v2) lets them do there.
//!
//! A discovery is a small directory. Members put themselves into it, each under its id, and wait until there are as many as there are to be. Everything that ever
//! happened to it is kept, in its order: what it holds now follows from that, and so does what somebody who asks from some point on has missed.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{ClusterId, ProjectId};

/// Who knows it may use the discovery: there is no other credential in the protocol. 122 random bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DiscoveryToken(Uuid);

/// Whose a discovery is, and with what it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscoveryOwner {
    /// It goes with the cluster.
    Cluster(ClusterId),
    /// Somebody asked for it. It is as good as gone from this moment on.
    Project {
        id: ProjectId,
        #[serde(with = "time::serde::rfc3339")]
        expires_at: OffsetDateTime,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovery {
    pub token: DiscoveryToken,
    pub owner: DiscoveryOwner,
    /// How many members there are to be.
    pub size: u32,
    changes: Vec<Change>,
}

/// Something that happened to one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Change {
    member: String,
    /// What it says of itself: `name=peer-url`. Absent: it left.
    value: Option<String>,
}

/// A member as it is, or as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    pub id: &'a str,
    pub value: &'a str,
    pub created: u64,
    pub modified: u64,
}

/// A change, as one who waits for it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    pub index: u64,
    pub id: &'a str,
    pub before: Option<Member<'a>>,
    pub after: Option<Member<'a>>,
}

/// What has to be so for a member to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    None,
    Absent,
    Present,
}

/// Why nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiscoveryError {
    #[error("there is no such member")]
    Missing,
    #[error("there is such a member already")]
    Exists,
    #[error(
        "a member's id has at most {} letters, digits, dots, hyphens and underscores, and begins with none of the last",
        Discovery::ID_MAX
    )]
    Id,
    #[error("what a member says of itself has at most {} bytes", Discovery::VALUE_MAX)]
    TooLong,
    #[error("too much has happened here for members of one cluster")]
    Full,
}

impl Discovery {
    pub const ID_MAX: usize = 64;
    pub const VALUE_MAX: usize = 2048;
    /// The index of the size, which comes before all members.
    pub const FIRST_INDEX: u64 = 1;

    pub fn new(owner: DiscoveryOwner, size: u32) -> Self {
        Self { token: DiscoveryToken(Uuid::new_v4()), owner, size, changes: Vec::new() }
    }

    /// Where members find it: beside version 1 of this service's API.
    pub fn url(&self, container_infra: &str) -> String {
        let root = container_infra.trim_end_matches('/');
        format!("{}/discovery/{}", root.strip_suffix("/v1").unwrap_or(root), self.token)
    }

    pub fn is_over(&self, now: OffsetDateTime) -> bool {
        matches!(&self.owner, DiscoveryOwner::Project { expires_at, .. } if *expires_at <= now)
    }

    /// That of the latest change.
    pub fn index(&self) -> u64 {
        Self::FIRST_INDEX + self.changes.len() as u64
    }

    /// Those there are, in the order in which they came.
    pub fn members(&self) -> Vec<Member<'_>> {
        let mut members: Vec<Member<'_>> = Vec::new();
        for event in self.events() {
            members.retain(|member| member.id != event.id);
            members.extend(event.after);
        }
        members.sort_by_key(|member| member.created);
        members
    }

    pub fn member(&self, id: &str) -> Option<Member<'_>> {
        self.events().filter(|event| event.id == id).last()?.after
    }

    /// The first change at or after an index, of one member or of any.
    pub fn next(&self, id: Option<&str>, index: u64) -> Option<Event<'_>> {
        self.events().find(|event| event.index >= index && id.is_none_or(|id| event.id == id))
    }

    /// Writes a member.
    pub fn put(&mut self, id: &str, value: &str, condition: Condition) -> Result<Event<'_>, DiscoveryError> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if id.is_empty() || id.len() > Self::ID_MAX || id.starts_with('_') || !id.chars().all(fits) {
            return Err(DiscoveryError::Id);
        }
        if value.len() > Self::VALUE_MAX {
            return Err(DiscoveryError::TooLong);
        }
        match (condition, self.member(id).is_some()) {
            (Condition::Absent, true) => return Err(DiscoveryError::Exists),
            (Condition::Present, false) => return Err(DiscoveryError::Missing),
            _ => {}
        }
        self.change(id, Some(value))
    }

    /// Takes a member out.
    pub fn remove(&mut self, id: &str) -> Result<Event<'_>, DiscoveryError> {
        if self.member(id).is_none() {
            return Err(DiscoveryError::Missing);
        }
        self.change(id, None)
    }

    fn change(&mut self, member: &str, value: Option<&str>) -> Result<Event<'_>, DiscoveryError> {
        // Each may come, go and come again, and some may come who are one too many.
        let most = 4 * self.size as usize + 16;
        if self.changes.len() >= most {
            return Err(DiscoveryError::Full);
        }
        self.changes.push(Change { member: member.to_owned(), value: value.map(str::to_owned) });
        self.events().last().ok_or(DiscoveryError::Missing)
    }

    /// All that happened.
    fn events(&self) -> impl Iterator<Item = Event<'_>> {
        let indexed = self.changes.iter().zip(Self::FIRST_INDEX + 1..);
        indexed.scan(Vec::<Member<'_>>::new(), |members, (change, index)| {
            let id = change.member.as_str();
            let before = members.iter().position(|member| member.id == id).map(|place| members.swap_remove(place));
            let created = before.map_or(index, |before| before.created);
            let after = change.value.as_deref().map(|value| Member { id, value, created, modified: index });
            members.extend(after);
            Some(Event { index, id, before, after })
        })
    }
}

impl std::fmt::Display for DiscoveryToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.as_simple().fmt(f)
    }
}

impl std::str::FromStr for DiscoveryToken {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

/// It is the credential.
impl std::fmt::Debug for DiscoveryToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DiscoveryToken(***)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn discovery(size: u32) -> Discovery {
        Discovery::new(DiscoveryOwner::Cluster(ClusterId::random()), size)
    }

    #[test]
    fn members_are_listed_in_the_order_in_which_they_came() {
        let mut discovery = discovery(3);
        for id in ["b", "c", "a"] {
            discovery.put(id, "v", Condition::Absent).unwrap();
        }
        discovery.put("b", "w", Condition::Present).unwrap();
        let listed: Vec<_> = discovery.members().iter().map(|m| (m.id, m.value, m.created, m.modified)).collect();
        assert_eq!(listed, [("b", "w", 2, 5), ("c", "v", 3, 3), ("a", "v", 4, 4)]);
        assert_eq!(discovery.index(), 5);
    }

    #[test]
    fn a_member_comes_once_and_may_leave_and_come_back() {
        let mut discovery = discovery(1);
        discovery.put("a", "1", Condition::Absent).unwrap();
        assert_eq!(discovery.put("a", "2", Condition::Absent), Err(DiscoveryError::Exists));
        let event = discovery.remove("a").unwrap();
        assert_eq!((event.index, event.before.map(|m| m.value), event.after), (3, Some("1"), None));
        assert_eq!(discovery.remove("a"), Err(DiscoveryError::Missing));
        assert_eq!(discovery.put("a", "3", Condition::Present), Err(DiscoveryError::Missing));
        assert_eq!(discovery.put("a", "3", Condition::Absent).unwrap().after.unwrap().created, 4);
    }

    #[test]
    fn whoever_asks_from_a_point_on_gets_what_was_missed() {
        let mut discovery = discovery(2);
        discovery.put("a", "1", Condition::None).unwrap();
        discovery.put("b", "2", Condition::None).unwrap();
        assert_eq!(discovery.next(None, 0).map(|e| e.id), Some("a"));
        assert_eq!(discovery.next(None, 3).map(|e| e.id), Some("b"));
        assert_eq!(discovery.next(Some("a"), 3), None);
        assert_eq!(discovery.next(None, 4), None);
    }

    #[test]
    fn what_is_no_id_or_too_much_is_refused() {
        let mut discovery = discovery(1);
        for id in ["", "_config", "a/b", "ä", &"a".repeat(65)] {
            assert_eq!(discovery.put(id, "", Condition::None), Err(DiscoveryError::Id), "{id}");
        }
        assert_eq!(discovery.put("a", &"v".repeat(2049), Condition::None), Err(DiscoveryError::TooLong));
        let full = (0..100).find_map(|n| discovery.put("a", &n.to_string(), Condition::None).err());
        assert_eq!((full, discovery.index()), (Some(DiscoveryError::Full), 21));
    }

    #[test]
    fn it_is_found_beside_the_api() {
        let discovery = discovery(1);
        for (base, root) in
            [("http://c:9511/v1", "http://c:9511"), ("https://c/container-infra/v1/", "https://c/container-infra")]
        {
            assert_eq!(discovery.url(base), format!("{root}/discovery/{}", discovery.token));
        }
        assert_eq!(discovery.token.to_string().parse(), Ok(discovery.token));
        assert!(!format!("{discovery:?}").contains(&discovery.token.to_string()));
    }

    proptest! {
        #[test]
        fn what_there_is_follows_from_what_happened(steps in prop::collection::vec(("[abc]", any::<bool>()), 0..20)) {
            let mut discovery = discovery(8);
            let mut expected = std::collections::BTreeMap::new();
            for (id, put) in steps {
                if put {
                    discovery.put(&id, &id, Condition::None).unwrap();
                    expected.insert(id, ());
                } else {
                    prop_assert_eq!(discovery.remove(&id).is_ok(), expected.remove(&id).is_some());
                }
            }
            let mut ids: Vec<_> = discovery.members().iter().map(|member| member.id.to_owned()).collect();
            ids.sort();
            prop_assert_eq!(ids, expected.into_keys().collect::<Vec<_>>());
        }
    }
}
