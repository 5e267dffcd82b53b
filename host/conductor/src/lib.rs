//! jeroboam-conductor
