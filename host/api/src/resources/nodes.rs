//! `/v1/nodes`, as clients of Liberty know it: what somebody wrote down about servers. Nothing is looked up, and nothing follows from it.

use std::sync::Arc;

use http::StatusCode;
use jeroboam_model::{Node, NodeId};
use jeroboam_store::Page;
use time::OffsetDateTime;

use crate::call::Call;
use crate::error::{ApiError, What};
use crate::fields::{self, Field, Form, Given, Ignored, Out, Patch, Resource, Slot, write};
use crate::links::Base;
use crate::lookup::{self, Shared};
use crate::page::{Column, PageQuery, moment};
use crate::policy::{Rule, Target};
use crate::reply::Reply;

const COLLECTION: &str = "nodes";

/// A node and where it is seen from.
pub struct Shown {
    node: Shared<Node>,
    base: Base,
}

/// What a request says about a node.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    node_type: Given<String>,
    image_id: Given<String>,
    ironic_node_id: Given<String>,
}

/// The resource `nodes`.
pub enum NodeTable {}

type F = Field<NodeTable>;

impl Resource for NodeTable {
    type Shown = Shown;
    type Draft = Draft;
    const ARGUMENT: &'static str = "node";
    const INTERNAL: &'static [&'static str] = &[];
    const FIELDS: &'static [F] = &[
        F::new("uuid", |s, out| out.plain(format_args!("{}", s.node.uuid))).optional(Slot::Ignored(Ignored::Text)),
        F::new("type", |s, out| out.text_or_null(s.node.node_type.as_deref())).optional(Slot::text(0, 255, |d| &mut d.node_type)),
        F::new("image_id", |s, out| out.text_or_null(s.node.image_id.as_deref()))
            .optional(Slot::text(0, 255, |d| &mut d.image_id)),
        F::new("ironic_node_id", |s, out| out.text_or_null(s.node.ironic_node_id.as_deref()))
            .optional(Slot::text(0, 255, |d| &mut d.ironic_node_id)),
        F::new("links", |s, out| s.base.write_item(COLLECTION, s.node.uuid, out)),
        F::new("created_at", |s, out| out.time(s.node.created_at)).from_form(Form::Detailed),
        F::new("updated_at", |s, out| out.time_or_null(s.node.updated_at)).from_form(Form::Detailed),
    ];
}

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    page(call, Rule::NodeGetAll, Form::Brief, "").await
}

pub async fn detail(call: Call) -> Result<Reply, ApiError> {
    page(call, Rule::NodeDetail, Form::Detailed, "/detail").await
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let node = find(&call, Rule::NodeGet).await?;
    Ok(Reply::ok(written(&call, node)))
}

pub async fn create(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let draft = fields::read::<NodeTable>(&call.object(NodeTable::ARGUMENT)?)?;
    call.enforce(Rule::NodeCreate, Target::own(&call.caller))?;
    let project = call.caller.project_id().ok_or(ApiError::Policy(Rule::NodeCreate.name()))?;
    let node = Node {
        uuid: NodeId::random(),
        project_id: project.clone(),
        user_id: call.caller.user_id.clone(),
        node_type: draft.node_type.value(),
        image_id: draft.image_id.value(),
        ironic_node_id: draft.ironic_node_id.value(),
        created_at: OffsetDateTime::now_utc(),
        updated_at: None,
    };
    let mut tx = call.app.store.begin();
    tx.insert(&node);
    tx.commit().await.map_err(|error| ApiError::commit("store the node", error))?;
    let location = format!("{}/v1/{COLLECTION}/{}", call.base(), node.uuid);
    Ok(Reply::json(StatusCode::CREATED, written(&call, read(&call, node.uuid).await?)).at(location))
}

