//! What to change, read from what a service said. Services have no codes for these, only words.

use jeroboam_model::{CauseKind, Fault};

/// A kind of failure that is recognised by its words.
struct Sign {
    /// Any of these, in lower case.
    words: &'static [&'static str],
    kind: CauseKind,
    fault: Fault,
    advice: &'static str,
}

/// The first that fits counts.
const SIGNS: [Sign; 8] = [
    Sign {
        words: &["quota", "overlimit", "limit exceeded", "maximum number of"],
        kind: CauseKind::Quota,
        fault: Fault::User,
        advice: "Free what the project no longer needs, ask for a larger quota, or make the cluster smaller; then delete this cluster or try again.",
    },
    Sign {
        words: &["no valid host", "not enough hosts", "no weighed backends"],
        kind: CauseKind::Capacity,
        fault: Fault::Cloud,
        advice: "No host has room for the server: choose another flavor, availability zone or affinity policy, or ask the operator for capacity.",
    },
    Sign {
        words: &["image", "glance"],
        kind: CauseKind::Image,
        fault: Fault::User,
        advice: "Check that the image of the template exists, is active, fits the flavor's disk and may be used by this project.",
    },
    Sign {
        words: &["flavor"],
        kind: CauseKind::Flavor,
        fault: Fault::User,
        advice: "Check that the flavors of the cluster exist and may be used by this project.",
    },
    Sign {
        words: &["keypair", "key pair", "key_name"],
        kind: CauseKind::Keypair,
        fault: Fault::User,
        advice: "Keypairs belong to users: check that the keypair exists and is yours.",
    },
    Sign {
        words: &[
            "unauthorized",
            "authentication required",
            "could not find trust",
            "forbidden",
            "not authorized",
            "http 401",
            "http 403",
        ],
        kind: CauseKind::Credential,
        fault: Fault::User,
        advice: "A credential was refused: check that the cluster's owner still exists, is enabled, and has the roles that the cluster was made with.",
    },
    Sign {
        words: &["timed out", "timeout", "time out"],
        kind: CauseKind::Timeout,
        fault: Fault::Cloud,
        advice: "Nodes did not report in time: check that they reach Keystone, this service, Heat and the image registries by the names in the service catalogue, \
                 and look at a node's console log; a larger create_timeout helps slow clouds.",
    },
    Sign {
        words: &["in use", "still attached", "has ports"],
        kind: CauseKind::InUse,
        fault: Fault::Cloud,
        advice: "Something that does not belong to the stack still uses one of its networks: find and delete load balancers, ports or servers there, then delete again.",
    },
];

/// What it is, who has to change something, and what; nothing for words that tell nothing.
pub(super) fn read(reason: &str) -> Option<(CauseKind, Fault, &'static str)> {
    let reason = reason.to_lowercase();
    let sign = SIGNS.iter().find(|sign| sign.words.iter().any(|word| reason.contains(word)))?;
    Some((sign.kind, sign.fault, sign.advice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quota_wins_over_what_the_quota_is_of() {
        let (kind, fault, advice) = read("ResourceInError: Quota exceeded for instances of flavor m1.small").unwrap();
        assert_eq!((kind, fault), (CauseKind::Quota, Fault::User));
        assert!(advice.contains("quota"));
    }

    #[test]
    fn known_failures_come_with_advice() {
        for (reason, part) in [
            ("Went to status ERROR due to \"No valid host was found.\"", "capacity"),
            ("WaitConditionTimeout: 0 of 3 received, timed out", "console log"),
            ("Image 'fcos' could not be found", "image"),
            ("Unable to complete operation on subnet. One or more ports have an IP allocation: still attached", "load balancers"),
        ] {
            assert!(read(reason).unwrap().2.contains(part), "{reason}");
        }
        assert_eq!(read("It did not work"), None);
    }
}
