use super::*;
use jeroboam_model::{Cluster, ProjectId, Trustee, UserId, samples};
use time::OffsetDateTime;

const TRUSTEES: &str = "trustees";

fn caller(roles: &[&str], project: &str) -> Caller {
    caller_of("user", "default", roles, CallerScope::Project(project.into()))
}

fn caller_of(user: &str, domain: &str, roles: &[&str], scope: CallerScope) -> Caller {
    let roles = roles.iter().map(|role| (*role).to_owned()).collect();
    Caller::new(UserId::from(user), user.to_owned(), domain.to_owned(), scope, roles, OffsetDateTime::UNIX_EPOCH, None)
}

fn allowed(rule: Rule, caller: &Caller, project: &str, owner: &str) -> bool {
    let (project, owner) = (ProjectId::from(project), UserId::from(owner));
    let target = Target { project_id: Some(&project), user_id: Some(&owner), ..Target::default() };
    decide(&Rules::default(), rule, caller, target, Some(TRUSTEES))
}

fn cluster_of(trustee: &str) -> Cluster {
    let user_id = Some(UserId::from(trustee));
    let trustee = Trustee {
        user_name: trustee.to_owned(),
        password: jeroboam_model::Sealed::from_text(String::new()),
        next_password: None,
        user_id,
        trust_id: None,
    };
    Cluster { trustee: Some(trustee), ..samples::cluster("c", &samples::template("t")) }
}

#[test]
fn an_administrator_may_do_everything_but_rotate_credentials() {
    let admin = caller(&["admin"], "p");
    let may_not: Vec<Rule> = Rule::ALL.iter().copied().filter(|rule| !allowed(*rule, &admin, "other", "other")).collect();
    assert_eq!(may_not, [Rule::CredentialRotate], "that is for members alone");
}

#[test]
fn nobody_else_may_do_anything_in_another_project() {
    for roles in [&["member"][..], &["reader"], &["member", "reader"], &[]] {
        let caller = caller(roles, "p");
        assert!(!Rule::ALL.iter().any(|rule| allowed(*rule, &caller, "other", "user")), "{roles:?}");
    }
}

#[test]
fn a_reader_may_look_and_no_more() {
    let reader = caller(&["reader"], "p");
    let may: Vec<Rule> = Rule::ALL.iter().copied().filter(|rule| allowed(*rule, &reader, "p", "user")).collect();
    assert_eq!(
        may,
        [
            Rule::CertificateGet,
            Rule::ClusterDetail,
            Rule::ClusterGet,
            Rule::ClusterGetAll,
            Rule::TemplateDetail,
            Rule::TemplateGet,
            Rule::TemplateGetAll,
            Rule::FederationDetail,
            Rule::FederationGet,
            Rule::FederationGetAll,
            Rule::NodegroupGet,
            Rule::NodegroupGetAll,
            Rule::QuotaGet,
            Rule::StatsGetAll,
            Rule::BayDetail,
            Rule::BayGet,
            Rule::BayGetAll,
            Rule::BaymodelDetail,
            Rule::BaymodelGet,
            Rule::BaymodelGetAll,
            Rule::PodDetail,
            Rule::PodGet,
            Rule::PodGetAll,
            Rule::KubernetesServiceDetail,
            Rule::KubernetesServiceGet,
            Rule::KubernetesServiceGetAll,
            Rule::RcDetail,
            Rule::RcGet,
            Rule::RcGetAll,
            Rule::ContainerDetail,
            Rule::ContainerGet,
            Rule::ContainerGetAll,
            Rule::NodeDetail,
            Rule::NodeGet,
            Rule::NodeGetAll,
            Rule::X509KeyPairDetail,
            Rule::X509KeyPairGetAll,
            Rule::OperationGet,
            Rule::OperationGetAll,
        ]
    );
}

#[test]
fn a_member_without_the_readers_role_may_change_but_not_look() {
    let member = caller(&["member"], "p");
    assert!(allowed(Rule::ClusterCreate, &member, "p", "user"));
    assert!(!allowed(Rule::ClusterGet, &member, "p", "user"));
}

