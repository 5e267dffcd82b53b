//! jeroboam-driver-kubernetes
