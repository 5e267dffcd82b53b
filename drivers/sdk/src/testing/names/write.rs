//! From Rust to JSON.

use serde::ser::{
    Error, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct, Serializer,
};
use serde_json::{Map, Value};

use super::{NameError, kebab};

pub(super) struct Writer;

#[derive(Default)]
pub(super) struct Items(Vec<Value>);

#[derive(Default)]
pub(super) struct Fields {
    fields: Map<String, Value>,
    key: Option<String>,
}

macro_rules! plain {
    ($($method:ident: $type:ty),+ $(,)?) => {$(
        fn $method(self, value: $type) -> Result<Value, NameError> {
            Ok(Value::from(value))
        }
    )+};
}

fn not_said<T>() -> Result<T, NameError> {
    Err(NameError::custom("the contract has no such value"))
}

impl Serializer for Writer {
    type Ok = Value;
    type Error = NameError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Impossible<Value, NameError>;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Impossible<Value, NameError>;

    plain! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_f32: f32, serialize_f64: f64, serialize_str: &str, serialize_bytes: &[u8],
    }

    fn serialize_char(self, value: char) -> Result<Value, NameError> {
        Ok(Value::String(value.to_string()))
    }

    fn serialize_none(self) -> Result<Value, NameError> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, NameError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, NameError> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, NameError> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Value, NameError> {
        Ok(Value::String(kebab(variant)))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Value, NameError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, NameError> {
        Ok(Value::Object(Map::from_iter([(kebab(variant), value.serialize(self)?)])))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items, NameError> {
        Ok(Items::default())
    }

    fn serialize_tuple(self, _: usize) -> Result<Items, NameError> {
        Ok(Items::default())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items, NameError> {
        Ok(Items::default())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, NameError> {
        not_said()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields, NameError> {
        Ok(Fields::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields, NameError> {
        Ok(Fields::default())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, NameError> {
        not_said()
    }
}

macro_rules! items {
    ($($trait:ident: $method:ident),+) => {$(
        impl $trait for Items {
            type Ok = Value;
            type Error = NameError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NameError> {
                self.0.push(value.serialize(Writer)?);
                Ok(())
            }

            fn end(self) -> Result<Value, NameError> {
                Ok(Value::Array(self.0))
            }
        }
    )+};
}

items!(SerializeSeq: serialize_element, SerializeTuple: serialize_element, SerializeTupleStruct: serialize_field);

impl SerializeStruct for Fields {
    type Ok = Value;
    type Error = NameError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), NameError> {
        self.fields.insert(kebab(name), value.serialize(Writer)?);
        Ok(())
    }

    fn end(self) -> Result<Value, NameError> {
        Ok(Value::Object(self.fields))
    }
}

impl SerializeMap for Fields {
    type Ok = Value;
    type Error = NameError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NameError> {
        match key.serialize(Writer)? {
            Value::String(key) => self.key = Some(key),
            _ => return not_said(),
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NameError> {
        if let Some(key) = self.key.take() {
            self.fields.insert(key, value.serialize(Writer)?);
        }
        Ok(())
    }

    fn end(self) -> Result<Value, NameError> {
        Ok(Value::Object(self.fields))
    }
}
