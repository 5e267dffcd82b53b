//! Flags are a list of names; the generated type has no way to say so itself.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::bindings::exports::jeroboam::coe::driver::Features;

const NAMES: [(&str, Features); 5] = [
    ("upgrade", Features::UPGRADE),
    ("resize-masters", Features::RESIZE_MASTERS),
    ("rotate-ca", Features::ROTATE_CA),
    ("node-groups", Features::NODE_GROUPS),
    ("health", Features::HEALTH),
];

impl Serialize for Features {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let has = |(_, flag): &&(&str, Self)| (*self & *flag) == *flag;
        NAMES.iter().filter(has).map(|(name, _)| *name).collect::<Vec<_>>().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Features {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut features = Self::default();
        for given in Vec::<String>::deserialize(deserializer)? {
            match NAMES.iter().find(|(name, _)| *name == given) {
                Some((_, flag)) => features |= *flag,
                None => return Err(serde::de::Error::custom(format_args!("there is no feature {given}"))),
            }
        }
        Ok(features)
    }
}
