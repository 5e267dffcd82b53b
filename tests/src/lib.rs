//! jeroboam-tests
