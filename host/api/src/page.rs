//! Pages of lists.

use std::fmt;

use http::StatusCode;
use jeroboam_model::ProjectId;
use jeroboam_store::{Direction, ListQuery};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::call::Call;
use crate::error::{ApiError, echo};
use crate::fields::Out;
use crate::query::Query;

/// Which part of a list is asked for, and in which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageQuery {
    /// At least 1, at most the operator's limit.
    pub limit: usize,
    /// The last item of the page before.
    pub marker: Option<Uuid>,
    /// A column. `id` is the order of creation.
    pub sort_key: String,
    pub descending: bool,
}

/// What is wrong with the parameters of a list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    #[error("Limit must be positive")]
    NotPositive,
    #[error("Invalid input for field/attribute limit. Value: '{0}'. Value should be an integer.")]
    Limit(String),
    #[error("Invalid input for field/attribute marker. Value: '{0}'. Value should be a UUID.")]
    Marker(String),
    #[error("Invalid input for field/attribute marker. Value: '{0}'. Value should be an integer.")]
    NumberMarker(String),
    #[error("Marker {0} could not be found.")]
    NoSuchMarker(String),
    #[error("The sort_key value \"{0}\" is an invalid field for sorting")]
    SortKey(String),
    #[error("Invalid sort direction: {0}. Acceptable values are 'asc' or 'desc'")]
    SortDir(String),
}

/// A column that lists can be sorted by.
pub struct Column<T> {
    pub name: &'static str,
    /// Text that sorts as the column does.
    pub key: fn(&T) -> String,
}

impl PageError {
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NoSuchMarker(_) => StatusCode::NOT_FOUND,
            Self::NotPositive
            | Self::Limit(_)
            | Self::Marker(_)
            | Self::NumberMarker(_)
            | Self::SortKey(_)
            | Self::SortDir(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl PageQuery {
    pub const BY_CREATION: &str = "id";

    pub fn read(call: &Call) -> Result<Self, ApiError> {
        let names = ["limit", "marker", "sort_key", "sort_dir"];
        let [limit, marker, sort_key, sort_dir] = Query::read(call.query(), names)?.into_values();
        Ok(Self::parse(limit, marker, sort_key, sort_dir, call.app.config.max_limit)?)
    }

    /// Of parameters that were read among others.
    pub fn of(
        call: &Call,
        limit: Option<String>,
        marker: Option<String>,
        sort_key: Option<String>,
        sort_dir: Option<String>,
    ) -> Result<Self, ApiError> {
        Ok(Self::parse(limit, marker, sort_key, sort_dir, call.app.config.max_limit)?)
    }

    /// The same for a list that can be filtered by one parameter more.
    pub fn read_with(call: &Call, filter: &'static str) -> Result<(Self, Option<String>), ApiError> {
        let names = ["limit", "marker", "sort_key", "sort_dir", filter];
        let [limit, marker, sort_key, sort_dir, filter] = Query::read(call.query(), names)?.into_values();
        Ok((Self::parse(limit, marker, sort_key, sort_dir, call.app.config.max_limit)?, filter))
    }

    /// Of a list that has one order only: the two parameters that it takes.
    pub fn marked(call: &Call, limit: Option<String>, marker: Option<String>) -> Result<Self, ApiError> {
        Ok(Self::parse(limit, marker, None, None, call.app.config.max_limit)?)
    }

    /// Of a list whose items have numbers: its marker is one, and the list's own to look for.
    pub fn numbered(
        call: &Call,
        limit: Option<String>,
        sort_key: Option<String>,
        sort_dir: Option<String>,
    ) -> Result<Self, ApiError> {
        Ok(Self::parse(limit, None, sort_key, sort_dir, call.app.config.max_limit)?)
    }

    fn parse(
        limit: Option<String>,
        marker: Option<String>,
        sort_key: Option<String>,
        sort_dir: Option<String>,
        max_limit: usize,
    ) -> Result<Self, PageError> {
        let limit = match limit.map(|text| text.parse::<i64>().map_err(|_| PageError::Limit(echo(&text)))).transpose()? {
            None => max_limit,
            Some(limit) if limit < 1 => return Err(PageError::NotPositive),
            Some(limit) => usize::try_from(limit).unwrap_or(max_limit).min(max_limit),
        };
        let marker = marker.map(|text| Uuid::try_parse(&text).map_err(|_| PageError::Marker(echo(&text)))).transpose()?;
        let descending = match sort_dir.as_deref() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(other) => return Err(PageError::SortDir(echo(other))),
        };
        Ok(Self { limit, marker, sort_key: sort_key.unwrap_or_else(|| Self::BY_CREATION.to_owned()), descending })
    }

    /// The same, as the store takes it.
    pub fn list_query<'a, K>(&self, project: Option<&'a ProjectId>, key: fn(Uuid) -> K) -> ListQuery<'a, K> {
        let direction = if self.descending { Direction::Descending } else { Direction::Ascending };
        ListQuery { project, marker: self.marker.map(key), limit: self.limit, direction }
    }

    /// The column to sort by; nothing for the order of creation.
    pub fn column<T>(&self, columns: &'static [Column<T>]) -> Result<Option<&'static Column<T>>, PageError> {
        if self.sort_key == Self::BY_CREATION {
            return Ok(None);
        }
        let column = columns.iter().find(|column| column.name == self.sort_key);
        column.map(Some).ok_or_else(|| PageError::SortKey(echo(&self.sort_key)))
    }

    /// The page of a list that is here as a whole, in its own order or by a column; and whether there is more.
    pub fn cut<T>(
        &self,
        mut items: Vec<T>,
        key: Option<impl Fn(&T) -> String>,
        id: impl Fn(&T) -> String,
    ) -> Result<(Vec<T>, bool), PageError> {
        if let Some(key) = key {
            items.sort_by_cached_key(key);
        }
        if self.descending {
            items.reverse();
        }
        if let Some(marker) = self.marker.map(|marker| marker.to_string()) {
            let place = items.iter().position(|item| id(item) == marker).ok_or(PageError::NoSuchMarker(marker))?;
            items.drain(..=place);
        }
        let more = items.len() > self.limit;
        items.truncate(self.limit);
        Ok((items, more))
    }

    /// Writes `next` if there is more after `last`.
    pub fn write_next(&self, path: fmt::Arguments<'_>, more: bool, last: Option<impl fmt::Display>, out: &mut Out) {
        self.write_next_with(path, format_args!(""), more, last, out);
    }

    /// The same for a list that has parameters of its own, each with an `&` behind it.
    pub fn write_next_with(
        &self,
        path: fmt::Arguments<'_>,
        own: fmt::Arguments<'_>,
        more: bool,
        last: Option<impl fmt::Display>,
        out: &mut Out,
    ) {
        let Some(marker) = last.filter(|_| more) else { return };
        out.key("next");
        let (sort_key, limit) = (&self.sort_key, self.limit);
        let sort_dir = if self.descending { "desc" } else { "asc" };
        out.plain(format_args!("{path}?{own}sort_key={sort_key}&sort_dir={sort_dir}&limit={limit}&marker={marker}"));
    }
}

