//! Searches and joins texts. The standard library's ways are general, and several kilobytes of what a page loads.

/// What comes behind a part of a text, where it has that part.
pub fn behind<'a>(text: &'a str, part: &str) -> Option<&'a str> {
    text.char_indices().find_map(|(start, _)| text.get(start..)?.strip_prefix(part))
}

/// Whether a text has a part.
pub fn has(text: &str, part: &str) -> bool {
    behind(text, part).is_some()
}

/// The texts one behind another, with a separator between them.
pub fn join<'a>(texts: impl Iterator<Item = &'a str>, separator: &str) -> String {
    let mut joined = String::new();
    for (index, text) in texts.enumerate() {
        if index > 0 {
            joined += separator;
        }
        joined += text;
    }
    joined
}
