//! What drivers may be called, and what files may hold them.

use jeroboam_model::driver::Origin;

/// Of a driver's name, in bytes.
const LONGEST: usize = 64;

/// Whether it can be a driver's name: part of file names, of sections of the configuration, and of paths of the API.
pub(crate) fn is_name(name: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
    name.len() <= LONGEST && name.chars().all(fits) && name.starts_with(|first: char| first.is_ascii_alphanumeric())
}

/// Whether a component that came under the name may call itself so: exactly so if an operator has named it; a file may say more, after a `-` or an `@`.
pub(crate) fn may_be_called(origin: &Origin, came_as: &str, calls_itself: &str) -> bool {
    match origin {
        Origin::Installed => came_as == calls_itself,
        Origin::Bundled | Origin::Directory(_) => {
            came_as.strip_prefix(calls_itself).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '@']))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_say_more_than_the_name_of_its_driver() {
        let file = Origin::Directory("x.wasm".to_owned());
        for came_as in ["kubernetes", "kubernetes-2", "kubernetes@0.2.0"] {
            assert!(may_be_called(&file, came_as, "kubernetes"), "{came_as}");
        }
        assert!(!may_be_called(&file, "kubernetes2", "kubernetes"));
        assert!(!may_be_called(&file, "mesos", "kubernetes"));
        assert!(!may_be_called(&Origin::Installed, "kubernetes-2", "kubernetes"));
    }

    #[test]
    fn names_are_safe_in_paths_and_sections() {
        for name in ["kubernetes", "swarm-mode", "k8s_2.0"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "-a", ".a", "a/b", "a b", "é", &"a".repeat(65)] {
            assert!(!is_name(name), "{name}");
        }
    }
}
