//! HAL links.

use super::declare::models;

models! {
    /// A HAL link.
    Link {
        /// The address; absolute, on the vendor's host.
        href: "href" Address,
        /// Whether `href` is a URI template.
        templated: "templated" Flag,
        /// Media type to expect behind the link.
        r#type: "type" Text,
        /// Address that tells of the link's deprecation.
        deprecation: "deprecation" Text,
        /// A second key for choosing between links of one relation.
        name: "name" Text,
        /// Address of a profile of the target.
        profile: "profile" Text,
        /// Human-readable label.
        title: "title" Text,
        /// Language of the target.
        hreflang: "hreflang" Text,
    }

    shared {
        /// The object itself.
        this: "self" One<Link>,
    }

    /// The links of an object: where it can be read again.
    SelfLinks {}

    /// The links of a page.
    PaginationLinks {
        /// The next page; missing on the last one.
        next: "next" One<Link>,
        /// The page before; missing on the first one.
        previous: "previous" One<Link>,
    }
}
