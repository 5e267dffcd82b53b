//! Where container images come from.

use jeroboam_driver_sdk::{Error, Pair, labels};

use crate::Findings;

labels! {
    CONTAINER_INFRA_PREFIX = "container_infra_prefix": text, default "", since "0.1.0", "Registry and path, ending in /, that hold all images by their last name (kube-apiserver, node, …); empty takes each from its own registry.";
}

/// Checks the prefix, and every label that is an image's tag.
pub fn check(labels: &[Pair], findings: &mut Findings) -> Result<(), Error> {
    // A space or a quote in a tag would only show when a node cannot pull an image.
    for (name, value) in labels.iter().filter(|(name, _)| name.ends_with("_tag")) {
        if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+".contains(&byte)) {
            findings.refuse(&format!("labels/{name}"), format!("label {name} is no image tag"));
        }
    }
    let prefix = CONTAINER_INFRA_PREFIX.get(labels)?;
    if !prefix.is_empty() && !prefix.ends_with('/') {
        findings.note(Err::<(), _>(CONTAINER_INFRA_PREFIX.invalid("has to end with /")))?;
    }
    Ok(())
}
