//! Rules that requests ask for.

use super::{Definition, ScopeType};

macro_rules! rules {
    ($($variant:ident = $name:literal, $check:literal, $scope:ident, [$($request:literal),+], $meaning:literal;)+) => {
        /// A rule of the policy.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Rule {
            $(#[doc = $meaning] $variant),+
        }

        impl Rule {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// In the same order.
            pub const DEFINITIONS: &'static [Definition] = &[$(Definition {
                name: $name,
                check: $check,
                scopes: scopes::$scope,
                deprecated: None,
                meaning: $meaning,
                requests: &[$($request),+],
            }),+];

            /// As policy files and denials write it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            pub fn of(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

#[expect(non_upper_case_globals, reason = "named as the table writes them")]
mod scopes {
    use super::ScopeType;

    pub const Project: &[ScopeType] = &[ScopeType::Project];
    pub const Every: &[ScopeType] = &[];
}

rules! {
    CertificateCreate = "certificate:create", "rule:admin_or_project_member_user or rule:cluster_user", Project, ["POST /v1/certificates"],
        "Have a certificate signed by a cluster's CA. Unlike Magnum's, nodes without a trust pass.";
    CertificateRotateCa = "certificate:rotate_ca", "rule:admin_or_project_member", Project, ["PATCH /v1/certificates/{cluster}"],
        "Replace a cluster's CA.";
    CertificateGet = "certificate:get", "rule:admin_or_project_reader_user or rule:cluster_user", Project, ["GET /v1/certificates/{cluster}"],
        "Show a cluster's CA certificate. Unlike Magnum's, nodes without a trust pass.";
    ClusterCreate = "cluster:create", "rule:admin_or_project_member_deny_cluster_user", Project, ["POST /v1/clusters", "GET /discovery/new"],
        "Create a cluster; make a discovery for an etcd.";
    ClusterDelete = "cluster:delete", "rule:admin_or_project_member_deny_cluster_user", Project, ["DELETE /v1/clusters/{cluster}"],
        "Delete a cluster.";
    ClusterDeleteAllProjects = "cluster:delete_all_projects", "rule:context_is_admin", Every, ["DELETE /v1/clusters/{cluster}"],
        "Delete a cluster of any project.";
    ClusterDetail = "cluster:detail", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/clusters/detail"],
        "List clusters with their details.";
    ClusterDetailAllProjects = "cluster:detail_all_projects", "rule:context_is_admin", Every, ["GET /v1/clusters/detail"],
        "List the clusters of all projects with their details.";
    ClusterGet = "cluster:get", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/clusters/{cluster}"],
        "Show a cluster.";
    ClusterGetAll = "cluster:get_all", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/clusters"],
        "List clusters.";
    ClusterGetAllAllProjects = "cluster:get_all_all_projects", "rule:context_is_admin", Every, ["GET /v1/clusters"],
        "List the clusters of all projects.";
    ClusterGetOneAllProjects = "cluster:get_one_all_projects", "rule:context_is_admin", Every, ["GET /v1/clusters/{cluster}"],
        "Show a cluster of any project.";
    ClusterResize = "cluster:resize", "rule:admin_or_project_member_deny_cluster_user", Project, ["POST /v1/clusters/{cluster}/actions/resize"],
        "Change how many nodes a cluster has.";
    ClusterUpdate = "cluster:update", "rule:admin_or_project_member_deny_cluster_user", Project, ["PATCH /v1/clusters/{cluster}"],
        "Change a cluster.";
    ClusterUpdateAllProjects = "cluster:update_all_projects", "rule:context_is_admin", Every, ["PATCH /v1/clusters/{cluster}"],
        "Change a cluster of any project.";
    ClusterUpdateHealthStatus = "cluster:update_health_status", "rule:admin_or_project_member_user_or_cluster_user", Project, ["PATCH /v1/clusters/{cluster}"],
        "Set a cluster's health. Asked about the caller's own project and user, as in Magnum.";
    ClusterUpgrade = "cluster:upgrade", "rule:admin_or_project_member_deny_cluster_user", Project, ["POST /v1/clusters/{cluster}/actions/upgrade"],
        "Upgrade a cluster to another template.";
    ClusterUpgradeAllProjects = "cluster:upgrade_all_projects", "rule:context_is_admin", Every, ["POST /v1/clusters/{cluster}/actions/upgrade"],
        "Upgrade a cluster of any project.";
    TemplateCreate = "clustertemplate:create", "rule:admin_or_project_member_deny_cluster_user", Project, ["POST /v1/clustertemplates"],
        "Create a cluster template.";
    TemplateDelete = "clustertemplate:delete", "rule:admin_or_project_member", Project, ["DELETE /v1/clustertemplates/{template}"],
        "Delete a cluster template.";
    TemplateDeleteAllProjects = "clustertemplate:delete_all_projects", "rule:context_is_admin", Every, ["DELETE /v1/clustertemplates/{template}"],
        "Delete a cluster template of any project.";
    TemplateDetail = "clustertemplate:detail", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/clustertemplates/detail"],
        "List cluster templates with their details.";
    TemplateDetailAllProjects = "clustertemplate:detail_all_projects", "rule:context_is_admin", Every, ["GET /v1/clustertemplates/detail"],
        "List the cluster templates of all projects with their details.";
    TemplateGet = "clustertemplate:get", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/clustertemplates/{template}"],
        "Show a cluster template that is not public.";
    TemplateGetAll = "clustertemplate:get_all", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/clustertemplates"],
        "List cluster templates.";
    TemplateGetAllAllProjects = "clustertemplate:get_all_all_projects", "rule:context_is_admin", Every, ["GET /v1/clustertemplates"],
        "List the cluster templates of all projects.";
    TemplateGetOneAllProjects = "clustertemplate:get_one_all_projects", "rule:context_is_admin", Every, ["GET /v1/clustertemplates/{template}"],
        "Show a cluster template of any project.";
    TemplatePublish = "clustertemplate:publish", "rule:context_is_admin", Every, ["POST /v1/clustertemplates", "PATCH /v1/clustertemplates/{template}"],
        "Make a cluster template public or hidden.";
    TemplateUpdate = "clustertemplate:update", "rule:admin_or_project_member", Project, ["PATCH /v1/clustertemplates/{template}"],
        "Change a cluster template.";
    TemplateUpdateAllProjects = "clustertemplate:update_all_projects", "rule:context_is_admin", Every, ["PATCH /v1/clustertemplates/{template}"],
        "Change a cluster template of any project.";
    CredentialRotate = "credential:rotate", "rule:project_member_deny_cluster_user", Project, ["PATCH /v1/credentials/{cluster}"],
        "Replace the credential that a cluster acts by. Administrators have no part in it.";
    FederationCreate = "federation:create", "rule:admin_or_project_member_deny_cluster_user", Project, ["POST /v1/federations"],
        "Create a federation.";
    FederationDelete = "federation:delete", "rule:admin_or_project_member_deny_cluster_user", Project, ["DELETE /v1/federations/{federation}"],
        "Delete a federation.";
    FederationDetail = "federation:detail", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/federations/detail"],
        "List federations with their details.";
    FederationGet = "federation:get", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/federations/{federation}"],
        "Show a federation.";
    FederationGetAll = "federation:get_all", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/federations"],
        "List federations.";
    FederationUpdate = "federation:update", "rule:admin_or_project_member_deny_cluster_user", Project, ["PATCH /v1/federations/{federation}"],
        "Let clusters join a federation, or leave it.";
    ServiceGetAll = "magnum-service:get_all", "rule:context_is_admin", Every, ["GET /v1/mservices"],
        "List services.";
    NodegroupCreate = "nodegroup:create", "rule:admin_or_project_member", Project, ["POST /v1/clusters/{cluster}/nodegroups"],
        "Create a node group.";
    NodegroupDelete = "nodegroup:delete", "rule:admin_or_project_member", Project, ["DELETE /v1/clusters/{cluster}/nodegroups/{nodegroup}"],
        "Delete a node group.";
    NodegroupGet = "nodegroup:get", "rule:admin_or_project_reader", Project, ["GET /v1/clusters/{cluster}/nodegroups/{nodegroup}"],
        "Show a node group.";
    NodegroupGetAll = "nodegroup:get_all", "rule:admin_or_project_reader", Project, ["GET /v1/clusters/{cluster}/nodegroups"],
        "List a cluster's node groups.";
    NodegroupGetAllAllProjects = "nodegroup:get_all_all_projects", "rule:context_is_admin", Every, ["GET /v1/clusters/{cluster}/nodegroups"],
        "List the node groups of a cluster of any project.";
    NodegroupGetOneAllProjects = "nodegroup:get_one_all_projects", "rule:context_is_admin", Every, ["GET /v1/clusters/{cluster}/nodegroups/{nodegroup}"],
        "Show a node group of a cluster of any project.";
    NodegroupUpdate = "nodegroup:update", "rule:admin_or_project_member", Project, ["PATCH /v1/clusters/{cluster}/nodegroups/{nodegroup}"],
        "Change a node group.";
    QuotaCreate = "quota:create", "rule:context_is_admin", Every, ["POST /v1/quotas"],
        "Set a project's quota.";
    QuotaDelete = "quota:delete", "rule:context_is_admin", Every, ["DELETE /v1/quotas/{project}/{resource}"],
        "Take a project's quota back to the default.";
    QuotaGet = "quota:get", "rule:admin_or_project_reader", Project, ["GET /v1/quotas/{project}/{resource}"],
        "Show a project's quota.";
    QuotaGetAll = "quota:get_all", "rule:context_is_admin", Every, ["GET /v1/quotas"],
        "List quotas.";
    QuotaUpdate = "quota:update", "rule:context_is_admin", Every, ["PATCH /v1/quotas/{project}/{resource}"],
        "Change a project's quota.";
    StatsGetAll = "stats:get_all", "rule:admin_or_project_reader", Project, ["GET /v1/stats"],
        "Count a project's clusters and nodes.";
    BayCreate = "bay:create", "rule:cluster:create", Project, ["POST /v1/bays"],
        "Create a bay.";
    BayDelete = "bay:delete", "rule:cluster:delete", Project, ["DELETE /v1/bays/{bay}"],
        "Delete a bay.";
    BayDetail = "bay:detail", "rule:cluster:detail", Project, ["GET /v1/bays/detail"],
        "List bays with their details.";
    BayGet = "bay:get", "rule:cluster:get", Project, ["GET /v1/bays/{bay}"],
        "Show a bay.";
    BayGetAll = "bay:get_all", "rule:cluster:get_all", Project, ["GET /v1/bays"],
        "List bays.";
    BayUpdate = "bay:update", "rule:cluster:update", Project, ["PATCH /v1/bays/{bay}"],
        "Change a bay.";
    BaymodelCreate = "baymodel:create", "rule:clustertemplate:create", Project, ["POST /v1/baymodels"],
        "Create a bay model.";
    BaymodelDelete = "baymodel:delete", "rule:clustertemplate:delete", Project, ["DELETE /v1/baymodels/{baymodel}"],
        "Delete a bay model.";
    BaymodelDetail = "baymodel:detail", "rule:clustertemplate:detail", Project, ["GET /v1/baymodels/detail"],
        "List bay models with their details.";
    BaymodelGet = "baymodel:get", "rule:clustertemplate:get", Project, ["GET /v1/baymodels/{baymodel}"],
        "Show a bay model that is not public.";
    BaymodelGetAll = "baymodel:get_all", "rule:clustertemplate:get_all", Project, ["GET /v1/baymodels"],
        "List bay models.";
    BaymodelPublish = "baymodel:publish", "rule:clustertemplate:publish", Every, ["POST /v1/baymodels", "PATCH /v1/baymodels/{baymodel}"],
        "Make a bay model public.";
    BaymodelUpdate = "baymodel:update", "rule:clustertemplate:update", Project, ["PATCH /v1/baymodels/{baymodel}"],
        "Change a bay model.";
    PodCreate = "pod:create", "rule:admin_or_project_member_deny_cluster_user", Project, ["POST /v1/pods"],
        "Create a pod of a bay.";
    PodDelete = "pod:delete", "rule:admin_or_project_member_deny_cluster_user", Project, ["DELETE /v1/pods/{pod}", "DELETE /v1/pods/{pod}/{bay}"],
        "Delete a pod of a bay.";
    PodDetail = "pod:detail", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/pods/detail"],
        "List pods of a bay with their details.";
    PodGet = "pod:get", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/pods/{pod}", "GET /v1/pods/{pod}/{bay}"],
        "Show a pod of a bay.";
    PodGetAll = "pod:get_all", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/pods"],
        "List pods of a bay.";
    PodUpdate = "pod:update", "rule:admin_or_project_member_deny_cluster_user", Project, ["PATCH /v1/pods/{pod}", "PATCH /v1/pods/{pod}/{bay}"],
        "Change a pod of a bay.";
    KubernetesServiceCreate = "service:create", "rule:admin_or_project_member_deny_cluster_user", Project, ["POST /v1/services"],
        "Create a service of a bay.";
    KubernetesServiceDelete = "service:delete", "rule:admin_or_project_member_deny_cluster_user", Project, ["DELETE /v1/services/{service}", "DELETE /v1/services/{service}/{bay}"],
        "Delete a service of a bay.";
    KubernetesServiceDetail = "service:detail", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/services/detail"],
        "List services of a bay with their details.";
    KubernetesServiceGet = "service:get", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/services/{service}", "GET /v1/services/{service}/{bay}"],
        "Show a service of a bay.";
    KubernetesServiceGetAll = "service:get_all", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/services"],
        "List services of a bay.";
    KubernetesServiceUpdate = "service:update", "rule:admin_or_project_member_deny_cluster_user", Project, ["PATCH /v1/services/{service}", "PATCH /v1/services/{service}/{bay}"],
        "Change a service of a bay.";
    RcCreate = "rc:create", "rule:admin_or_project_member_deny_cluster_user", Project, ["POST /v1/rcs"],
        "Create a replication controller of a bay.";
    RcDelete = "rc:delete", "rule:admin_or_project_member_deny_cluster_user", Project, ["DELETE /v1/rcs/{rc}", "DELETE /v1/rcs/{rc}/{bay}"],
        "Delete a replication controller of a bay.";
    RcDetail = "rc:detail", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/rcs/detail"],
        "List replication controllers of a bay with their details.";
    RcGet = "rc:get", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/rcs/{rc}", "GET /v1/rcs/{rc}/{bay}"],
        "Show a replication controller of a bay.";
    RcGetAll = "rc:get_all", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/rcs"],
        "List replication controllers of a bay.";
    RcUpdate = "rc:update", "rule:admin_or_project_member_deny_cluster_user", Project, ["PATCH /v1/rcs/{rc}", "PATCH /v1/rcs/{rc}/{bay}"],
        "Change a replication controller of a bay.";
    ContainerCreate = "container:create", "rule:admin_or_project_member_deny_cluster_user", Project, ["POST /v1/containers"],
        "Create a container on a bay.";
    ContainerDelete = "container:delete", "rule:admin_or_project_member_deny_cluster_user", Project, ["DELETE /v1/containers/{container}"],
        "Delete a container on a bay.";
    ContainerDetail = "container:detail", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/containers/detail"],
        "List containers on bays with their details.";
    ContainerGet = "container:get", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/containers/{container}", "GET /v1/containers/{container}/logs"],
        "Show a container on a bay, and what it wrote.";
    ContainerGetAll = "container:get_all", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/containers"],
        "List containers on bays.";
    ContainerUpdate = "container:update", "rule:admin_or_project_member_deny_cluster_user", Project, ["PATCH /v1/containers/{container}", "PUT /v1/containers/{container}/start", "PUT /v1/containers/{container}/stop", "PUT /v1/containers/{container}/reboot", "PUT /v1/containers/{container}/pause", "PUT /v1/containers/{container}/unpause", "PUT /v1/containers/{container}/execute"],
        "Change a container on a bay, start and stop it, run something in it.";
    NodeCreate = "node:create", "rule:admin_or_project_member_deny_cluster_user", Project, ["POST /v1/nodes"],
        "Create a node on record.";
    NodeDelete = "node:delete", "rule:admin_or_project_member_deny_cluster_user", Project, ["DELETE /v1/nodes/{node}"],
        "Delete a node on record.";
    NodeDetail = "node:detail", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/nodes/detail"],
        "List nodes on record with their details.";
    NodeGet = "node:get", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/nodes/{node}"],
        "Show a node on record.";
    NodeGetAll = "node:get_all", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/nodes"],
        "List nodes on record.";
    NodeUpdate = "node:update", "rule:admin_or_project_member_deny_cluster_user", Project, ["PATCH /v1/nodes/{node}"],
        "Change a node on record.";
    X509KeyPairCreate = "x509keypair:create", "rule:admin_or_project_member_deny_cluster_user", Project, ["POST /v1/x509keypairs"],
        "Create a key pair.";
    X509KeyPairDelete = "x509keypair:delete", "rule:admin_or_project_member_deny_cluster_user", Project, ["DELETE /v1/x509keypairs/{x509keypair}"],
        "Delete a key pair.";
    X509KeyPairDetail = "x509keypair:detail", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/x509keypairs/detail"],
        "List key pairs with their details.";
    X509KeyPairGet = "x509keypair:get", "rule:admin_or_project_member_deny_cluster_user", Project, ["GET /v1/x509keypairs/{x509keypair}"],
        "Show a key pair, with its private key. Magnum has no rule for key pairs.";
    X509KeyPairGetAll = "x509keypair:get_all", "rule:admin_or_project_reader_deny_cluster_user", Project, ["GET /v1/x509keypairs"],
        "List key pairs.";
    DriverActivate = "driver:activate", "rule:context_is_admin", Every, ["POST /v1/drivers/versions/{version}/actions/activate"],
        "Give new clusters to a version of a driver.";
    DriverApprove = "driver:approve", "rule:context_is_admin", Every, ["POST /v1/drivers/versions/{version}/actions/approve"],
        "Grant a version what it asks for.";
    DriverAudit = "driver:audit", "rule:context_is_admin", Every, ["GET /v1/drivers/{name}/audit"],
        "List what drivers did outside.";
    DriverCheck = "driver:check", "rule:context_is_admin", Every, ["POST /v1/drivers/versions/{version}/actions/check"],
        "Check a version again.";
    DriverConfirm = "driver:confirm", "rule:context_is_admin", Every, ["POST /v1/drivers/{name}/actions/confirm"],
        "Keep the active version for good.";
    DriverGet = "driver:get", "rule:context_is_admin", Every, ["GET /v1/drivers/{name}", "GET /v1/drivers/versions/{version}"],
        "Show a driver, or a version of one.";
    DriverGetAll = "driver:get_all", "rule:context_is_admin", Every, ["GET /v1/drivers"],
        "List drivers.";
    DriverInstall = "driver:install", "rule:context_is_admin", Every, ["POST /v1/drivers/versions"],
        "Store a component as a version.";
    DriverMove = "driver:move", "rule:context_is_admin", Every, ["POST /v1/drivers/{name}/actions/move"],
        "Move clusters to another version.";
    DriverPlan = "driver:plan", "rule:context_is_admin", Every, ["POST /v1/drivers/{name}/plans", "GET /v1/drivers/{name}/plans/{plan}", "GET /v1/drivers/{name}/plans/{plan}/clusters"],
        "Find out what a version would change.";
    DriverRecord = "driver:record", "rule:context_is_admin", Every, ["GET /v1/drivers/{name}/recording", "PUT /v1/drivers/{name}/recording", "DELETE /v1/drivers/{name}/recording", "GET /v1/drivers/{name}/records", "GET /v1/drivers/{name}/records/{record}"],
        "Have calls of drivers recorded, and read the records.";
    DriverRemove = "driver:remove", "rule:context_is_admin", Every, ["DELETE /v1/drivers/versions/{version}"],
        "Forget a version that serves nobody.";
    DriverRevoke = "driver:revoke", "rule:context_is_admin", Every, ["POST /v1/drivers/versions/{version}/actions/revoke"],
        "Refuse a version from now on.";
    DriverRollback = "driver:rollback", "rule:context_is_admin", Every, ["POST /v1/drivers/{name}/actions/rollback"],
        "Go back to the version before.";
    OperationAbort = "operation:abort", "rule:admin_or_project_member_deny_cluster_user", Every, ["POST /v1/operations/{operation}/actions/abort"],
        "Stop an operation.";
    OperationAbortAllProjects = "operation:abort_all_projects", "rule:context_is_admin", Every, ["POST /v1/operations/{operation}/actions/abort"],
        "Stop an operation of any project.";
    OperationGet = "operation:get", "rule:admin_or_project_reader_deny_cluster_user", Every, ["GET /v1/operations/{operation}"],
        "Show an operation.";
    OperationGetAll = "operation:get_all", "rule:admin_or_project_reader_deny_cluster_user", Every, ["GET /v1/operations", "GET /v1/clusters/{cluster}/operations"],
        "List operations.";
    OperationGetAllAllProjects = "operation:get_all_all_projects", "rule:context_is_admin", Every, ["GET /v1/operations", "GET /v1/clusters/{cluster}/operations"],
        "List the operations of all projects.";
    OperationGetOneAllProjects = "operation:get_one_all_projects", "rule:context_is_admin", Every, ["GET /v1/operations/{operation}"],
        "Show an operation of any project.";
    OperationRetry = "operation:retry", "rule:admin_or_project_member_deny_cluster_user", Every, ["POST /v1/operations/{operation}/actions/retry"],
        "Try an operation again that has failed.";
    OperationRetryAllProjects = "operation:retry_all_projects", "rule:context_is_admin", Every, ["POST /v1/operations/{operation}/actions/retry"],
        "Try an operation of any project again.";
}
