//! What one decision costs, by the defaults: a request to show a cluster asks two of them.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jeroboam_policy::{Credential, Credentials, Policy, Rule, Scope, Target, TargetKey, Value};

struct Member(Vec<String>);

impl Credentials for Member {
    fn get(&self, key: &Credential) -> Value<'_> {
        match key {
            Credential::UserId => Value::text("6a1f0c7d1d2e4b7c9d8e7f6a5b4c3d2e"),
            Credential::ProjectId => Value::text("0123456789abcdef0123456789abcdef"),
            Credential::DomainId => Value::text("default"),
            _ => Value::Missing,
        }
    }

    fn roles(&self) -> &[String] {
        &self.0
    }
}

struct Cluster;

impl Target for Cluster {
    fn get(&self, key: &TargetKey) -> Value<'_> {
        match key {
            TargetKey::ProjectId => Value::text("0123456789abcdef0123456789abcdef"),
            TargetKey::TrusteeDomainId => Value::text("fedcba9876543210fedcba9876543210"),
            _ => Value::Missing,
        }
    }
}

fn decide(criterion: &mut Criterion) {
    let policy = Policy::default();
    let roles = ["heat_stack_owner", "creator", "load-balancer_member", "member", "reader"];
    let member = Member(roles.map(str::to_owned).to_vec());
    let rules = policy.rules();
    criterion.bench_function("cluster:get", |b| {
        b.iter(|| rules.decide(black_box(Rule::ClusterGet), &member, Scope::Project, &Cluster));
    });
    criterion.bench_function("all that showing a cluster asks", |b| {
        b.iter(|| {
            let rules = policy.rules();
            let everywhere = rules.decide(black_box(Rule::ClusterGetOneAllProjects), &member, Scope::Project, &Cluster);
            (everywhere, rules.decide(black_box(Rule::ClusterGet), &member, Scope::Project, &Cluster))
        });
    });
}

criterion_group!(benches, decide);
criterion_main!(benches);
