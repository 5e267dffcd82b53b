//! Records as bytes: JSON in an envelope that names the version of the shape, `{"v":1,"d":{…}}`.

use serde::{Deserialize, Serialize};

use crate::{Record, key::describe_record};

/// A record cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    #[error(
        "{table} {key} was written by a later version of this service (shape {found}, this one knows up to {known}); upgrade this one"
    )]
    Newer { table: &'static str, key: String, found: u32, known: u32 },
    #[error("{table} {key} has the old shape {found}, which this version no longer reads; run the versions in between first")]
    TooOld { table: &'static str, key: String, found: u32 },
    #[error("{table} {key} is damaged; restore the store from an export")]
    Damaged { table: &'static str, key: String, source: serde_json::Error },
}

#[derive(Serialize)]
struct EnvelopeRef<'a, T> {
    v: u32,
    d: &'a T,
}

#[derive(Deserialize)]
struct Envelope<T> {
    v: u32,
    d: T,
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

pub(crate) fn encode<T: Record>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(&EnvelopeRef { v: T::VERSION, d: value })
}

pub(crate) fn decode<T: Record>(key: &[u8], bytes: &[u8]) -> Result<T, DecodeError> {
    match serde_json::from_slice::<Envelope<T>>(bytes) {
        Ok(envelope) if envelope.v == T::VERSION => Ok(envelope.d),
        Ok(envelope) => decode_other(key, bytes, envelope.v),
        // The shape may be wrong because it is another version's.
        Err(source) => match serde_json::from_slice::<Version>(bytes) {
            Ok(Version { v }) if v != T::VERSION => decode_other(key, bytes, v),
            _ => Err(damaged::<T>(key, source)),
        },
    }
}

fn decode_other<T: Record>(key: &[u8], bytes: &[u8], found: u32) -> Result<T, DecodeError> {
    let describe = || describe_record(T::TABLE, key);
    if found > T::VERSION {
        return Err(DecodeError::Newer { table: T::TABLE, key: describe(), found, known: T::VERSION });
    }
    let envelope: Envelope<serde_json::Value> = serde_json::from_slice(bytes).map_err(|source| damaged::<T>(key, source))?;
    let migrated =
        T::migrate(found, envelope.d).ok_or_else(|| DecodeError::TooOld { table: T::TABLE, key: describe(), found })?;
    serde_json::from_value(migrated).map_err(|source| damaged::<T>(key, source))
}

fn damaged<T: Record>(key: &[u8], source: serde_json::Error) -> DecodeError {
    DecodeError::Damaged { table: T::TABLE, key: describe_record(T::TABLE, key), source }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::KeyBuf;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Barrel {
        litres: u32,
    }

    impl Record for Barrel {
        const TABLE: &'static str = "barrels";
        const VERSION: u32 = 3;
        type Key = String;

        fn key(&self) -> String {
            "oak".to_owned()
        }

        fn migrate(from: u32, mut value: Value) -> Option<Value> {
            (from == 2).then(|| {
                let hectolitres = value["hectolitres"].take().as_u64().unwrap_or_default();
                json!({ "litres": hectolitres * 100 })
            })
        }
    }

    fn read(json: Value) -> Result<Barrel, DecodeError> {
        decode(KeyBuf::table("barrels").text("oak").as_bytes(), json.to_string().as_bytes())
    }

    #[test]
    fn a_record_is_read_back_as_it_was_written() {
        let bytes = encode(&Barrel { litres: 225 }).unwrap();
        assert_eq!(bytes, br#"{"v":3,"d":{"litres":225}}"#);
        assert_eq!(decode::<Barrel>(b"", &bytes).unwrap(), Barrel { litres: 225 });
    }

    #[test]
    fn a_record_of_an_older_shape_is_migrated() {
        assert_eq!(read(json!({"v": 2, "d": {"hectolitres": 3}})).unwrap(), Barrel { litres: 300 });
    }

    #[test]
    fn a_record_of_a_later_version_is_refused_by_name_even_if_it_would_fit() {
        for d in [json!({"litres": 1}), json!(["what is this"])] {
            let error = read(json!({"v": 4, "d": d})).unwrap_err();
            assert!(
                matches!(&error, DecodeError::Newer { table: "barrels", key, found: 4, known: 3 } if key == "oak"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_shape_that_nobody_migrates_and_bytes_that_are_no_record_are_told_apart() {
        assert!(matches!(read(json!({"v": 1, "d": {}})), Err(DecodeError::TooOld { found: 1, .. })));
        assert!(matches!(read(json!({"v": 3, "d": {}})), Err(DecodeError::Damaged { .. })));
        assert!(matches!(decode::<Barrel>(b"", b"\xff"), Err(DecodeError::Damaged { .. })));
    }
}
