//! The macro that declares a model.

/// Declares a model of an answer: each property is an `Option`, because the API marks next to nothing as required, and
/// what this release does not know is kept in `extra`.
macro_rules! model {
    ($(#[$doc:meta])* $model:ident { $($(#[$property_doc:meta])* $property:ident : $json:literal $type:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $model {
            $(
                $(#[$property_doc])*
                #[serde(rename = $json, default, skip_serializing_if = "Option::is_none")]
                pub $property: Option<$type>,
            )+
            /// Properties that this release does not know, as they came.
            #[serde(flatten)]
            pub extra: serde_json::Map<String, serde_json::Value>,
        }
    };
}
pub(crate) use model;
