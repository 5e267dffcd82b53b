//! The rules. Names and defaults are Magnum's, but for `driver:*`, which Magnum has nothing like.

use super::{Check, ScopeType};

macro_rules! rules {
    ($($variant:ident = $name:literal, $check:ident, $scope:ident;)+) => {
        /// A rule of the policy.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Rule {
            $($variant),+
        }

        impl Rule {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As policy files and denials write it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            pub const fn check(self) -> Check {
                match self { $(Self::$variant => Check::$check),+ }
            }

            pub const fn scope_type(self) -> ScopeType {
                match self { $(Self::$variant => ScopeType::$scope),+ }
            }
        }
    };
}

rules! {
    BayCreate = "bay:create", MemberNotTrustee, Project;
    BayDelete = "bay:delete", MemberNotTrustee, Project;
    BayDetail = "bay:detail", ReaderNotTrustee, Project;
    BayGet = "bay:get", ReaderNotTrustee, Project;
    BayGetAll = "bay:get_all", ReaderNotTrustee, Project;
    BayUpdate = "bay:update", MemberNotTrustee, Project;
    BaymodelCreate = "baymodel:create", MemberNotTrustee, Project;
    BaymodelDelete = "baymodel:delete", Member, Project;
    BaymodelDetail = "baymodel:detail", ReaderNotTrustee, Project;
    BaymodelGet = "baymodel:get", ReaderNotTrustee, Project;
    BaymodelGetAll = "baymodel:get_all", ReaderNotTrustee, Project;
    BaymodelPublish = "baymodel:publish", Admin, Any;
    BaymodelUpdate = "baymodel:update", Member, Project;
    CertificateCreate = "certificate:create", MemberOwnerOrNode, Project;
    CertificateRotateCa = "certificate:rotate_ca", Member, Project;
    CertificateGet = "certificate:get", ReaderOwnerOrNode, Project;
    ClusterCreate = "cluster:create", MemberNotTrustee, Project;
    ClusterDelete = "cluster:delete", MemberNotTrustee, Project;
    ClusterDeleteAllProjects = "cluster:delete_all_projects", Admin, Any;
    ClusterDetail = "cluster:detail", ReaderNotTrustee, Project;
    ClusterDetailAllProjects = "cluster:detail_all_projects", Admin, Any;
    ClusterGet = "cluster:get", ReaderNotTrustee, Project;
    ClusterGetAll = "cluster:get_all", ReaderNotTrustee, Project;
    ClusterGetAllAllProjects = "cluster:get_all_all_projects", Admin, Any;
    ClusterGetOneAllProjects = "cluster:get_one_all_projects", Admin, Any;
    ClusterResize = "cluster:resize", MemberNotTrustee, Project;
    ClusterUpdate = "cluster:update", MemberNotTrustee, Project;
    ClusterUpdateAllProjects = "cluster:update_all_projects", Admin, Any;
    ClusterUpdateHealthStatus = "cluster:update_health_status", MemberOwnerOrTrustee, Project;
    ClusterUpgrade = "cluster:upgrade", MemberNotTrustee, Project;
    ClusterUpgradeAllProjects = "cluster:upgrade_all_projects", Admin, Any;
    TemplateCreate = "clustertemplate:create", MemberNotTrustee, Project;
    TemplateDelete = "clustertemplate:delete", Member, Project;
    TemplateDeleteAllProjects = "clustertemplate:delete_all_projects", Admin, Any;
    TemplateDetail = "clustertemplate:detail", ReaderNotTrustee, Project;
    TemplateDetailAllProjects = "clustertemplate:detail_all_projects", Admin, Any;
    TemplateGet = "clustertemplate:get", ReaderNotTrustee, Project;
    TemplateGetAll = "clustertemplate:get_all", ReaderNotTrustee, Project;
    TemplateGetAllAllProjects = "clustertemplate:get_all_all_projects", Admin, Any;
    TemplateGetOneAllProjects = "clustertemplate:get_one_all_projects", Admin, Any;
    TemplatePublish = "clustertemplate:publish", Admin, Any;
    TemplateUpdate = "clustertemplate:update", Member, Project;
    TemplateUpdateAllProjects = "clustertemplate:update_all_projects", Admin, Any;
    CredentialRotate = "credential:rotate", Member, Project;
    DriverActivate = "driver:activate", Admin, Any;
    DriverApprove = "driver:approve", Admin, Any;
    DriverAudit = "driver:audit", Admin, Any;
    DriverCheck = "driver:check", Admin, Any;
    DriverConfirm = "driver:confirm", Admin, Any;
    DriverGet = "driver:get", Admin, Any;
    DriverGetAll = "driver:get_all", Admin, Any;
    DriverInstall = "driver:install", Admin, Any;
    DriverMove = "driver:move", Admin, Any;
    DriverPlan = "driver:plan", Admin, Any;
    DriverRecord = "driver:record", Admin, Any;
    DriverRemove = "driver:remove", Admin, Any;
    DriverRevoke = "driver:revoke", Admin, Any;
    DriverRollback = "driver:rollback", Admin, Any;
    FederationCreate = "federation:create", Member, Project;
    FederationDelete = "federation:delete", Member, Project;
    FederationDetail = "federation:detail", Reader, Project;
    FederationGet = "federation:get", Reader, Project;
    FederationGetAll = "federation:get_all", Reader, Project;
    FederationUpdate = "federation:update", Member, Project;
    NodegroupCreate = "nodegroup:create", Member, Project;
    NodegroupDelete = "nodegroup:delete", Member, Project;
    NodegroupGet = "nodegroup:get", Reader, Project;
    NodegroupGetAll = "nodegroup:get_all", Reader, Project;
    NodegroupGetAllAllProjects = "nodegroup:get_all_all_projects", Admin, Any;
    NodegroupGetOneAllProjects = "nodegroup:get_one_all_projects", Admin, Any;
    NodegroupUpdate = "nodegroup:update", Member, Project;
    QuotaCreate = "quota:create", Admin, Any;
    QuotaDelete = "quota:delete", Admin, Any;
    QuotaGet = "quota:get", Reader, Project;
    QuotaGetAll = "quota:get_all", Admin, Any;
    QuotaUpdate = "quota:update", Admin, Any;
    ServiceGetAll = "magnum-service:get_all", Admin, Any;
    StatsGetAll = "stats:get_all", Reader, Project;
}
