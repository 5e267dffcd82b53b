//! The operator's socket: a file that only root and the daemon's own user can connect to, and on which they are administrators without a token. The file's mode says
//! so, and the kernel's word on who connects is asked besides: a folder may be moved, or a mode changed.

use std::{
    fs, io,
    os::unix::{fs::PermissionsExt, net::UnixStream as BlockingStream},
    path::{Path, PathBuf},
};

use jeroboam_api::LocalOperator;
use tokio::net::{UnixListener, UnixStream};

use super::{Door, Guest};

pub struct Socket {
    listener: UnixListener,
    path: PathBuf,
}

impl Socket {
    /// Opens it, in the place of one that a daemon left behind that is no more. The daemon does without it if that cannot be.
    pub fn open(path: &Path) -> Option<Self> {
        match Self::bind(path) {
            Ok(socket) => Some(socket),
            Err(error) => {
                tracing::error!(path = %path.display(), %error, "no operator's socket; see [jeroboam] socket");
                None
            }
        }
    }

    fn bind(path: &Path) -> io::Result<Self> {
        if BlockingStream::connect(path).is_ok() {
            return Err(io::Error::other("another daemon listens there"));
        }
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(path)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
        Ok(Self { listener, path: path.to_owned() })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

impl Door for Socket {
    type Stream = UnixStream;

    async fn accept(&self) -> io::Result<Option<(UnixStream, Guest)>> {
        let (stream, _) = self.listener.accept().await?;
        let uid = stream.peer_cred()?.uid();
        if !is_let_in(uid, rustix::process::geteuid().as_raw()) {
            tracing::warn!(uid, "refused on the operator's socket: neither root nor this service's user");
            return Ok(None);
        }
        Ok(Some((stream, Guest::Operator(LocalOperator { user: name_of(uid) }))))
    }
}

fn is_let_in(uid: u32, own: u32) -> bool {
    uid == 0 || uid == own
}

/// As `/etc/passwd` has it; else the number.
fn name_of(uid: u32) -> String {
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    name_in(&passwd, uid).unwrap_or_else(|| uid.to_string())
}

fn name_in(passwd: &str, uid: u32) -> Option<String> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, number) = (fields.next()?, fields.nth(1)?);
        (number.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_root_and_the_daemons_own_user_are_let_in() {
        assert!(is_let_in(0, 990) && is_let_in(990, 990));
        assert!(!is_let_in(1000, 990) && !is_let_in(1000, 0));
    }

    #[test]
    fn users_are_known_by_their_names() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\nbroken\nmagnum:x:990:990::/:/bin/false\n";
        assert_eq!(name_in(passwd, 990).as_deref(), Some("magnum"));
        assert_eq!(name_in(passwd, 1), None);
    }

    #[tokio::test]
    async fn a_socket_that_was_left_behind_is_replaced_and_one_in_use_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("operator.sock");
        drop(BlockingListener::bind(&path).unwrap());
        let socket = Socket::bind(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(Socket::bind(&path).is_err());
        drop(socket);
        assert!(!path.exists());
    }

    use std::os::unix::net::UnixListener as BlockingListener;
}
