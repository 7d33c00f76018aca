//! Enums as the words they have on the wire, for columns of text.

use serde::{
    Serialize,
    de::{DeserializeOwned, IntoDeserializer, value::StrDeserializer},
};
use serde_json::Value;

use crate::store::StoreError;

/// The word of a unit variant.
pub(super) fn write(value: impl Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value).map_err(StoreError::unreadable)? {
        Value::String(word) => Ok(word),
        other => Err(StoreError::unreadable(anyhow::anyhow!("not a word: {other}"))),
    }
}

/// Errors: a word this build does not know.
pub(super) fn read<T: DeserializeOwned>(word: &str) -> Result<T, StoreError> {
    let words: StrDeserializer<'_, serde::de::value::Error> = word.into_deserializer();
    T::deserialize(words).map_err(StoreError::unreadable)
}
