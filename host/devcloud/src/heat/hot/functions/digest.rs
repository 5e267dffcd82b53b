//! `digest`.

use md5::Md5;
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::invalid;
use crate::heat::error::Result;

pub fn digest(algorithm: &Value, text: &Value) -> Result<Value> {
    let (Value::String(algorithm), Value::String(text)) = (algorithm, text) else {
        return Err(invalid("Argument to function \"digest\" must be a list of strings"));
    };
    let bytes = text.as_bytes();
    let digest = match algorithm.to_lowercase().as_str() {
        "md5" => hex(&Md5::digest(bytes)),
        "sha1" => hex(&Sha1::digest(bytes)),
        "sha224" => hex(&Sha224::digest(bytes)),
        "sha256" => hex(&Sha256::digest(bytes)),
        "sha384" => hex(&Sha384::digest(bytes)),
        "sha512" => hex(&Sha512::digest(bytes)),
        _ => return Err(invalid("Algorithm must be one of md5, sha1, sha224, sha256, sha384, sha512")),
    };
    Ok(Value::String(digest))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
