//! The macro that makes tables of the operations of an API.

/// Makes tables of the operations of an API class: one `Endpoint` each, and the `API` of all.
///
/// An operation is declared with its method and path; `by id` where the path ends with one, `with` what is sent; what a call
/// may be told; what the answer holds, and what it `needs`.
macro_rules! endpoints {
    (
        $property:ident
        $(#[doc = $api_doc:literal])*
        $api:ident {
            $(
                $(#[doc = $doc:literal])*
                $name:ident: $method:ident $path:literal $(by $id:ident)? $(with $body:ident)?, $options:ident -> $answer:tt
                $(needs $permissions:literal)?;
            )+
        }
    ) => { pastey::paste! {
        use $crate::endpoints::{Api, Endpoint, options};
        use $crate::http::Method;
        use $crate::models::*;

        $(
            $(#[doc = $doc])*
            pub static [<$name:snake:upper>]: Endpoint = Endpoint {
                name: stringify!($name),
                method: Method::$method,
                path: $path,
                options: &options::[<$options:snake:upper>],
                body: $crate::endpoints::declare::endpoints!(@body $($body)?),
                answer: <$answer as Body>::MODEL,
                permissions: $crate::endpoints::declare::endpoints!(@permissions $($permissions)?),
                doc: $crate::models::docs!($($doc)*),
            };
        )+

        /// All of them.
        pub static API: Api = Api {
            name: stringify!($api),
            property: stringify!([<$property:lower_camel>]),
            endpoints: &[$(&[<$name:snake:upper>]),+],
            doc: $crate::models::docs!($($api_doc)*),
        };
    } };
    (@body) => { None };
    (@body $body:ident) => { pastey::paste! { Some($crate::endpoints::BodyOf {
        form: <$body as $crate::models::Request>::FORM,
        argument: stringify!([<$body:lower_camel>]),
        read: |path, value| <$body as $crate::models::Request>::read(path, value).map(|body| $crate::models::as_json(&body)),
    }) } };
    (@permissions) => { None };
    (@permissions $permissions:literal) => { Some($permissions) };
}
pub(crate) use endpoints;
