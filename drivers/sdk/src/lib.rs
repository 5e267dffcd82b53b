//! jeroboam-driver-sdk
