//! jeroboam-api
