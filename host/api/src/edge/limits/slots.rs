//! Places for requests under way: so many for each key, given back when they are dropped.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many places each key has, and how many of them are taken. Keys with none taken are not kept.
pub struct Slots<K> {
    each: NonZeroU32,
    taken: Mutex<BTreeMap<K, u32>>,
}

/// A place that is taken.
pub struct Slot<'a, K: Ord> {
    slots: &'a Slots<K>,
    key: K,
}

impl<K: Ord> Slots<K> {
    pub fn new(each: NonZeroU32) -> Self {
        Self { each, taken: Mutex::default() }
    }

    /// Nothing, if all are taken.
    pub fn take(&self, key: K) -> Option<Slot<'_, K>>
    where
        K: Clone,
    {
        let mut taken = self.taken();
        let count = taken.entry(key.clone()).or_default();
        if *count >= self.each.get() {
            return None;
        }
        *count += 1;
        Some(Slot { slots: self, key })
    }

    fn taken(&self) -> MutexGuard<'_, BTreeMap<K, u32>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Ord> Drop for Slot<'_, K> {
    fn drop(&mut self) {
        let mut taken = self.slots.taken();
        match taken.get_mut(&self.key) {
            Some(count) if *count > 1 => *count -= 1,
            _ => _ = taken.remove(&self.key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_places_and_gets_them_back() {
        let slots = Slots::new(NonZeroU32::new(2).unwrap());
        let (first, second) = (slots.take("a"), slots.take("a"));
        assert!(first.is_some() && second.is_some());
        assert!(slots.take("a").is_none());
        assert!(slots.take("b").is_some());
        drop(first);
        assert!(slots.take("a").is_some());
        drop(second);
        assert!(slots.taken().is_empty());
    }
}
