//! jeroboam-daemon
