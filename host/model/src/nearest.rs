//! What was likely meant by a name that nobody knows.

/// The candidate that takes the fewest edits to reach, if these are few enough to be a slip.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let slips = 1 + name.len() / 4;
    candidates.map(|candidate| (distance(name, candidate), candidate)).filter(|(d, _)| *d <= slips).min().map(|(_, c)| c)
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (y, above) in b.chars().zip(row.iter().skip(1)) {
            left = (left + 1).min(above + 1).min(diagonal + usize::from(x != y));
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_a_label_finds_the_label_that_was_meant() {
        let known = ["kube_tag", "etcd_tag", "availability_zone"];
        assert_eq!(nearest("kube_tags", known.into_iter()), Some("kube_tag"));
        assert_eq!(nearest("availabilty_zone", known.into_iter()), Some("availability_zone"));
        assert_eq!(nearest("something_else", known.into_iter()), None);
    }

    #[test]
    fn distances_count_single_edits() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
