//! The literals of `pkg-template/materialise.js` are written from the models; this keeps them so.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::env;
use std::fs;

use thousandeyes_admin::models::{Body, CreatedUser, Model, Shape, UserDetail, Users};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pkg-template/materialise.js");
const LAST_LINE_BY_HAND: &str = "from here on; the tests compare it with the models.\n";

/// Every model once, each before those that use it.
fn models() -> Vec<&'static Model> {
    fn add(model: &'static Model, all: &mut Vec<&'static Model>) {
        for property in model.properties {
            if let Shape::One(of) | Shape::Many(of) = property.shape {
                add(of, all);
            }
        }
        if all.iter().all(|known| known.name != model.name) {
            all.push(model);
        }
    }
    let mut all = Vec::new();
    for model in [Users::MODEL, CreatedUser::MODEL, UserDetail::MODEL] {
        add(model.unwrap(), &mut all);
    }
    all
}

fn function(model: &Model) -> String {
    let name = format!("{:?}", model.name);
    let (first, rest) = name.split_at(1);
    first.to_lowercase() + rest
}

/// The expression of a property's value.
fn expression(model: &Model, index: usize) -> String {
    let property = &model.properties[index];
    let slot = property.slot;
    match property.shape {
        Shape::Text | Shape::Id | Shape::Date | Shape::Address => format!("string(text, offsets, row + {slot})"),
        Shape::Flag => format!("offsets[row + {slot}] === 1"),
        Shape::One(of) => format!("{}(text, offsets, row + {slot})", function(of)),
        Shape::Many(of) if model.required == Some(property.name) => format!("list(text, offsets, row + {slot}, {}, items)", function(of)),
        Shape::Many(of) => format!("list(text, offsets, row + {slot}, {})", function(of)),
    }
}

fn literal(model: &Model) -> String {
    let lines: String = (0..model.properties.len())
        .map(|index| format!("      {}: {},\n", model.properties[index].name, expression(model, index)))
        .collect();
    let single: String = (0..model.properties.len())
        .map(|index| format!("  if (mask & {}) object.{} = {};\n", 1 << index, model.properties[index].name, expression(model, index)))
        .collect();
    let items = if model.required.is_some() { ", items" } else { "" };
    let all = (1u32 << model.properties.len()) - 1;
    format!(
        "\nfunction {}(text, offsets, row{items}) {{\n  const mask = offsets[row];\n  if (mask === {all}) {{\n    return {{\n{lines}    }};\n  }}\n  const object = {{}};\n{single}  return mask < 0 ? addUnknown(object, text, offsets, row + {}) : object;\n}}\n",
        function(model),
        model.unknown(),
    )
}

fn literals() -> String {
    let mut models = models();
    let functions: String = models.iter().map(|model| literal(model)).collect();
    models.sort_by_key(|model| model.name as u32);
    let names: Vec<_> = models.iter().map(|model| function(model)).collect();
    format!("{functions}\nconst models = [{}];\n", names.join(", "))
}

#[test]
fn the_literals_are_those_of_the_models() {
    let file = fs::read_to_string(FILE).unwrap();
    let (by_hand, written) = file.split_once(LAST_LINE_BY_HAND).expect("the line that divides the file is missing");
    if env::var_os("UPDATE").is_some() {
        fs::write(FILE, format!("{by_hand}{LAST_LINE_BY_HAND}{}", literals())).unwrap();
    } else {
        assert!(
            written == literals(),
            "pkg-template/materialise.js is not what the models say: run `UPDATE=1 cargo test --test materialise`"
        );
    }
}
