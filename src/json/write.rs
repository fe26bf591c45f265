//! Writes JSON for JavaScript and for the body of a request.

/// What can be written as JSON.
pub trait ToJson {
    /// Adds its JSON to the text.
    fn write(&self, json: &mut String);

    /// Its JSON.
    fn to_json(&self) -> String {
        let mut json = String::new();
        self.write(&mut json);
        json
    }
}

/// An object while it is written.
pub struct Object<'a> {
    json: &'a mut String,
    is_empty: bool,
}

impl<'a> Object<'a> {
    /// Begins an object.
    pub fn begin(json: &'a mut String) -> Self {
        json.push('{');
        Self { json, is_empty: true }
    }

    /// Adds a member.
    pub fn member(&mut self, name: &str, value: &dyn ToJson) {
        if !self.is_empty {
            self.json.push(',');
        }
        self.is_empty = false;
        name.write(self.json);
        self.json.push(':');
        value.write(self.json);
    }

    /// Adds a member that there may not be.
    pub fn optional<T: ToJson>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.member(name, value);
        }
    }

    /// Ends the object.
    pub fn end(self) {
        self.json.push('}');
    }
}

impl ToJson for str {
    fn write(&self, json: &mut String) {
        json.push('"');
        // Pieces that may stay as they are, each but the last with what must be escaped at its end.
        for piece in self.split_inclusive(|character| matches!(character, '"' | '\\' | ..'\u{20}')) {
            let mut plain = piece.chars();
            match plain.next_back() {
                Some(special @ ('"' | '\\')) => {
                    json.push_str(plain.as_str());
                    json.push('\\');
                    json.push(special);
                }
                Some(control @ ..'\u{20}') => {
                    let digit = |value: u32| char::from_digit(value, 16).unwrap_or_default();
                    json.push_str(plain.as_str());
                    json.push_str("\\u00");
                    json.push(digit(u32::from(control) >> 4));
                    json.push(digit(u32::from(control) & 0xf));
                }
                _ => json.push_str(piece),
            }
        }
        json.push('"');
    }
}

impl ToJson for &str {
    fn write(&self, json: &mut String) {
        (**self).write(json);
    }
}

impl ToJson for String {
    fn write(&self, json: &mut String) {
        self.as_str().write(json);
    }
}

impl ToJson for bool {
    fn write(&self, json: &mut String) {
        json.push_str(if *self { "true" } else { "false" });
    }
}

impl ToJson for u64 {
    fn write(&self, json: &mut String) {
        *json += &self.to_string();
    }
}

impl ToJson for u32 {
    fn write(&self, json: &mut String) {
        u64::from(*self).write(json);
    }
}

impl ToJson for u16 {
    fn write(&self, json: &mut String) {
        u64::from(*self).write(json);
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn write(&self, json: &mut String) {
        json.push('[');
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                json.push(',');
            }
            item.write(json);
        }
        json.push(']');
    }
}
