//! jeroboam-plugins
