//! What a caller hands in: as JSON for the core, and beside it what JSON cannot hold.

use wasm_bindgen::prelude::*;

use crate::json::{self, Item, Kind};

#[wasm_bindgen(module = "/pkg-template/input.js")]
extern "C" {
    #[wasm_bindgen(js_name = Input)]
    type Taken;
    #[wasm_bindgen(constructor, catch, js_class = Input)]
    fn new(path: &str, value: &JsValue, apart: &str) -> Result<Taken, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn json(this: &Taken) -> String;
    #[wasm_bindgen(method)]
    fn take(this: &Taken, name: &str) -> JsValue;
}

/// A value of the caller's.
pub struct Input {
    json: String,
    /// Whether it is a string whose characters stand for themselves: then it is here without the quotes.
    is_plain: bool,
    apart: Option<Taken>,
}

impl Input {
    /// Reads a value; what JSON cannot say throws an ApiTypeError or ApiValueError with its path.
    pub fn read(path: &str, value: &JsValue) -> Result<Self, JsValue> {
        // Half of a surrogate pair would arrive as another character.
        let plain = value.as_string().filter(|text| text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')));
        match plain {
            Some(json) => Ok(Self { json, is_plain: true, apart: None }),
            None => Ok(Self { json: Taken::new(path, value, "")?.json(), is_plain: false, apart: None }),
        }
    }

    /// Reads settings, which may be left out; functions and signals of these names, with spaces between them, are set
    /// apart.
    pub fn settings(path: &str, value: &JsValue, apart: &str) -> Result<Self, JsValue> {
        if value.is_undefined() {
            return Ok(Self { json: "{}".to_owned(), is_plain: false, apart: None });
        }
        let taken = Taken::new(path, value, apart)?;
        Ok(Self { json: taken.json(), is_plain: false, apart: Some(taken) })
    }

    /// What the core reads.
    pub fn item(&self) -> Item<'_> {
        if self.is_plain {
            return (Kind::Text, &self.json);
        }
        json::item(&self.json).unwrap_or((Kind::Null, "null"))
    }

    /// What was set apart by this name.
    pub fn take(&self, name: &str) -> Option<JsValue> {
        self.apart.as_ref().map(|apart| apart.take(name)).filter(|value| !value.is_undefined())
    }
}