pub async fn update(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let patch = Patch::read::<NodeTable>(&call.json("patch")?)?;
    let mut node = find(&call, Rule::NodeUpdate).await?;
    let maybe = |text: &Option<String>| text.clone().map_or(Given::Null, Given::Value);
    let mut draft =
        Draft { node_type: maybe(&node.node_type), image_id: maybe(&node.image_id), ironic_node_id: maybe(&node.ironic_node_id) };
    patch.apply::<NodeTable>(&mut draft)?;
    let row = &mut Arc::make_mut(&mut node).value;
    row.node_type = draft.node_type.value();
    row.image_id = draft.image_id.value();
    row.ironic_node_id = draft.ironic_node_id.value();
    row.updated_at = Some(OffsetDateTime::now_utc());
    let mut tx = call.app.store.begin();
    tx.update(&*node);
    tx.commit().await.map_err(|error| ApiError::commit("write the node", error))?;
    Ok(Reply::ok(written(&call, node)))
}

pub async fn delete(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let node = find(&call, Rule::NodeDelete).await?;
    let mut tx = call.app.store.begin();
    tx.remove(&*node);
    tx.commit().await.map_err(|error| ApiError::commit("remove the node", error))?;
    Ok(Reply::no_content())
}

/// The one that the path names, of the caller's project. Nodes have no names.
async fn find(call: &Call, rule: Rule) -> Result<Shared<Node>, ApiError> {
    let found = match call.ident.parse::<NodeId>() {
        Ok(id) => call.app.store.nodes().get_arc(id).await.map_err(|error| ApiError::store("read nodes", error))?,
        Err(_) => None,
    };
    let own = call.caller.project_id();
    let node = lookup::only(What::Node, &call.ident, found.into_iter().collect(), |node| own == Some(&node.project_id))?;
    call.enforce(rule, Target::project(&node.project_id))?;
    Ok(node)
}

async fn read(call: &Call, id: NodeId) -> Result<Shared<Node>, ApiError> {
    let node = call.app.store.nodes().get_arc(id).await.map_err(|error| ApiError::store("read a node", error))?;
    node.ok_or(ApiError::Gone(What::Node))
}

async fn page(call: Call, rule: Rule, form: Form, suffix: &str) -> Result<Reply, ApiError> {
    let (query, _) = PageQuery::read_with(&call, "node_uuid")?;
    call.enforce(rule, Target::own(&call.caller))?;
    let page = rows(&call, &query).await?;
    let base = call.base();
    let mut out = Out::with_capacity(256 + 512 * page.items.len());
    out.object(|out| {
        let last = page.items.last().map(|node| node.uuid);
        out.key(COLLECTION);
        out.array(|out| {
            for node in page.items {
                write::<NodeTable>(&Shown { node, base: base.clone() }, form, call.version, out);
            }
        });
        query.write_next(format_args!("{base}/v1/{COLLECTION}{suffix}"), page.more, last, out);
    });
    Ok(Reply::ok(out))
}

async fn rows(call: &Call, query: &PageQuery) -> Result<Page<Node>, ApiError> {
    let Some(project) = call.caller.project_id() else { return Ok(Page { items: Vec::new(), more: false }) };
    let (nodes, list) = (call.app.store.nodes(), query.list_query(Some(project), NodeId));
    let page = match query.column(COLUMNS)? {
        None => nodes.list(list).await,
        Some(column) => nodes.list_by(list, column.key).await,
    };
    page.map_err(|error| ApiError::store("list nodes", error))
}

fn written(call: &Call, node: Shared<Node>) -> Out {
    let mut out = Out::with_capacity(512);
    write::<NodeTable>(&Shown { node, base: call.base() }, Form::Whole, call.version, &mut out);
    out
}

const COLUMNS: &[Column<Node>] = &[
    Column { name: "uuid", key: |n| n.uuid.to_string() },
    Column { name: "type", key: |n| n.node_type.clone().unwrap_or_default() },
    Column { name: "image_id", key: |n| n.image_id.clone().unwrap_or_default() },
    Column { name: "ironic_node_id", key: |n| n.ironic_node_id.clone().unwrap_or_default() },
    Column { name: "created_at", key: |n| moment(Some(n.created_at)) },
    Column { name: "updated_at", key: |n| moment(n.updated_at) },
];
