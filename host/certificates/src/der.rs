//! The little DER that rcgen does not do for us: a certificate whose names are taken over byte by byte. rcgen keeps a name as a map, in which `O=a, O=b` (two
//! groups, to Kubernetes) would lose one.

use x509_parser::{
    asn1_rs::{Any, FromDer as _, Header},
    prelude::TbsCertificate,
};

const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;

/// A certificate's parts.
pub(crate) struct Parts<'a> {
    pub to_be_signed: &'a [u8],
    pub algorithm: &'a [u8],
}

/// Takes a certificate apart.
pub(crate) fn split(certificate: &[u8]) -> Option<Parts<'_>> {
    let (content, _) = Header::from_der(certificate).ok()?;
    let (rest, to_be_signed) = element(content)?;
    let (_, algorithm) = element(rest)?;
    Some(Parts { to_be_signed, algorithm })
}

/// The same, with other names.
pub(crate) fn with_names(to_be_signed: &[u8], issuer: &[u8], subject: &[u8]) -> Option<Vec<u8>> {
    let (content, _) = Header::from_der(to_be_signed).ok()?;
    let (_, parsed) = TbsCertificate::from_der(to_be_signed).ok()?;
    let (version_to_algorithm, rest) = split_around(content, parsed.issuer().as_raw())?;
    let (validity, key_and_extensions) = split_around(rest, parsed.subject().as_raw())?;
    Some(sequence(&[version_to_algorithm, issuer, validity, subject, key_and_extensions]))
}

/// What comes before a part of the bytes, and what after it.
fn split_around<'a>(bytes: &'a [u8], part: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = (part.as_ptr() as usize).checked_sub(bytes.as_ptr() as usize)?;
    let (before, from) = bytes.split_at_checked(at)?;
    Some((before, from.strip_prefix(part)?))
}

/// Puts a certificate together.
pub(crate) fn join(to_be_signed: &[u8], algorithm: &[u8], signature: &[u8]) -> Vec<u8> {
    // A bit string begins with the number of bits that its last byte does not use.
    let signature = value(BIT_STRING, &[&[0], signature]);
    sequence(&[to_be_signed, algorithm, &signature])
}

/// Whether the bytes are one value and nothing else.
pub(crate) fn is_one_value(bytes: &[u8]) -> bool {
    Any::from_der(bytes).is_ok_and(|(rest, _)| rest.is_empty())
}

/// The rest and the first value with its header.
fn element(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (rest, _) = Any::from_der(bytes).ok()?;
    Some((rest, bytes.get(..bytes.len() - rest.len())?))
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    value(SEQUENCE, parts)
}

fn value(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = content.len().to_be_bytes();
    let significant = length.iter().position(|byte| *byte != 0).and_then(|at| length.get(at..)).unwrap_or_default();
    let mut bytes = vec![tag];
    match significant {
        [] => bytes.push(0),
        [short] if *short < 0x80 => bytes.push(*short),
        long => {
            // At most eight.
            bytes.push(0x80 | long.len() as u8);
            bytes.extend_from_slice(long);
        }
    }
    bytes.extend_from_slice(&content);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_in_the_shortest_form() {
        assert_eq!(value(4, &[]), [4, 0]);
        assert_eq!(value(4, &[&[7; 127]])[..2], [4, 127]);
        assert_eq!(value(4, &[&[7; 128]])[..3], [4, 0x81, 128]);
        assert_eq!(value(4, &[&[7; 200], &[7; 100]])[..4], [4, 0x82, 1, 44]);
    }

    #[test]
    fn what_follows_a_value_is_noticed() {
        assert!(is_one_value(&[4, 1, 0]));
        assert!(!is_one_value(&[4, 1, 0, 0]));
        assert!(!is_one_value(&[4, 2, 0]));
        assert!(!is_one_value(&[]));
    }
}
