//! What a model is made of, and the macro that declares one.

/// A model of an answer as a table: what decoding goes by.
#[derive(Debug)]
pub struct Model {
    /// The properties that this release knows.
    pub properties: &'static [Property],
    /// The list without which an answer of this model is refused.
    pub required: Option<&'static str>,
    /// The list of one that older services wrap the object in.
    pub wrapper: Option<&'static str>,
}

/// A property of a model.
#[derive(Debug)]
pub struct Property {
    /// Its name in JSON.
    pub name: &'static str,
    /// What its value is.
    pub shape: Shape,
}

/// What the value of a property is.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Any text.
    Text,
    /// An identifier: a string.
    Id,
    /// A moment, ISO 8601 in UTC.
    Date,
    /// A boolean.
    Flag,
    /// The address of a link.
    Address,
    /// An object.
    One(&'static Model),
    /// A list of objects.
    Many(&'static Model),
}

/// What a successful answer holds: a model, or nothing.
pub trait Body {
    /// The model; none where the answer has no body.
    const MODEL: Option<&'static Model>;
}

impl Body for () {
    const MODEL: Option<&'static Model> = None;
}

/// Declares a model of an answer: each property is an `Option`, because the API marks next to nothing as required, and
/// what this release does not know is kept in `extra`.
macro_rules! model {
    (
        $(#[$doc:meta])*
        $model:ident $(in $wrapper:literal)? {
            $($(#[$property_doc:meta])* $property:ident : $json:literal $shape:ident $(<$of:ident>)?,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $model {
            $(
                $(#[$property_doc])*
                #[serde(rename = $json, default, skip_serializing_if = "Option::is_none")]
                pub $property: Option<$crate::models::declare::model!(@type $shape $(<$of>)?)>,
            )+
            /// Properties that this release does not know, as they came.
            #[serde(flatten)]
            pub extra: serde_json::Map<String, serde_json::Value>,
        }

        impl $crate::models::Body for $model {
            const MODEL: Option<&'static $crate::models::Model> = Some(&$crate::models::Model {
                properties: &[$(
                    $crate::models::Property {
                        name: $json,
                        shape: $crate::models::declare::model!(@shape $shape $(<$of>)?),
                    },
                )+],
                required: None,
                wrapper: $crate::models::declare::model!(@wrapper $($wrapper)?),
            });
        }
    };
    (@type Flag) => { bool };
    (@type One<$of:ident>) => { $of };
    (@type Many<$of:ident>) => { Vec<$of> };
    (@type $text:ident) => { String };
    (@shape One<$of:ident>) => { $crate::models::Shape::One($crate::models::declare::model!(@table $of)) };
    (@shape Many<$of:ident>) => { $crate::models::Shape::Many($crate::models::declare::model!(@table $of)) };
    (@shape $shape:ident) => { $crate::models::Shape::$shape };
    (@table $of:ident) => {
        match <$of as $crate::models::Body>::MODEL {
            Some(model) => model,
            None => &$crate::models::Model { properties: &[], required: None, wrapper: None },
        }
    };
    (@wrapper $wrapper:literal) => { Some($wrapper) };
    (@wrapper) => { None };
}
pub(crate) use model;