/// Text that sorts as time does.
pub fn moment(at: Option<OffsetDateTime>) -> String {
    at.map(|at| format!("{:039}", at.unix_timestamp_nanos())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(limit: Option<&str>, marker: Option<&str>, sort_dir: Option<&str>) -> Result<PageQuery, PageError> {
        PageQuery::parse(limit.map(str::to_owned), marker.map(str::to_owned), None, sort_dir.map(str::to_owned), 1000)
    }

    #[test]
    fn limits_are_positive_and_bounded() {
        assert_eq!(parse(None, None, None).unwrap().limit, 1000);
        assert_eq!(parse(Some("5000"), None, None).unwrap().limit, 1000);
        assert_eq!(parse(Some("7"), None, None).unwrap().limit, 7);
        for limit in ["0", "-1"] {
            assert_eq!(parse(Some(limit), None, None), Err(PageError::NotPositive));
        }
        for limit in ["", "x", "1.5"] {
            assert_eq!(parse(Some(limit), None, None), Err(PageError::Limit(limit.to_owned())));
        }
    }

    #[test]
    fn markers_are_uuids_and_directions_two_words() {
        assert!(matches!(parse(None, Some("name"), None), Err(PageError::Marker(_))));
        assert!(matches!(parse(None, None, Some("DESC")), Err(PageError::SortDir(_))));
        assert!(parse(None, None, Some("desc")).unwrap().descending);
    }

    #[test]
    fn lists_are_sorted_by_columns_that_there_are() {
        static COLUMNS: &[Column<String>] = &[Column { name: "name", key: |name| name.clone() }];
        let column = |sort_key: &str| {
            let query = PageQuery { limit: 1, marker: None, sort_key: sort_key.to_owned(), descending: false };
            query.column(COLUMNS).map(|column| column.map(|column| column.name))
        };
        assert_eq!(column("id"), Ok(None));
        assert_eq!(column("name"), Ok(Some("name")));
        assert_eq!(column("node_count"), Err(PageError::SortKey("node_count".to_owned())));
    }
}
