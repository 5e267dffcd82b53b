//! A test kit for drivers, in native builds only: a [`World`] that answers what a driver asks, and [samples](mod@samples) to
//! call it with. A [`Record`] of a call that a host made is both.
//!
//! ```
//! use jeroboam_driver_sdk::{lookup, testing::World};
//!
//! let disk = World::new().flavor("m1.small", 1, 2048, 20).run(|| lookup::get_flavor("m1.small").map(|flavor| flavor.disk));
//! assert_eq!(disk, Ok(20));
//! ```

pub mod names;
mod record;
pub mod samples;
mod world;

use std::{cell::RefCell, rc::Rc};

pub use record::{Record, RecordError};
pub use samples::{cluster, node_group, template};
pub use world::{Trace, World};

thread_local! {
    static CURRENT: RefCell<Rc<World>> = RefCell::new(Rc::new(World::new()));
}

/// Answers an import from the world of this thread: that of the innermost `run`, else an empty one.
pub(crate) fn answer<T>(from: impl FnOnce(&World) -> T) -> T {
    let world = CURRENT.with_borrow(Rc::clone);
    from(&world)
}

/// Puts the world before it back, also if a test fails.
struct Entered(Rc<World>);

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.replace(Rc::clone(&self.0));
    }
}

impl World {
    /// Calls `test` in this world.
    pub fn run<T>(self, test: impl FnOnce() -> T) -> T {
        self.observe(test).0
    }

    /// Calls `test` in this world, and tells what it did to it.
    pub fn observe<T>(self, test: impl FnOnce() -> T) -> (T, Trace) {
        let world = Rc::new(self);
        let before = Entered(CURRENT.replace(Rc::clone(&world)));
        let value = test();
        drop(before);
        let trace = world.trace.take();
        (value, trace)
    }
}
