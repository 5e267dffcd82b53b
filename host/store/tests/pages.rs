//! Lists in pages.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use jeroboam_model::{ClusterTemplate, ProjectId, TemplateId};
use jeroboam_store::{Direction, ListQuery, Page, Store, StoreError, Stored};
use proptest::prelude::*;
use support::{at, template};

/// A template of a list: project, second of creation, name, public, hidden.
type Sketch = (u8, i64, u8, bool, bool);

fn sketches() -> impl Strategy<Value = Vec<Sketch>> {
    // Few values of each, so that many are the same in what they are sorted by.
    prop::collection::vec((0..3_u8, 0..4_i64, 0..3_u8, any::<bool>(), any::<bool>()), 0..25)
}

async fn fill(sketches: &[Sketch]) -> (Store, Vec<ClusterTemplate>) {
    let store = Store::in_memory();
    let mut all = Vec::new();
    for (project, second, name, public, hidden) in sketches {
        let mut template = template(&format!("t{name}"));
        template.project_id = format!("p{project}").into();
        template.created_at = at(*second);
        (template.public, template.hidden) = (*public, *hidden);
        let mut tx = store.begin();
        tx.insert(&template);
        tx.commit().await.unwrap();
        all.push(template);
    }
    all.sort_by_key(|template| (template.created_at, template.uuid));
    (store, all)
}

/// Goes through a list page by page.
async fn walk(
    limit: usize,
    direction: Direction,
    page: impl AsyncFn(ListQuery<'static, TemplateId>) -> Page<ClusterTemplate>,
) -> Vec<TemplateId> {
    let mut ids: Vec<TemplateId> = Vec::new();
    loop {
        let marker = ids.last().copied();
        let page = page(ListQuery { project: None, marker, limit, direction }).await;
        assert!(page.items.len() <= limit);
        assert!(page.items.len() == limit || !page.more, "a page that is not full is the last");
        ids.extend(page.items.iter().map(|item| item.uuid));
        if !page.more {
            return ids;
        }
    }
}

fn ordered(mut expected: Vec<&ClusterTemplate>, direction: Direction) -> Vec<TemplateId> {
    if direction == Direction::Descending {
        expected.reverse();
    }
    expected.iter().map(|template| template.uuid).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn all_pages_together_are_the_list(sketches in sketches(), limit in 1..6_usize, down: bool) {
        let direction = if down { Direction::Descending } else { Direction::Ascending };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (store, all) = fill(&sketches).await;
            let project: ProjectId = "p1".into();
            let own = |template: &&ClusterTemplate| template.project_id == project;
            let visible = |template: &&ClusterTemplate| template.project_id == project || template.public && !template.hidden;

            let ids = walk(limit, direction, async |query| store.templates().list(query).await.unwrap()).await;
            prop_assert_eq!(ids, ordered(all.iter().collect(), direction));

            let list = async |query| store.templates().list(ListQuery { project: Some(&project), ..query }).await.unwrap();
            prop_assert_eq!(walk(limit, direction, list).await, ordered(all.iter().filter(own).collect(), direction));

            let list = async |query| store.templates().list_visible(&project, query).await.unwrap();
            prop_assert_eq!(walk(limit, direction, list).await, ordered(all.iter().filter(visible).collect(), direction));

            let mut by_name: Vec<&ClusterTemplate> = all.iter().filter(visible).collect();
            by_name.sort_by_key(|template| &template.name);
            let list = async |query| store.templates().list_visible_by(&project, query, |template| template.name.clone()).await.unwrap();
            prop_assert_eq!(walk(limit, direction, list).await, ordered(by_name, direction));
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn a_marker_has_to_be_in_the_list() {
    let (store, all) = fill(&[(1, 0, 0, false, false), (2, 1, 0, false, false)]).await;
    let project: ProjectId = "p1".into();
    for marker in [TemplateId::random(), all[1].uuid] {
        let query = ListQuery { project: Some(&project), marker: Some(marker), ..ListQuery::default() };
        let by_creation = store.templates().list(query.clone()).await;
        assert!(matches!(by_creation, Err(StoreError::Marker { table: "templates", .. })));
        let by_name = store.templates().list_by(query, |template| template.name.clone()).await;
        assert!(matches!(by_name, Err(StoreError::Marker { .. })));
    }
}

#[tokio::test]
async fn a_page_of_nothing_says_whether_there_is_anything() {
    let (store, _) = fill(&[(1, 0, 0, false, false)]).await;
    let page = store.templates().list(ListQuery { limit: 0, ..ListQuery::default() }).await.unwrap();
    assert!(page.items.is_empty() && page.more);
    let page = store.clusters().list(ListQuery { limit: usize::MAX, ..ListQuery::default() }).await.unwrap();
    assert!(page.items.is_empty() && !page.more);
}

#[tokio::test]
async fn what_became_public_or_hidden_comes_and_goes() {
    let (store, all) = fill(&[(1, 0, 0, false, false)]).await;
    let stranger: ProjectId = "p9".into();
    for (public, hidden, seen) in [(true, false, 1), (true, true, 0), (false, true, 0), (true, false, 1)] {
        let stored = store.templates().get(all[0].uuid).await.unwrap().unwrap();
        let mut tx = store.begin();
        tx.update(&Stored { value: ClusterTemplate { public, hidden, ..stored.value.clone() }, ..stored });
        tx.commit().await.unwrap();
        let page = store.templates().list_visible(&stranger, ListQuery::default()).await.unwrap();
        assert_eq!(page.items.len(), seen, "public {public}, hidden {hidden}");
    }
}
