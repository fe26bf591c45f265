//! HAL links.

use super::declare::model;

model! {
    /// A HAL link.
    Link {
        /// The address; absolute, on the vendor's host.
        href: "href" String,
        /// Whether `href` is a URI template.
        templated: "templated" bool,
        /// Media type to expect behind the link.
        r#type: "type" String,
        /// Address that tells of the link's deprecation.
        deprecation: "deprecation" String,
        /// A second key for choosing between links of one relation.
        name: "name" String,
        /// Address of a profile of the target.
        profile: "profile" String,
        /// Human-readable label.
        title: "title" String,
        /// Language of the target.
        hreflang: "hreflang" String,
    }
}

model! {
    /// The links of an object: where it can be read again.
    SelfLinks {
        /// The object itself.
        this: "self" Link,
    }
}
