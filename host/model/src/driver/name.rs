//! Names that no driver may have.

/// The words that the operator API has in its own paths, `/v1/drivers/versions/…` and `/v1/drivers/NAME/plans`: a driver that was called so would be hidden by
/// them, or would be taken for them in a link. A test of the API compares this with its routes.
pub const RESERVED: &[&str] = &["actions", "audit", "openapi", "plans", "recording", "records", "versions"];

/// Whether the operator API needs the name for itself.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}
