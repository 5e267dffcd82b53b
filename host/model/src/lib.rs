//! What the rest of Jeroboam talks about: templates, clusters, node groups, operations, the ledger of external objects, and the
//! rules on them.
//!
//! Everything here is a value. The crate does no I/O, knows no store and no cloud, and holds no clock: whoever needs the time passes
//! it in. What arrives from outside is parsed into these types at the edge (`jeroboam-api`, `jeroboam-plugins`, `jeroboam-cloud`), so that no
//! text which means something travels further than that.
//!
//! | module | holds |
//! |---|---|
//! | [`ids`] | identifiers, each its own type |
//! | [`status`] | Magnum's statuses and which of them are final |
//! | [`labels`] | labels, how a cluster's merge with its template's, and what that changed |
//! | [`name`] | names of clusters and of their stacks |
//! | [`template`], [`cluster`], [`node_group`] | the three resources that users see |
//! | [`operation`] | work that has been accepted: kind, step, attempts, events |
//! | [`cause`] | why it failed |
//! | [`container`], [`node`], [`x509keypair`] | what the API of Liberty and Mitaka keeps on record |
//! | [`federation`] | clusters that were asked to act as one |
//! | [`quota`] | how much a project may have |
//! | [`ledger`] | objects outside that exist, or are about to, because of a cluster |
//! | [`audit`] | what drivers did to the world outside |
//! | [`certificate`] | a cluster's authorities and pairs |
//! | [`nearest`] | what was likely meant by a name that nobody knows |
//! | [`discovery`] | where the members of an etcd cluster find each other |
//! | [`driver`] | what drivers say, as plain data |
//! | [`call_record`] | what one call of a driver was asked, was told and answered |
//! | [`trace`] | where a request stands in a trace |
//! | [`samples`] | values to start from, for tests |
//! | [`secret`] | values that must not be printed, and their sealed form |
//!
//! It must not: name an HTTP status, a Heat call or a table; hold a secret outside [`secret`].

pub mod audit;
pub mod call_record;
pub mod cause;
pub mod certificate;
pub mod cluster;
pub mod container;
pub mod discovery;
pub mod driver;
pub mod federation;
pub mod ids;
pub mod labels;
pub mod ledger;
pub mod name;
pub mod nearest;
pub mod node;
pub mod node_group;
pub mod operation;
pub mod quota;
pub mod samples;
pub mod secret;
pub mod status;
pub mod template;
pub mod trace;
pub mod x509keypair;

pub use audit::{AuditOutcome, AuditRecord, Effect};
pub use call_record::{CallRecord, Recorded, RecordingSwitch};
pub use cause::{Cause, CauseKind, Fault, Remedy};
pub use certificate::{Authority, CertificateRecord, KeyKind, PrivateKey};
pub use cluster::{Cluster, ClusterView, Trustee};
pub use container::Container;
pub use federation::Federation;
pub use ids::{
    AuditId, CallRecordId, ClusterId, ContainerId, FederationId, NodeGroupId, NodeId, OperationId, ProjectId, RequestId,
    TemplateId, UserId, X509KeyPairId,
};
pub use labels::{LabelChanges, Labels};
pub use ledger::{External, LedgerEntry};
pub use node::Node;
pub use node_group::{NodeGroup, Role, Taint, TaintEffect};
pub use operation::{Abort, Event, Operation, OperationKind, OperationState, Requester, StackChange, Step};
pub use quota::{Quota, QuotaResource};
pub use secret::{Sealed, Secret};
pub use status::{Action, HealthStatus, Outcome, Status};
pub use template::{ClusterTemplate, Coe, ServerType};
pub use trace::{NoTraceParent, TraceParent};
pub use x509keypair::X509KeyPair;
