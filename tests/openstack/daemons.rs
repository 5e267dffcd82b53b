//! The daemons of the suite: as an operator would configure them for this cloud.

use anyhow::Result;
use jeroboam_tests::daemon::{self, Place};

use crate::{case::Daemon, rig::Rig};

/// The place outlives the process: its state is in it.
pub struct Running {
    pub process: daemon::Daemon,
    _place: Place,
}

pub async fn start(rig: &Rig, kind: Daemon) -> Result<Running> {
    let (port, own) = match kind {
        Daemon::Usual => ("P_MAGNUM", "[trust]\ncluster_user_trust = true\n"),
        Daemon::Barbican => {
            ("P_MAGNUM_BARBICAN", "[certificates]\ncert_manager_type = barbican\n[trust]\ncluster_user_trust = false\n")
        }
    };
    let place = Place::at(rig.setting(port)?.parse()?)?;
    place.write(&format!(
        "[DEFAULT]\nstate_path = {state}\ndebug = true\n[api]\nport = {port}\n[jeroboam]\npoll_min = 1\npoll_max = 5\n\
         [keystone_authtoken]\nwww_authenticate_uri = {auth}\nauth_url = {auth}\nusername = magnum\npassword = {password}\n\
         user_domain_name = Default\nproject_name = service\nproject_domain_name = Default\nregion_name = {region}\n\
         [magnum_client]\nregion_name = {own_region}\n[kubernetes]\nhealth_polling_interval = 10\n\
         {own}trustee_domain_name = magnum\ntrustee_domain_admin_name = magnum_domain_admin\ntrustee_domain_admin_password = {password}\n",
        state = place.state().display(),
        port = place.port,
        auth = rig.setting("AUTH_URL")?,
        password = rig.setting("PASSWORD")?,
        region = rig.setting("REGION")?,
        own_region = kind.region(),
    ))?;
    let process = place.start(&[]).await?;
    Ok(Running { process, _place: place })
}
