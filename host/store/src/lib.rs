//! jeroboam-store
