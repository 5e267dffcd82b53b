//! Secrets put into a stack definition, after the driver has returned and before Heat is asked.

use std::collections::BTreeSet;

use jeroboam_cloud::heat::{ParameterValue, StackRequest};
use jeroboam_model::driver::{SecretName, SecretValues, StackDefinition, Value};
use jeroboam_model::{Fault, Secret};

use crate::policy::Failure;

/// The secrets that a definition names.
pub(crate) fn named(definition: &StackDefinition) -> BTreeSet<&SecretName> {
    let values = definition.parameters.iter().map(|(_, value)| value);
    values.filter_map(|value| if let Value::Secret(name) = value { Some(name) } else { None }).collect()
}

/// The definition as Heat takes it.
pub(crate) fn fill(definition: StackDefinition, values: &SecretValues) -> Result<StackRequest, Failure> {
    let parameter = |(name, value)| {
        let value = match value {
            Value::Text(text) => text.into(),
            Value::Number(number) => number.into(),
            Value::Flag(flag) => flag.into(),
            Value::Json(json) => ParameterValue::Plain(json),
            Value::Secret(secret) => ParameterValue::Secret(value_of(&secret, values)?),
        };
        Ok((name, value))
    };
    Ok(StackRequest {
        template: definition.template.into(),
        files: definition.files.into_iter().map(|(name, text)| (name, text.into())).collect(),
        environment: definition.environment.into(),
        parameters: definition.parameters.into_iter().map(parameter).collect::<Result<_, Failure>>()?,
        ..StackRequest::default()
    })
}

fn value_of(name: &SecretName, values: &SecretValues) -> Result<Secret, Failure> {
    values.get(name).cloned().ok_or_else(|| {
        Failure::lasting(Fault::Driver, format!("The driver names a secret that this host does not give out: {name:?}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(parameters: Vec<(String, Value)>) -> StackDefinition {
        StackDefinition { template: "t".into(), files: Vec::new(), environment: "".into(), parameters }
    }

    #[test]
    fn secrets_are_put_in_where_they_are_named() {
        let values = SecretValues::from([(SecretName::TrustId, Secret::new("s"))]);
        let request =
            fill(definition(vec![("trust".into(), Value::Secret(SecretName::TrustId)), ("n".into(), Value::Number(3))]), &values)
                .unwrap();
        assert!(matches!(request.parameters.get("trust"), Some(ParameterValue::Secret(secret)) if secret.expose() == "s"));
        assert!(matches!(request.parameters.get("n"), Some(ParameterValue::Plain(number)) if *number == 3));
    }

    #[test]
    fn a_secret_that_is_not_given_out_fails_the_definition() {
        let failure =
            fill(definition(vec![("x".into(), Value::Secret(SecretName::CaPrivateKey))]), &SecretValues::new()).unwrap_err();
        assert_eq!(failure.fault, Fault::Driver);
    }
}
