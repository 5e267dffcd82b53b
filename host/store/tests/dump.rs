//! Exports and imports, and what an operator meets when a file or a store is not what it should be.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use std::sync::Arc;

use jeroboam_model::Secret;
use jeroboam_store::{
    Backend, Batch, DecodeError, ImportError, KeyBuf, MemoryBackend, Store, StoreConfig, StoreError, Vault, export, import,
};
use support::{at, cluster, operation, template};

async fn filled(vault: &Vault) -> Store {
    let store = Store::in_memory();
    store.check_vault(vault).await.unwrap();
    let template = template("small");
    let mut tx = store.begin();
    tx.insert(&template);
    for name in ["a", "b\0c"] {
        let mut cluster = cluster("prod", template.uuid);
        cluster.name = name.to_owned();
        let mut operation = operation(&cluster, at(0));
        operation.requester.token = Some(vault.seal("token", &Secret::new("open sesame")).unwrap());
        tx.insert(&cluster);
        tx.insert(&operation);
    }
    tx.commit().await.unwrap();
    store
}

async fn exported(store: &Store) -> Vec<u8> {
    let mut bytes = Vec::new();
    export(store, &mut bytes).await.unwrap();
    bytes
}

#[tokio::test]
async fn an_import_gives_back_what_was_exported_indexes_and_all() {
    let vault = Vault::ephemeral().unwrap();
    let old = filled(&vault).await;
    let bytes = exported(&old).await;
    let new = Store::in_memory();
    assert_eq!(import(&new, bytes.as_slice()).await.unwrap().records, 6);

    assert!(new.check_indexes().await.unwrap().is_sound());
    assert_eq!(new.check_indexes().await.unwrap(), old.check_indexes().await.unwrap());
    let values = |clusters: Vec<jeroboam_store::Stored<jeroboam_model::Cluster>>| {
        clusters.into_iter().map(|stored| stored.value).collect::<Vec<_>>()
    };
    assert_eq!(values(new.clusters().all().await.unwrap()), values(old.clusters().all().await.unwrap()));
    assert_eq!(new.clusters().by_name("b\0c").await.unwrap().len(), 1);
    assert_eq!(exported(&new).await, bytes);
    new.check_vault(&vault).await.unwrap();
}

#[tokio::test]
async fn an_export_holds_secrets_only_sealed() {
    let vault = Vault::ephemeral().unwrap();
    let text = String::from_utf8(exported(&filled(&vault).await).await).unwrap();
    assert!(text.contains("v1.") && !text.contains("open sesame"));
}

#[tokio::test]
async fn a_changed_or_cut_export_is_refused_and_nothing_is_written() {
    let bytes = exported(&filled(&Vault::ephemeral().unwrap()).await).await;
    let text = String::from_utf8(bytes).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let (last, records) = lines.split_last().unwrap();
    let broken = [
        text.replace("prod", "prof").replacen("small", "smull", 1),
        format!("{}\n{last}\n", records[1..].join("\n")),
        format!("{}\n", records.join("\n")),
        text[..text.len() - 1].to_owned(),
        text[..text.len() / 2].to_owned(),
        text.replacen("\"table\"", "\"tabel\"", 1),
        text.replacen("\"key\":\"", "\"key\":\"!", 1),
        String::new(),
    ];
    for (place, text) in broken.iter().enumerate() {
        let store = Store::in_memory();
        let error = import(&store, text.as_bytes()).await.unwrap_err();
        let expected = match place {
            0 | 1 => matches!(error, ImportError::Checksum),
            5 => matches!(error, ImportError::Line { line: 1, .. }),
            6 => matches!(error, ImportError::Key { line: 1 }),
            _ => matches!(error, ImportError::Truncated),
        };
        assert!(expected, "{place}: {error:?}");
        assert_eq!(store.check_indexes().await.unwrap().records, 0);
    }
}

#[tokio::test]
async fn an_import_does_not_write_over_anything() {
    let vault = Vault::ephemeral().unwrap();
    let store = filled(&vault).await;
    let bytes = exported(&store).await;
    assert!(matches!(import(&store, bytes.as_slice()).await, Err(ImportError::NotEmpty)));
}

#[tokio::test]
async fn another_stores_key_is_noticed_at_once() {
    let store = filled(&Vault::ephemeral().unwrap()).await;
    let error = store.check_vault(&Vault::ephemeral().unwrap()).await.unwrap_err();
    assert!(error.to_string().contains("restore the file that belongs to this store"), "{error}");
}

/// A store over bytes that something else wrote.
async fn over(pairs: &[(KeyBuf, &str)]) -> Store {
    let backend = MemoryBackend::new();
    let puts = pairs.iter().map(|(key, value)| (key.as_bytes().to_vec(), value.as_bytes().to_vec())).collect();
    backend.commit(Batch { puts, ..Batch::default() }).await.unwrap();
    Store::over(Arc::new(backend), StoreConfig::default().record_cache)
}

#[tokio::test]
async fn a_record_of_a_later_version_is_named() {
    let id = jeroboam_model::ClusterId::random();
    let store = over(&[(KeyBuf::table("clusters").uuid(id.0), r#"{"v":99,"d":{"shape":"unheard of"}}"#)]).await;
    let error = store.clusters().get(id).await.unwrap_err();
    let StoreError::Decode(DecodeError::Newer { table: "clusters", key, found: 99, .. }) = &error else { panic!("{error:?}") };
    assert_eq!(*key, id.0.simple().to_string());
}

#[tokio::test]
async fn entries_that_are_missing_stray_or_point_elsewhere_are_reported() {
    let sound = Store::in_memory();
    let mut tx = sound.begin();
    tx.insert(&template("small"));
    tx.commit().await.unwrap();
    let record = exported(&sound).await;
    let record: serde_json::Value = serde_json::from_slice(record.split(|byte| *byte == b'\n').next().unwrap()).unwrap();
    let uuid = sound.templates().by_name("small").await.unwrap()[0].uuid.0;
    let key = KeyBuf::table("templates").uuid(uuid);
    let index = KeyBuf::index("templates", "name");

    let broken = over(&[
        (key, &record["record"].to_string()),
        (index.clone().text("small").uuid(uuid), "elsewhere"),
        (index.text("smell").uuid(uuid), "elsewhere"),
        (KeyBuf::table("vintages").text("1855"), "{}"),
    ])
    .await;
    let report = broken.check_indexes().await.unwrap();
    assert_eq!((report.records, report.entries), (2, 2));
    assert_eq!(
        (report.missing.len(), report.stray.len(), report.misdirected.len(), report.unknown.len()),
        (2, 1, 1, 1),
        "{report:?}"
    );
    assert!(!report.is_sound());
}
