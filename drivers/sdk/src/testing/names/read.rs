//! From JSON to Rust.

use serde::{
    de::{
        DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
        value::StrDeserializer,
    },
    forward_to_deserialize_any,
};
use serde_json::{Map, Value, map};

use super::{NameError, kebab};

pub(super) struct Reader(pub Value);

/// A list, and how far it was read.
struct Items {
    rest: std::vec::IntoIter<Value>,
    index: usize,
}

/// An object: a map, or a record whose fields have names of Rust's.
struct Fields {
    rest: map::IntoIter,
    next: Option<(String, Value)>,
    names: &'static [&'static str],
}

struct Case {
    name: &'static str,
    value: Option<Value>,
}

impl<'de> Deserializer<'de> for Reader {
    type Error = NameError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NameError> {
        match self.0 {
            Value::Array(items) => list(items, visitor),
            Value::Object(fields) => visitor.visit_map(Fields { rest: fields.into_iter(), next: None, names: &[] }),
            plain => plain.deserialize_any(visitor).map_err(NameError::custom),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NameError> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, NameError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NameError> {
        let Value::Object(fields) = self.0 else { return self.deserialize_any(visitor) };
        visitor.visit_map(Fields { rest: fields.into_iter(), next: None, names })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        cases: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NameError> {
        let (given, value) = match self.0 {
            Value::String(name) => (name, None),
            Value::Object(fields) => match single(fields) {
                Some((name, value)) => (name, Some(value)),
                None => return Err(NameError::custom("one of several cases is wanted, as {\"case\": value}")),
            },
            _ => return Err(NameError::custom("one of several cases is wanted, as \"case\" or {\"case\": value}")),
        };
        match cases.iter().find(|case| kebab(case) == given) {
            Some(name) => visitor.visit_enum(Case { name, value }),
            None => {
                let known: Vec<String> = cases.iter().map(|case| kebab(case)).collect();
                Err(NameError::custom(format_args!("there is no {given}; it is one of {}", known.join(", "))))
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct
        map identifier ignored_any
    }
}

fn list<'de, V: Visitor<'de>>(items: Vec<Value>, visitor: V) -> Result<V::Value, NameError> {
    let mut items = Items { rest: items.into_iter(), index: 0 };
    let value = visitor.visit_seq(&mut items)?;
    match items.rest.len() {
        0 => Ok(value),
        more => Err(NameError::custom(format_args!("{more} more than there are to be"))),
    }
}

fn single(fields: Map<String, Value>) -> Option<(String, Value)> {
    let mut fields = fields.into_iter();
    fields.next().filter(|_| fields.next().is_none())
}

impl<'de> SeqAccess<'de> for &mut Items {
    type Error = NameError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, NameError> {
        let Some(item) = self.rest.next() else { return Ok(None) };
        let index = self.index;
        self.index += 1;
        seed.deserialize(Reader(item)).map(Some).map_err(|error| error.within(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = NameError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, NameError> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        let known = self.names.iter().find(|known| kebab(known) == name);
        let key: StrDeserializer<'_, NameError> = known.copied().unwrap_or(&name).into_deserializer();
        let key = seed.deserialize(key).map(Some);
        self.next = Some((name, value));
        key
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, NameError> {
        let (name, value) = self.next.take().ok_or_else(|| NameError::custom("a value without a name"))?;
        seed.deserialize(Reader(value)).map_err(|error| error.within(name))
    }
}

impl<'de> EnumAccess<'de> for Case {
    type Error = NameError;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), NameError> {
        let name: StrDeserializer<'_, NameError> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Case {
    type Error = NameError;

    fn unit_variant(self) -> Result<(), NameError> {
        match self.value {
            None => Ok(()),
            Some(_) => Err(NameError::custom(format_args!("{} has no value", kebab(self.name)))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, NameError> {
        let value = self.value.ok_or_else(|| NameError::custom(format_args!("{} has a value", kebab(self.name))))?;
        seed.deserialize(Reader(value)).map_err(|error| error.within(kebab(self.name)))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, NameError> {
        Err(NameError::custom("the contract has no such value"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, NameError> {
        Err(NameError::custom("the contract has no such value"))
    }
}
