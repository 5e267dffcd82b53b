//! `jeroboam driver approve`: a version gets what it asks for.

use anyhow::Result;
use jeroboam_api::operator::Version;

use super::{ask::ask, versions};
use crate::{cli::Remote, commands::Ended};

pub fn run(version: &str, remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let approved: Version = client.post(&["drivers", "versions", version, "actions", "approve"], &()).await?;
        let version = versions::settled(&client, approved).await?;
        versions::tell(&version, remote.format)
    })
}
