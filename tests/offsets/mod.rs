//! A body that makes a `serde_json::Value` by an offset table, as `pkg-template/materialise.js` makes an object.

#![allow(dead_code)]

use serde_json::{Map, Value};
use thousandeyes_admin::decode::RawBody;
use thousandeyes_admin::models::{Model, Property, Shape};

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bytes(pub Vec<u8>);

impl RawBody for Bytes {
    type Value = Value;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn copy(&self, start: usize, to: &mut [u8]) {
        to.copy_from_slice(&self.0[start..start + to.len()]);
    }

    fn raw(&self) -> Value {
        self.0.clone().into()
    }

    fn build(&self, value: Option<Value>, model: &'static Model, offsets: &[i32], last: bool) -> Option<Value> {
        let text: Vec<u16> = std::str::from_utf8(&self.0).ok()?.encode_utf16().collect();
        let mut whole = Reader { text: &text, offsets }.object(model, 0)?;
        if let (Some(Value::Object(mut before)), Some(list)) = (value, model.required) {
            let mut items = before.remove(list)?;
            items.as_array_mut()?.append(whole.get_mut(list)?.as_array_mut()?);
            whole.insert(list.to_owned(), items);
        }
        if !last {
            whole.retain(|name, _| Some(name.as_str()) == model.required);
        }
        Some(Value::Object(whole))
    }
}

struct Reader<'a> {
    text: &'a [u16],
    offsets: &'a [i32],
}

impl Reader<'_> {
    fn text(&self, from: i32, to: i32) -> Option<String> {
        String::from_utf16(&self.text[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()]).ok()
    }

    fn object(&self, model: &'static Model, row: usize) -> Option<Map<String, Value>> {
        let mask = self.offsets[row];
        let present = model.properties.iter().enumerate().filter(|(index, _)| mask & (1 << index) != 0);
        let mut object =
            present.map(|(_, property)| Some((property.name.to_owned(), self.value(property, row)?))).collect::<Option<Map<_, _>>>()?;
        let mut node = if mask < 0 { self.offsets[row + model.unknown()] as usize } else { 0 };
        while node > 0 {
            let [name, name_end, from, to, next] = *self.offsets[node..].first_chunk()?;
            object.insert(self.text(name, name_end)?, serde_json::from_str(&self.text(from, to)?).ok()?);
            node = next as usize;
        }
        Some(object)
    }

    fn value(&self, property: &Property, row: usize) -> Option<Value> {
        let slot = row + property.slot;
        let [first, second] = [self.offsets[slot], self.offsets[slot + 1]];
        Some(match property.shape {
            Shape::Flag => Value::Bool([false, true][usize::try_from(first).unwrap()]),
            Shape::One(model) => Value::Object(self.object(model, slot)?),
            Shape::Many(model) => {
                let mut row = first as usize;
                let mut items = Vec::new();
                for _ in 0..second {
                    items.push(Value::Object(self.object(model, row)?));
                    row = self.offsets[row - 1] as usize;
                }
                Value::Array(items)
            }
            _ if first < 0 => serde_json::from_str(&self.text((first & i32::MAX) - 1, second + 1)?).ok()?,
            _ => Value::String(self.text(first, second)?),
        })
    }
}
