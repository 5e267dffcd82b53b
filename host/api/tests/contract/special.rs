//! Requests that are not about one attribute.

use super::case::{Case, Expected, On, Taken};
use super::table::{Reply, Table};

pub fn cases(table: &Table) -> Vec<Case> {
    let case = |special: &super::table::Special| {
        let taken = Taken { status: special.status, reply: Reply::Uuid, attribute: String::new(), shown: None };
        let says = special.says.iter().cloned().collect();
        Case {
            field: "*".to_owned(),
            way: "special".to_owned(),
            version: special.at,
            caller: special.caller.unwrap_or(table.caller),
            method: special.method.clone(),
            path: special.path.clone(),
            on: if special.path.contains("{}") { On::Full } else { On::Anything },
            body: special.body.clone(),
            expected: match special.status {
                200..300 => Expected::Taken(taken),
                status => Expected::Refused { status, says },
            },
        }
    };
    table.cases.iter().map(case).collect()
}
