//! The two ways of decoding, each alone, for the differential fuzzer. The package exports neither.

use js_sys::{Array, Uint8Array};
use thousandeyes_admin::decode::normalise::{Normalised, normalise};
use thousandeyes_admin::decode::offsets::{Materialised, materialise_by};
use thousandeyes_admin::endpoints::APIS;
use thousandeyes_admin::models::{Model, Shape};
use thousandeyes_admin::wasm::Bytes;
use wasm_bindgen::prelude::*;

fn model_of(index: usize) -> &'static Model {
    answers()[index]
}

/// The models that answers have, each once.
fn answers() -> Vec<&'static Model> {
    let mut models: Vec<&Model> = Vec::new();
    for model in APIS.iter().flat_map(|api| api.endpoints).filter_map(|endpoint| endpoint.answer) {
        if models.iter().all(|known| known.name != model.name) {
            models.push(model);
        }
    }
    models
}

/// Those models, as JSON: bodies are made after them.
#[wasm_bindgen]
pub fn models() -> String {
    let tables: Vec<_> = answers().into_iter().map(table).collect();
    format!("[{}]", tables.join(","))
}

fn table(model: &Model) -> String {
    let properties: Vec<_> = model
        .properties
        .iter()
        .map(|property| {
            let (shape, of) = match property.shape {
                Shape::One(of) => ("One".to_owned(), table(of)),
                Shape::Many(of) => ("Many".to_owned(), table(of)),
                plain => (format!("{plain:?}"), "null".to_owned()),
            };
            format!(r#"{{"name":"{}","shape":"{shape}","of":{of}}}"#, property.name)
        })
        .collect();
    let text = |text: Option<&str>| text.map_or("null".to_owned(), |text| format!("\"{text}\""));
    let (required, wrapper) = (text(model.required), text(model.wrapper));
    format!(r#"{{"name":"{:?}","properties":[{}],"required":{required},"wrapper":{wrapper}}}"#, model.name, properties.join(","))
}

/// The fast path: the value, and where its links lead. Undefined where it leaves the body to the slow one.
#[wasm_bindgen]
pub fn fast(body: Uint8Array, model: usize, window: usize) -> Option<Array> {
    let Materialised { value, links } = materialise_by(window, &Bytes::new(body), model_of(model))?;
    Some(Array::of3(&value, &links.this.into(), &links.next.into()))
}

/// The slow path: what is wrong with the body; else the JSON, undefined where it is the body's own text, whether
/// something was normalised, and where the links lead.
#[wasm_bindgen]
pub fn slow(body: Vec<u8>, model: usize) -> Array {
    match normalise(body.clone(), model_of(model)) {
        Err(refusal) => Array::of1(&refusal.problem.into()),
        Ok(Normalised { json, drift, links }) => {
            let text = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&body);
            let changed = (json.as_bytes() != text).then_some(json);
            let normalised = !drift.is_empty();
            Array::of5(&JsValue::UNDEFINED, &changed.into(), &normalised.into(), &links.this.into(), &links.next.into())
        }
    }
}
