//! Secrets at rest.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

use std::fs;

use jeroboam_model::{Sealed, Secret};
use jeroboam_store::{Vault, VaultError};
use proptest::prelude::*;

fn secret() -> Secret {
    Secret::new("open sesame")
}

#[test]
fn a_secret_is_opened_where_it_was_sealed_and_nowhere_else() {
    let vault = Vault::ephemeral().unwrap();
    let sealed = vault.seal("certificate/1/client", &secret()).unwrap();
    assert_eq!(vault.open("certificate/1/client", &sealed).unwrap(), secret());
    for place in ["certificate/2/client", "certificate/1/clien", ""] {
        assert!(matches!(vault.open(place, &sealed), Err(VaultError::Refused { .. })), "{place}");
    }
    assert!(matches!(Vault::ephemeral().unwrap().open("certificate/1/client", &sealed), Err(VaultError::UnknownKey { .. })));
}

#[test]
fn the_same_secret_is_never_sealed_to_the_same_text() {
    let vault = Vault::ephemeral().unwrap();
    assert_ne!(vault.seal("a", &secret()).unwrap(), vault.seal("a", &secret()).unwrap());
}

#[test]
fn nothing_that_is_printed_shows_a_secret_or_a_key() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key");
    let vault = Vault::open_or_create(&path).unwrap();
    let sealed = vault.seal("a", &secret()).unwrap();
    let file = fs::read_to_string(&path).unwrap();
    let key = file.split_whitespace().nth(2).unwrap();
    let error = vault.open("b", &sealed).unwrap_err();
    for text in
        [format!("{vault:?}"), format!("{sealed:?}"), format!("{error:?}"), error.to_string(), sealed.as_text().to_owned()]
    {
        assert!(!text.contains("sesame") && !text.contains(key), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_sealed_and_opened(text: String, place: String) {
        let vault = Vault::ephemeral().unwrap();
        let sealed = vault.seal(&place, &Secret::new(text.clone())).unwrap();
        let opened = vault.open(&place, &sealed).unwrap();
        prop_assert_eq!(opened.expose(), text);
    }

    #[test]
    fn what_is_no_sealed_secret_is_refused(text in "(v1\\.)?[a-zA-Z0-9_.-]{0,80}|\\PC*") {
        let vault = Vault::ephemeral().unwrap();
        prop_assert!(vault.open("a", &Sealed::from_text(text)).is_err());
    }

    #[test]
    fn a_changed_character_is_noticed(at in 0..200_usize, to in "[a-zA-Z0-9_.-]") {
        let vault = Vault::ephemeral().unwrap();
        let text = vault.seal("a", &secret()).unwrap().as_text().to_owned();
        let at = at % text.len();
        let mut changed = text.clone();
        changed.replace_range(at..=at, &to);
        prop_assume!(changed != text);
        prop_assert!(vault.open("a", &Sealed::from_text(changed)).is_err());
    }
}

#[test]
fn a_key_file_is_made_once_and_read_from_then_on() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("etc").join("key");
    let sealed = Vault::open_or_create(&path).unwrap().seal("a", &secret()).unwrap();
    assert_eq!(Vault::open_or_create(&path).unwrap().open("a", &sealed).unwrap(), secret());
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn several_that_make_the_file_at_once_end_with_one_key() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key");
    let vaults: Vec<Vault> = std::thread::scope(|scope| {
        let makers: Vec<_> = (0..8).map(|_| scope.spawn(|| Vault::open_or_create(&path).unwrap())).collect();
        makers.into_iter().map(|maker| maker.join().unwrap()).collect()
    });
    let sealed = vaults[0].seal("a", &secret()).unwrap();
    assert!(vaults.iter().all(|vault| vault.open("a", &sealed).is_ok()));
}

#[test]
fn an_older_key_below_the_new_one_still_opens() {
    let directory = tempfile::tempdir().unwrap();
    let [old, new] = ["old", "new"].map(|name| directory.path().join(name));
    let sealed = Vault::open_or_create(&old).unwrap().seal("a", &secret()).unwrap();
    Vault::open_or_create(&new).unwrap();
    fs::write(&new, fs::read_to_string(&new).unwrap() + &fs::read_to_string(&old).unwrap()).unwrap();
    let vault = Vault::open_or_create(&new).unwrap();
    assert_eq!(vault.open("a", &sealed).unwrap(), secret());
    assert!(Vault::open_or_create(&old).unwrap().open("a", &vault.seal("a", &secret()).unwrap()).is_err(), "the new key seals");
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_read_is_refused_with_the_remedy() {
    use std::os::unix::fs::PermissionsExt;

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key");
    Vault::open_or_create(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    for mode in [0o640, 0o604, 0o610, 0o620] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = Vault::open_or_create(&path).unwrap_err();
        assert!(error.to_string().contains(&format!("chmod 600 {}", path.display())), "{error}");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    Vault::open_or_create(&path).unwrap();
}

#[test]
fn a_file_that_is_no_key_file_is_left_alone_and_not_repeated() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key");
    for content in
        ["", "\n\n", "hunter2\n", "jeroboam-key 1 c2hvcnQ=\n", "jeroboam-key 1.2 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"]
    {
        fs::write(&path, content).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let error = Vault::open_or_create(&path).unwrap_err();
        assert!(matches!(error, VaultError::Malformed { .. }), "{content:?}: {error:?}");
        assert!(!format!("{error}{error:?}").contains("hunter2"));
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
}
