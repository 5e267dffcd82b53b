//! What drivers of the directory may use, by the names of their files.

use jeroboam_plugins::{Grant, Grants};

use super::wrong;
use crate::config::{ConfigError, options as o};

/// On top of what every driver of the directory may use.
pub fn read(entries: &[String]) -> Result<Grants, ConfigError> {
    let mut grants = Grants::default();
    for entry in entries {
        let (file, names) = entry.split_once(':').ok_or_else(|| wrong(&o::DRIVER_GRANTS, "expected FILE: INTERFACE …"))?;
        let file = file.trim();
        let file = file.strip_suffix(".wasm").unwrap_or(file).to_owned();
        let reads = &grants.directory;
        let granted = grants.by_file.entry(file).or_insert_with(|| reads.clone());
        for name in names.split_whitespace() {
            match Grant::parse(name) {
                Some(grant) => granted.extend([grant]),
                None if name == "all" => granted.extend(Grant::all()),
                None => {
                    let known: Vec<_> = Grant::all().map(Grant::as_str).collect();
                    return Err(wrong(&o::DRIVER_GRANTS, &format!("there is no {name}; expected all, {}", known.join(", "))));
                }
            }
        }
    }
    Ok(grants)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeroboam_plugins::Interface;

    fn of(entries: &[&str]) -> Result<Grants, String> {
        let entries: Vec<String> = entries.iter().map(|entry| (*entry).to_owned()).collect();
        read(&entries).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_is_granted_more_on_top_of_the_reads() {
        let grants = of(&["site.wasm: load-balancers coe-api", "other: all"]).unwrap();
        let site = &grants.by_file["site"];
        assert!(
            site.contains(&Grant::Interface(Interface::LoadBalancers)) && site.contains(&Grant::Interface(Interface::Lookup))
        );
        assert!(!site.contains(&Grant::Interface(Interface::Volumes)) && !site.contains(&Grant::CaKey));
        assert!(grants.by_file["other"].contains(&Grant::CaKey));
        assert_eq!(grants.directory, Grants::default().directory);
    }

    #[test]
    fn a_wrong_name_is_answered_with_the_right_ones() {
        let error = of(&["site: loadbalancers"]).unwrap_err();
        assert!(error.contains("loadbalancers") && error.contains("load-balancers"), "{error}");
        assert!(of(&["site"]).unwrap_err().contains("FILE: INTERFACE"));
    }
}
