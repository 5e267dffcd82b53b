//! How much memory the process has.

/// In KiB. What allocators keep for themselves, and caches that fill up; a hundred thousand requests that each left a kilobyte would be far more.
pub const MOST_GROWTH: u64 = 48 * 1024;

/// In KiB; nothing where the system does not say.
pub fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
