//! Random checks: most of them well-formed, some not quite.

use serde_json::{Value as Json, json};

/// Xorshift: the same checks in every run.
pub struct Random(u64);

const ATOMS: &[&str] = &[
    "@",
    "!",
    "role:admin",
    "role:MEMBER",
    "role:reader",
    "role:%(name)s",
    "role:%(bogus)s",
    "role:x%%y",
    "user_id:%(user_id)s",
    "user_id:%(name)s",
    "project_id:%(project_id)s",
    "project_id:%(bogus)s",
    "project_id:p",
    "project_id:%%",
    "domain_id:d",
    "bogus:%(project_id)s",
    "bogus.deeper:p",
    "roles:member",
    "roles:%(name)s",
    "is_admin:True",
    "is_admin:False",
    "is_admin:%(name)s",
    "system_scope:all",
    "'member':%(name)s",
    "\"u\":%(user_id)s",
    "'':",
    "True:%(name)s",
    "True:True",
    "None:%(name)s",
    "7:7",
    "-7:-7",
    "'p':p",
    "'a:b':c",
    "rule:nowhere",
    "user_id:a%(user_id)sb",
    "user_id:%(user_id)s%(bogus)s",
];

/// What is refused, or nearly.
const ODD: &[&str] = &[
    "member",
    "'quoted'",
    "role:",
    "user_id:%(user_id)",
    "user_id:%s",
    "user_id:50%",
    "0x7:7",
    "()",
    "(",
    ")",
    "and",
    "or",
    "not",
    "a b",
];

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn one(&mut self, of: &[&str]) -> String {
        of[self.below(of.len())].to_owned()
    }

    /// The rule of this number, which may refer to those before it.
    pub fn rule(&mut self, number: usize) -> Json {
        match self.below(12) {
            0 => {
                let lists = self.below(4);
                Json::Array((0..lists).map(|_| self.list(number)).collect())
            }
            1 => Json::String(self.soup()),
            _ => Json::String(self.check(number, 4)),
        }
    }

    fn list(&mut self, number: usize) -> Json {
        match self.below(3) {
            0 => Json::String(self.atom(number)),
            _ => json!((0..self.below(4)).map(|_| self.atom(number)).collect::<Vec<_>>()),
        }
    }

    fn atom(&mut self, number: usize) -> String {
        // A few steps back only: chains of references may not grow too long.
        if !number.is_multiple_of(8) && self.below(6) == 0 {
            return format!("rule:r{}", number - 1 - self.below(number % 8));
        }
        self.one(ATOMS)
    }

    fn check(&mut self, number: usize, depth: usize) -> String {
        if depth == 0 {
            return self.atom(number);
        }
        match self.below(7) {
            0 => format!("{}{}", self.one(&["not ", "NOT  ", "not\t"]), self.check(number, depth - 1)),
            1 => format!("({})", self.check(number, depth - 1)),
            2 => format!("( {} )", self.check(number, depth - 1)),
            3 | 4 => {
                let word = self.one(&[" and ", " or ", " AND ", "\n  Or "]);
                let (left, right) = (self.check(number, depth - 1), self.check(number, depth - 1));
                format!("{left}{word}{right}")
            }
            _ => self.atom(number),
        }
    }

    /// Words in no order.
    fn soup(&mut self) -> String {
        let words = 1 + self.below(6);
        let word = |random: &mut Self| match random.below(3) {
            0 => random.one(ODD),
            1 => random.one(&["and", "or", "not", "(", ")"]),
            _ => random.one(ATOMS),
        };
        (0..words).map(|_| word(self)).collect::<Vec<_>>().join(" ")
    }
}