#[test]
fn certificates_are_for_who_owns_the_cluster() {
    let both = caller(&["member", "reader"], "p");
    for rule in [Rule::CertificateCreate, Rule::CertificateGet] {
        assert!(allowed(rule, &both, "p", "user"));
        assert!(!allowed(rule, &both, "p", "somebody else"));
    }
}

#[test]
fn a_clusters_own_user_may_not_touch_clusters() {
    let trustee = caller_of("user", TRUSTEES, &["member", "reader"], CallerScope::Project("p".into()));
    for rule in [Rule::ClusterCreate, Rule::ClusterGet, Rule::ClusterDelete, Rule::TemplateGet] {
        assert!(!allowed(rule, &trustee, "p", "user"), "{}", rule.name());
    }
    assert!(allowed(Rule::CertificateGet, &trustee, "p", "user"));
}

#[test]
fn a_node_without_a_trust_gets_its_clusters_certificates_and_no_others() {
    let node = caller_of("trustee", TRUSTEES, &[], CallerScope::Unscoped);
    let (own, other) = (cluster_of("trustee"), cluster_of("another"));
    let may = |rule, cluster| decide(&Rules::default(), rule, &node, Target::cluster(cluster), Some(TRUSTEES));
    for rule in [Rule::CertificateGet, Rule::CertificateCreate] {
        assert!(may(rule, &own), "{}", rule.name());
        assert!(!may(rule, &other), "{}", rule.name());
    }
    for rule in [Rule::CertificateRotateCa, Rule::ClusterGet, Rule::ClusterDelete] {
        assert!(!may(rule, &own), "{}", rule.name());
    }
}

#[test]
fn tokens_of_the_system_pass_only_rules_that_are_not_about_projects() {
    let admin = caller_of("user", "default", &["admin"], CallerScope::System);
    assert!(allowed(Rule::ServiceGetAll, &admin, "p", "user"));
    assert!(!allowed(Rule::ClusterGetAll, &admin, "p", "user"));
}

#[test]
fn without_a_project_there_is_no_object_to_be_a_member_for() {
    let unscoped = caller_of("user", "default", &["member", "reader"], CallerScope::Unscoped);
    assert!(!decide(&Rules::default(), Rule::ClusterGetAll, &unscoped, Target::own(&unscoped), None));
}

#[test]
fn a_file_can_ask_for_what_is_known_of_the_object() {
    let policy = "cluster:delete: user_id:%(user_id)s and not 'prod':%(name)s\nclustertemplate:get: True:%(public)s\n";
    let given = jeroboam_policy::file::parse(policy, &std::sync::Arc::new("policy.yaml".into())).unwrap();
    let rules = jeroboam_policy::load::assemble(&Default::default(), given).unwrap().rules;
    let owner = caller(&[], "project");
    let template = samples::template("t");
    let cluster = |name| samples::cluster(name, &template);
    assert!(decide(&rules, Rule::ClusterDelete, &owner, Target::cluster(&cluster("test")), None));
    assert!(!decide(&rules, Rule::ClusterDelete, &owner, Target::cluster(&cluster("prod")), None));
    assert!(!decide(&rules, Rule::TemplateGet, &owner, Target::template(&template), None));
    let public = jeroboam_model::ClusterTemplate { public: true, ..template };
    assert!(decide(&rules, Rule::TemplateGet, &owner, Target::template(&public), None));
}

#[test]
fn the_operator_on_the_host_is_not_locked_out_by_a_file() {
    let given = jeroboam_policy::file::parse("context_is_admin: '!'", &std::sync::Arc::new("policy.yaml".into())).unwrap();
    let rules = jeroboam_policy::load::assemble(&Default::default(), given).unwrap().rules;
    let operator = crate::LocalOperator { user: "root".to_owned() }.caller();
    assert!(decide(&rules, Rule::DriverGetAll, &operator, Target::default(), None));
    assert!(!decide(&rules, Rule::DriverGetAll, &caller(&["admin"], "p"), Target::default(), None));
    assert!(!decide(&rules, Rule::ClusterCreate, &operator, Target::default(), None));
}
