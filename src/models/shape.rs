//! The shape of a model: which properties it has and what each one holds.

use serde::de::DeserializeOwned;

/// What a value of an answer must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A string.
    Text,
    /// An identifier: a string, also where it consists of digits.
    Id,
    /// A point in time: an ISO 8601 string in UTC.
    Date,
    /// `true` or `false`.
    Flag,
    /// An object of the given model.
    One(&'static ObjectShape),
    /// A list of objects of the given model.
    Many(&'static ObjectShape),
}

/// One property of a model.
#[derive(Debug, PartialEq, Eq)]
pub struct Property {
    /// The name in JSON.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether a model without it is of no use.
    pub required: bool,
}

/// The properties of a model.
#[derive(Debug, PartialEq, Eq)]
pub struct ObjectShape {
    /// The model's name in the API.
    pub name: &'static str,
    /// Its properties, in the order of the API's description.
    pub properties: &'static [Property],
}

/// A model that an answer can hold.
pub trait Model: DeserializeOwned {
    /// What to check the answer against.
    const SHAPE: &'static ObjectShape;
}

/// Declares a model: its struct, its JSON names and its [`Shape`], in one place.
///
/// `name: "jsonName" Kind` is a property that may be missing, `name: "jsonName" Kind!` one that is required.
macro_rules! model {
    ($(#[$doc:meta])* $model:ident { $($(#[$property_doc:meta])* $property:ident : $json:literal $kind:ident $(<$of:ident>)? $($required:tt)? ,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $model {
            $(
                $(#[$property_doc])*
                #[serde(rename = $json, skip_serializing_if = "Option::is_none")]
                pub $property: Option<$crate::models::shape::model!(@type $kind $(<$of>)?)>,
            )+
            /// Properties that this release does not know, as they came.
            #[serde(flatten)]
            pub extra: serde_json::Map<String, serde_json::Value>,
        }

        impl $crate::models::Model for $model {
            const SHAPE: &'static $crate::models::ObjectShape = &$crate::models::ObjectShape {
                name: stringify!($model),
                properties: &[$($crate::models::Property {
                    name: $json,
                    shape: $crate::models::shape::model!(@shape $kind $(<$of>)?),
                    required: $crate::models::shape::model!(@required $($required)?),
                }),+],
            };
        }
    };
    (@type Text) => { String };
    (@type Id) => { String };
    (@type Date) => { String };
    (@type Flag) => { bool };
    (@type One<$of:ident>) => { $of };
    (@type Many<$of:ident>) => { Vec<$of> };
    (@shape One<$of:ident>) => { $crate::models::Shape::One(<$of as $crate::models::Model>::SHAPE) };
    (@shape Many<$of:ident>) => { $crate::models::Shape::Many(<$of as $crate::models::Model>::SHAPE) };
    (@shape $scalar:ident) => { $crate::models::Shape::$scalar };
    (@required) => { false };
    (@required !) => { true };
}
pub(crate) use model;
