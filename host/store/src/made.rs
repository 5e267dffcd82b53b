//! What others have made of records, such as the text of an answer: kept with the records, and gone with them.

use std::{
    any::Any,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// How many are kept: a cluster in a list, in detail and by itself, for two kinds of clients. The oldest goes first.
const MOST: usize = 6;

/// Of values of any types, found again by what they say of themselves.
#[derive(Clone, Default)]
pub struct Made(Arc<Mutex<Vec<Arc<dyn Any + Send + Sync>>>>);

impl Made {
    /// The one that is asked for; made now, if there is none.
    pub fn find_or<T: Any + Send + Sync>(&self, is_it: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> Arc<T> {
        if let Some(found) = self.find(is_it) {
            return found;
        }
        // While it is made, nobody waits; two may make the same.
        let made = Arc::new(make());
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.remove(0);
        }
        all.push(made.clone());
        made
    }

    fn find<T: Any + Send + Sync>(&self, is_it: impl Fn(&T) -> bool) -> Option<Arc<T>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|made| made.downcast_ref().is_some_and(&is_it))?;
        Arc::clone(found).downcast().ok()
    }
}

impl fmt::Debug for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Made").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_not_made_again() {
        let made = Made::default();
        for _ in 0..2 {
            assert_eq!(*made.find_or(|number| *number == 7, || 7), 7);
        }
        assert_eq!(*made.find_or(|number| *number == 7, || -> i32 { unreachable!("it is there") }), 7);
        assert_eq!(*made.find_or(|text: &&str| *text == "7", || "7"), "7");
    }

    #[test]
    fn the_oldest_goes_first() {
        let made = Made::default();
        for number in 0..=MOST {
            made.find_or(|there| *there == number, || number);
        }
        assert_eq!(made.find(|there: &usize| *there == 0), None);
        assert_eq!(made.find(|there: &usize| *there == 1).as_deref(), Some(&1));
    }
}
