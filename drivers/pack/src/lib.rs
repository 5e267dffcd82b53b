//! For the build script of a bundled driver: packs the files that nodes are given into an archive, as text that user data can hold.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut node = jeroboam_driver_pack::Archive::of_driver()?;
//! node.add(&["agent.sh", "tools.sh", "lib.sh", "configure.sh", "jeroboam-agent.service"])?;
//! node.write("worker")?;
//! node.add_folder("manifests/static")?;
//! node.write("master")?;
//! # Ok(())
//! # }
//! ```
//!
//! A file is looked for in the driver's own `node/`, then in `drivers/common/node/`, which holds the fragments that drivers share; one name in both is an error.
//! Its ending says where it goes:
//!
//! | files | on a node |
//! |---|---|
//! | `*.sh` | `/opt/jeroboam/libexec/`, executable |
//! | `*.service`, `*.timer`, `*.socket` | `/etc/systemd/system/` |
//! | others | `/opt/jeroboam/share/` |
//! | those of a folder | `/opt/jeroboam/share/<last name of the folder>/` |
//!
//! The archive holds files only, no folders: on systems whose `/opt` is a link, an entry for the folder would replace the link.
//!
//! It must not: depend on a clock or on the order of a directory. The same files make the same archive.

mod archive;

pub use archive::{Archive, Error};
