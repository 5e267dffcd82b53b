//! Query strings: only what a resource knows, and each once.

use url::form_urlencoded;

use crate::error::{ApiError, echo};

/// The parameters of a request, in the order of the names that the resource knows.
pub struct Query<const N: usize>([Option<String>; N]);

impl<const N: usize> Query<N> {
    /// Reads `text`, the part of the URL after the `?`.
    pub fn read(text: Option<&str>, names: [&'static str; N]) -> Result<Self, ApiError> {
        let mut values = [const { None }; N];
        for (name, value) in form_urlencoded::parse(text.unwrap_or_default().as_bytes()) {
            let known = names.iter().zip(values.iter_mut()).find(|(known, _)| **known == name);
            match known {
                None => return Err(ApiError::UnknownArgument(echo(&name))),
                Some((known, Some(_))) => return Err(ApiError::RepeatedArgument(known)),
                Some((_, place)) => *place = Some(value.into_owned()),
            }
        }
        Ok(Self(values))
    }

    pub fn into_values(self) -> [Option<String>; N] {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_and_what_is_repeated_is_refused() {
        let read = |text| Query::read(Some(text), ["limit", "marker"]).map(Query::into_values);
        assert_eq!(read("limit=1&marker=a%20b").unwrap(), [Some("1".to_owned()), Some("a b".to_owned())]);
        assert_eq!(read("").unwrap(), [None, None]);
        assert!(matches!(read("foo=1"), Err(ApiError::UnknownArgument(name)) if name == "foo"));
        assert!(matches!(read("limit=1&limit=2"), Err(ApiError::RepeatedArgument("limit"))));
    }
}
