//! Labels that this driver does not know: they have no effect, and most are slips of the pen.

use jeroboam_driver_sdk::Pair;

use crate::labels::label_specs;

/// Name and a sentence for each unknown label.
pub fn labels(given: &[Pair]) -> Vec<(String, String)> {
    let known: Vec<String> = label_specs().into_iter().map(|spec| spec.name).collect();
    let unknown = given.iter().filter(|(name, _)| !known.contains(name));
    unknown.map(|(name, _)| (format!("labels/{name}"), sentence(name, nearest(name, &known)))).collect()
}

fn sentence(name: &str, meant: Option<&str>) -> String {
    match meant {
        Some(meant) => format!("label {name} is not known and has no effect: was {meant} meant?"),
        None => format!("label {name} is not known and has no effect"),
    }
}

/// The known name that takes the fewest edits, if these are few for its length.
fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    let best = known.iter().map(|candidate| (distance(name, candidate), candidate)).min()?;
    (best.0 * 4 <= best.1.len()).then_some(best.1.as_str())
}

/// Levenshtein's distance, in bytes: label names are ASCII.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, byte) in left.bytes().enumerate() {
        let mut diagonal = index;
        let mut before = index + 1;
        let mut fresh = vec![before];
        for (other, above) in right.bytes().zip(row.iter().skip(1)) {
            before = (diagonal + usize::from(byte != other)).min(above + 1).min(before + 1);
            diagonal = *above;
            fresh.push(before);
        }
        row = fresh;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_edits() {
        for (left, right, edits) in
            [("", "", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("same", "same", 0)]
        {
            assert_eq!(distance(left, right), edits, "{left} {right}");
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_answered_with_what_was_meant() {
        let found = labels(&[
            ("kube_tga".into(), "v1.34.1".into()),
            ("kube_tag".into(), "v1.34.1".into()),
            ("zzz".into(), String::new()),
        ]);
        let [(field, slip), (_, nonsense)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(field, "labels/kube_tga");
        assert!(slip.ends_with("was kube_tag meant?"), "{slip}");
        assert_eq!(nonsense, "label zzz is not known and has no effect");
    }
}
