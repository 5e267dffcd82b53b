//! jeroboam-certificates
