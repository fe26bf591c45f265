//! The macros that declare a model or a request: once, with all that is known of it. From that follow the Rust type, the
//! table of the decoder, the reading of input, and what `tests/declared.rs` writes: the literals and the types of
//! JavaScript, the schemas of the sandbox.

/// What a doc comment says; nothing in the WebAssembly, where nobody reads it.
#[cfg(not(target_arch = "wasm32"))]
macro_rules! docs {
    ($($line:literal)*) => { concat!($($line, "\n"),*) };
}
#[cfg(target_arch = "wasm32")]
macro_rules! docs {
    ($($line:literal)*) => {
        ""
    };
}
pub(crate) use docs;

/// Declares models of answers. What stands under `shared` all models below it have, before their own.
///
/// Each property is an `Option`, because the API marks next to nothing as required; but a list may be `required`: an answer
/// without it is refused, so that it is not taken for an empty one. `in` names the list of one that older services wrap the
/// object in. What this release does not know is kept in `extra`.
macro_rules! models {
    (@below { $($shared:tt)* }) => {};
    (@below { $($shared:tt)* } shared { $($more:tt)* } $($rest:tt)*) => {
        $crate::models::declare::models! { @below { $($shared)* $($more)* } $($rest)* }
    };
    (@below { $($shared:tt)* } $(#[doc = $doc:literal])* $model:ident $(in $wrapper:literal)? { $($own:tt)* } $($rest:tt)*) => {
        $crate::models::declare::model! { $(#[doc = $doc])* $model $(in $wrapper)? { $($shared)* $($own)* } }
        $crate::models::declare::models! { @below { $($shared)* } $($rest)* }
    };
    ($($declared:tt)*) => {
        $crate::models::declare::models! { @below {} $($declared)* }
    };
}
pub(crate) use models;

/// One model, whole.
macro_rules! model {
    (
        $(#[doc = $doc:literal])*
        $model:ident $(in $wrapper:literal)? {
            $($(#[doc = $property_doc:literal])* $property:ident : $json:literal $shape:ident $(<$of:ident>)? $($required:ident)?,)+
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $model {
            $(
                $(#[doc = $property_doc])*
                #[serde(rename = $json, default, skip_serializing_if = "crate::models::Absent::is_absent")]
                pub $property: $crate::models::declare::model!(@type [$($required)?] $shape $(<$of>)?),
            )+
            /// Properties that this release does not know, as they came. (The WebAssembly hands on the answer itself.)
            #[cfg(not(target_arch = "wasm32"))]
            #[serde(flatten)]
            pub extra: serde_json::Map<String, serde_json::Value>,
        }

        impl $crate::models::FromValue for $model {
            fn from_value(path: &$crate::path::Path<'_>, value: &$crate::input::Value) -> Result<Self, $crate::error::Error> {
                let mut parts = $crate::input::Parts::of(path, $crate::input::any_object(path, value)?);
                let model = Self {
                    $($property: $crate::models::declare::model!(@read [$($required)?] parts $json $shape $(<$of>)?),)+
                    #[cfg(not(target_arch = "wasm32"))]
                    extra: serde_json::Map::new(),
                };
                parts.done()?;
                Ok(model)
            }
        }

        impl $crate::models::Body for $model {
            const MODEL: Option<&'static $crate::models::Model> = Some(&$crate::models::Model::new(
                $crate::models::Name::$model,
                &$crate::models::Property::row([$(
                    ($json, $crate::models::declare::model!(@shape $shape $(<$of>)?)),
                )+]),
                $crate::models::declare::first(&[$($crate::models::declare::model!(@required [$($required)?] $json)),+]),
                $crate::models::declare::model!(@wrapper $($wrapper)?),
            ).documented(
                $crate::models::declare::docs!($($doc)*),
                &[$($crate::models::declare::docs!($($property_doc)*)),+],
            ));
        }
    };
    (@type [] $($shape:tt)+) => { Option<$crate::models::declare::model!(@type [required] $($shape)+)> };
    (@type [required] Flag) => { bool };
    (@type [required] One<$of:ident>) => { $crate::models::$of };
    (@type [required] Many<$of:ident>) => { Vec<$crate::models::$of> };
    (@type [required] $text:ident) => { String };
    // Whoever makes a model of a value has no use for links.
    (@read [] $parts:ident $json:literal One<SelfLinks>) => { None };
    (@read [] $parts:ident $json:literal One<PaginationLinks>) => { None };
    (@read [] $parts:ident $json:literal $($shape:tt)+) => {
        $parts.part($json, $crate::models::declare::model!(@reader $($shape)+))
    };
    (@read [required] $parts:ident $json:literal $($shape:tt)+) => {
        $parts.required($json, $crate::models::declare::model!(@reader $($shape)+))
    };
    (@reader Flag) => { $crate::input::flag };
    (@reader Id) => { $crate::input::read_id };
    (@reader One<$of:ident>) => { <$crate::models::$of as $crate::models::FromValue>::from_value };
    (@reader Many<$of:ident>) => {
        |path, value| $crate::input::list(path, value, <$crate::models::$of as $crate::models::FromValue>::from_value)
    };
    (@reader $text:ident) => { $crate::input::text };
    (@shape One<$of:ident>) => { $crate::models::Shape::One($crate::models::Model::of::<$crate::models::$of>()) };
    (@shape Many<$of:ident>) => { $crate::models::Shape::Many($crate::models::Model::of::<$crate::models::$of>()) };
    (@shape $shape:ident) => { $crate::models::Shape::$shape };
    (@required [required] $json:literal) => { Some($json) };
    (@required [] $json:literal) => { None };
    (@wrapper $wrapper:literal) => { Some($wrapper) };
    (@wrapper) => { None };
}
pub(crate) use model;

/// The first that there is.
pub(crate) const fn first(all: &[Option<&'static str>]) -> Option<&'static str> {
    match all {
        [Some(found), ..] => Some(found),
        [None, rest @ ..] => first(rest),
        [] => None,
    }
}

/// Declares what is sent. A property is a [`Setting`](crate::models::Setting), which may be omitted, `null` or a value, or it
/// is `required`. `from` names the model of the object as it is read, and `by` what turns that into the request: whoever hands
/// in the one for the other is told so.
macro_rules! request {
    (
        $(#[doc = $doc:literal])*
        $request:ident $(from $model:ident by $turn:literal)? {
            $($(#[doc = $property_doc:literal])* $property:ident : $json:literal $kind:ident $(<$of:ident>)? $($required:ident)?,)+
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $request {
            $(
                $(#[doc = $property_doc])*
                pub $property: $crate::models::declare::request!(@type [$($required)?] $kind $(<$of>)?),
            )+
        }

        impl $crate::models::Sent for $request {
            fn sent(&self) -> Option<$crate::input::Value> {
                let mut all = Vec::new();
                $($crate::models::send(&mut all, $json, self.$property.sent());)+
                Some($crate::input::Value::Object($crate::input::Properties(all)))
            }
        }

        impl serde::Serialize for $request {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&$crate::models::as_value(self), serializer)
            }
        }

        impl $crate::models::Request for $request {
            const FORM: &'static $crate::models::Form = &$crate::models::Form {
                name: stringify!($request),
                fields: &[$($crate::models::Field {
                    name: $json,
                    kind: $crate::models::declare::request!(@kind $kind $(<$of>)?),
                    required: $crate::models::declare::request!(@is_required $($required)?),
                    doc: $crate::models::declare::docs!($($property_doc)*),
                }),+],
                doc: $crate::models::declare::docs!($($doc)*),
            };

            fn read(path: &$crate::path::Path<'_>, value: &$crate::input::Value) -> Result<Self, $crate::error::Error> {
                $($crate::models::refuse_answer(path, value, Self::FORM, $crate::models::Model::of::<$crate::models::$model>(), $turn)?;)?
                let mut parts = $crate::input::Parts::of(path, $crate::input::object(path, value, &[$($json),+])?);
                let request = Self { $(
                    $property: $crate::models::declare::request!(@read [$($required)?] parts $json $kind $(<$of>)?),
                )+ };
                parts.done()?;
                Ok(request)
            }
        }
    };
    (@type [] $($kind:tt)+) => { $crate::models::Setting<$crate::models::declare::request!(@type [required] $($kind)+)> };
    (@type [required] List<Id>) => { Vec<String> };
    (@type [required] List<$of:ident>) => { Vec<$crate::models::$of> };
    (@type [required] $text:ident) => { String };
    (@kind List<Id>) => { $crate::models::Kind::Ids };
    (@kind List<$of:ident>) => { $crate::models::Kind::List(<$crate::models::$of as $crate::models::Request>::FORM) };
    (@kind $kind:ident) => { $crate::models::Kind::$kind };
    (@is_required required) => { true };
    (@is_required) => { false };
    (@read [] $parts:ident $json:literal $($kind:tt)+) => {
        $crate::models::setting(&mut $parts, $json, $crate::models::declare::request!(@reader $($kind)+))
    };
    (@read [required] $parts:ident $json:literal $($kind:tt)+) => {
        $parts.required($json, $crate::models::declare::request!(@reader $($kind)+))
    };
    (@reader Text) => { $crate::input::text };
    (@reader Email) => { $crate::input::email };
    (@reader Id) => { $crate::input::id };
    (@reader List<Id>) => { |path, value| $crate::input::list(path, value, $crate::input::id) };
    (@reader List<$of:ident>) => {
        |path, value| $crate::input::list(path, value, <$crate::models::$of as $crate::models::Request>::read)
    };
}
pub(crate) use request;
