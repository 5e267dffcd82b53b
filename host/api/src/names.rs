//! Names for what users do not name: `<greek letter>-<1 to 24>-<kind>`.

use uuid::Uuid;

const LETTERS: [&str; 24] = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "omicron",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
];

/// Not unique: there are only so many, and names need not be.
pub fn generate(kind: &str) -> String {
    let random = Uuid::new_v4().as_u128();
    let letter = LETTERS.get((random % 24) as usize).unwrap_or(&"alpha");
    let number = (random >> 64) as u16 % 24 + 1;
    format!("{letter}-{number}-{kind}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_names_keep_the_rule_of_cluster_names() {
        for _ in 0..100 {
            let name = generate("cluster");
            assert_eq!(jeroboam_model::name::check_cluster_name(&name), Ok(()), "{name}");
            let number: u32 = name.split('-').nth(1).unwrap().parse().unwrap();
            assert!((1..=24).contains(&number) && name.ends_with("-cluster"), "{name}");
        }
    }
}
