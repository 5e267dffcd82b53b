//! In whose name a step acts: as the requester in person, or as the cluster by its trust.

use jeroboam_model::{Cluster, Fault, Requester};
use time::OffsetDateTime;

use crate::policy::Failure;

/// How long before its end a token is not used any more: a call that carries it may take a while.
const MARGIN: time::Duration = time::Duration::seconds(30);

/// How to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Acting {
    InPerson,
    ByTrust,
}

/// What a step needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// The requester, and nobody else: trusts cannot make trusts.
    Person,
    /// The requester while that works, else the trust: Heat stores credentials of its own for a person.
    PersonFirst,
    /// The trust, which does not expire; the requester where there is none.
    TrustFirst,
}

/// What has become of the requester's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Good,
    Expired,
    /// Erased, because it was of no more use.
    Gone,
    /// Good for another project than the cluster's: an administrator's.
    Elsewhere,
}

/// What there is to act with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Means {
    pub token: Token,
    pub trust: bool,
}

impl Means {
    pub fn of(requester: &Requester, cluster: &Cluster, now: OffsetDateTime) -> Self {
        let token = match (&requester.token, requester.token_expires_at) {
            (None, _) => Token::Gone,
            (Some(_), Some(end)) if end - MARGIN <= now => Token::Expired,
            (Some(_), _) if requester.project_id != cluster.project_id => Token::Elsewhere,
            (Some(_), _) => Token::Good,
        };
        let trust = cluster.trustee.as_ref().is_some_and(|trustee| trustee.user_id.is_some() && trustee.trust_id.is_some());
        Self { token, trust }
    }

    /// The ways to act, the best first.
    pub fn ways(self, need: Need) -> Result<Vec<Acting>, Failure> {
        let order: &[Acting] = match need {
            Need::Person => &[Acting::InPerson],
            Need::PersonFirst => &[Acting::InPerson, Acting::ByTrust],
            Need::TrustFirst => &[Acting::ByTrust, Acting::InPerson],
        };
        let works = |acting: &Acting| match acting {
            Acting::InPerson => self.token == Token::Good,
            Acting::ByTrust => self.trust,
        };
        let ways: Vec<_> = order.iter().copied().filter(works).collect();
        if ways.is_empty() { Err(self.nobody(need)) } else { Ok(ways) }
    }

    fn nobody(self, need: Need) -> Failure {
        let why = match self.token {
            Token::Expired => "The token that came with the request has expired before the work that needs it was done",
            Token::Gone => "The token that came with the request is no longer kept",
            Token::Elsewhere => "The token that came with the request is for another project than the cluster's",
            Token::Good => "There is no way to act for the cluster's owner",
        };
        let end = if need == Need::Person { "" } else { ", and the cluster has no trust" };
        Failure::lasting(Fault::User, format!("{why}{end}."))
            .advise("Make the request again, with a new token of a member of the cluster's project.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDS: [Need; 3] = [Need::Person, Need::PersonFirst, Need::TrustFirst];

    fn ways(token: Token, trust: bool, need: Need) -> Option<Vec<Acting>> {
        Means { token, trust }.ways(need).ok()
    }

    #[test]
    fn with_both_the_need_decides() {
        use Acting::{ByTrust, InPerson};
        assert_eq!(ways(Token::Good, true, Need::Person), Some(vec![InPerson]));
        assert_eq!(ways(Token::Good, true, Need::PersonFirst), Some(vec![InPerson, ByTrust]));
        assert_eq!(ways(Token::Good, true, Need::TrustFirst), Some(vec![ByTrust, InPerson]));
    }

    #[test]
    fn an_expired_token_leaves_the_trust_but_makes_none() {
        assert_eq!(ways(Token::Expired, true, Need::PersonFirst), Some(vec![Acting::ByTrust]));
        assert_eq!(ways(Token::Expired, true, Need::Person), None);
        let failure = Means { token: Token::Expired, trust: false }.ways(Need::Person).unwrap_err();
        assert!(failure.message.contains("expired"));
        assert_eq!(failure.retry, None);
    }

    #[test]
    fn with_nothing_to_act_with_every_need_fails() {
        for token in [Token::Expired, Token::Gone, Token::Elsewhere] {
            for need in NEEDS {
                assert_eq!(ways(token, false, need), None, "{token:?} {need:?}");
            }
        }
    }
}
