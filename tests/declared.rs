//! What is written from the declarations of models, requests and operations: the literals of `pkg-template/materialise.js`, the
//! types of TypeScript, what the sandbox serves and checks with, what the proxy forwards, the tables of the README. This keeps it so.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write;
use std::fs;

use serde_json::{Map, Value, json};
use thousandeyes_admin::endpoints::{APIS, Api, CallOptions, Endpoint, Parameter, Reading};
use thousandeyes_admin::http::Method;
use thousandeyes_admin::models::{Form, Kind, Model, Shape};

/// Compares a file with what is due, or writes that if asked to.
fn keep(file: &str, due: impl FnOnce(&str) -> String) {
    let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    let before = fs::read_to_string(&path).unwrap_or_default();
    let due = due(&before);
    if env::var_os("UPDATE").is_some() {
        fs::write(path, due).unwrap();
    } else {
        assert!(before == due, "{file} is not what the declarations say: run `UPDATE=1 cargo test --test declared`");
    }
}

/// What stands behind a line of a file, replaced.
fn behind(file: &str, line: &str, due: &str) -> String {
    let (by_hand, _) = file.split_once(line).expect("the line that divides the file is missing");
    format!("{by_hand}{line}{due}")
}

/// What stands between two marks of a file, replaced.
fn between(file: &str, mark: &str, due: &str) -> String {
    let (start, end) = (format!("<!-- {mark} -->\n"), format!("<!-- /{mark} -->\n"));
    let (before, rest) = file.split_once(&start).expect("the mark is missing");
    let (_, after) = rest.split_once(&end).expect("the mark is missing");
    format!("{before}{start}{due}{end}{after}")
}

fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    APIS.iter().flat_map(|api| api.endpoints.iter().copied())
}

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
    endpoints().filter_map(|endpoint| endpoint.answer).for_each(|model| add(model, &mut all));
    all
}

/// Every request once, each before those that use it.
fn forms() -> Vec<&'static Form> {
    fn add(form: &'static Form, all: &mut Vec<&'static Form>) {
        for field in form.fields {
            if let Kind::List(of) = field.kind {
                add(of, all);
            }
        }
        if all.iter().all(|known| known.name != form.name) {
            all.push(form);
        }
    }
    let mut all = Vec::new();
    endpoints().filter_map(|endpoint| endpoint.body.as_ref()).for_each(|body| add(body.form, &mut all));
    all
}

/// The options of all operations, each once.
fn options() -> Vec<&'static CallOptions> {
    let mut all: Vec<&'static CallOptions> = Vec::new();
    for endpoint in endpoints() {
        if all.iter().all(|known| known.name != endpoint.options.name) {
            all.push(endpoint.options);
        }
    }
    all
}

fn name(model: &Model) -> String {
    format!("{:?}", model.name)
}

/// A doc comment as text: its paragraphs, each in one line.
fn text(doc: &str) -> String {
    let paragraphs: Vec<_> = doc.split("\n\n").map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    paragraphs.join("\n\n")
}

// The literals.

fn function(model: &Model) -> String {
    let name = name(model);
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

#[test]
fn the_literals_are_those_of_the_models() {
    let mut models = models();
    let functions: String = models.iter().map(|model| literal(model)).collect();
    models.sort_by_key(|model| model.name as u32);
    for (index, model) in models.iter().enumerate() {
        assert_eq!(model.name as usize, index, "a model that no operation answers has a name");
    }
    let names: String = models.iter().map(|model| format!("  {},\n", function(model))).collect();
    let literals = format!("{functions}\nconst models = [\n{names}];\n");
    keep("pkg-template/materialise.js", |file| behind(file, "from here on; the tests compare it with the models.\n", &literals));
}

// The dictionary of the fuzz target.

#[test]
fn the_dictionary_has_the_properties_of_the_models() {
    let starts = |shape| match shape {
        Shape::Text | Shape::Id | Shape::Date | Shape::Address => r#"\""#,
        Shape::Flag => "",
        Shape::One(_) => "{",
        Shape::Many(_) => "[",
    };
    let all = models();
    let properties = all.iter().flat_map(|model| model.properties);
    let entries: BTreeSet<_> = properties.map(|property| format!("\"\\\"{}\\\":{}\"\n", property.name, starts(property.shape))).collect();
    let entries: String = entries.into_iter().collect();
    keep("tests/fuzz/decode.dict", |file| behind(file, "From here on written from the declarations; the tests compare it.\n", &entries));
}

// TypeScript.

/// A comment, in lines of some 120 characters.
fn comment(indent: &str, text: &str) -> String {
    if !text.contains('\n') && indent.len() + text.len() + 7 <= 120 {
        return format!("{indent}/** {text} */\n");
    }
    let mut comment = format!("{indent}/**\n");
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && indent.len() + 3 + line.len() + 1 + word.len() > 120 {
                writeln!(comment, "{indent} * {line}").unwrap();
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line += word;
        }
        writeln!(comment, "{}", format!("{indent} * {line}").trim_end()).unwrap();
    }
    comment + indent + " */\n"
}

fn interface(head: &str, doc: &str, members: &str) -> String {
    assert!(!doc.contains("*/") && !doc.is_empty(), "{head}: {doc:?}");
    format!("\n{}export interface {head} {{\n{members}}}\n", comment("", &text(doc)))
}

fn model_interface(model: &Model) -> String {
    let members: String = model
        .properties
        .iter()
        .zip(model.docs)
        .map(|(property, doc)| {
            let of = match property.shape {
                Shape::Text | Shape::Id | Shape::Date | Shape::Address => "string".to_owned(),
                Shape::Flag => "boolean".to_owned(),
                Shape::One(of) => name(of),
                Shape::Many(of) => format!("{}[]", name(of)),
            };
            // HAL promises it of every link.
            let is_there = model.required == Some(property.name) || matches!(property.shape, Shape::Address);
            format!("{}  {}{}: {of};\n", comment("  ", &text(doc)), property.name, if is_there { "" } else { "?" })
        })
        .collect();
    interface(&name(model), model.doc, &members)
}

fn form_interface(form: &Form) -> String {
    let members: String = form
        .fields
        .iter()
        .map(|field| {
            let of = match field.kind {
                Kind::Text | Kind::Email => "string".to_owned(),
                Kind::Id => "Id".to_owned(),
                Kind::Ids => "Id[]".to_owned(),
                Kind::List(of) => format!("{}[]", of.name),
            };
            let of = if field.required { format!(": {of}") } else { format!("?: {of} | null | undefined") };
            format!("{}  {}{of};\n", comment("  ", &text(field.doc)), field.name)
        })
        .collect();
    interface(form.name, form.doc, &members)
}

fn options_interface(options: &CallOptions) -> String {
    let member = |parameter: &Parameter| {
        let of = match parameter.reading {
            Reading::AccountGroup => "Id | null".to_owned(),
            Reading::Words(words) => format!("({})[]", words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(" | ")),
            Reading::Flag => "boolean".to_owned(),
            Reading::Date => "string | Date".to_owned(),
            Reading::Window | Reading::Cursor => "string".to_owned(),
        };
        format!("{}  {}?: {of} | undefined;\n", comment("  ", &text(parameter.doc)), parameter.name)
    };
    let members: String = options.parameters.iter().map(member).collect();
    interface(&format!("{} extends RequestOptions", options.name), options.doc, &members)
}

fn answer(endpoint: &Endpoint) -> String {
    endpoint.answer.map_or("void".to_owned(), name)
}

fn address(endpoint: &Endpoint) -> String {
    format!("{} {}", endpoint.method.as_str(), endpoint.path)
}

/// What stands between the parentheses of a method.
fn arguments(endpoint: &Endpoint, typed: bool) -> String {
    let mut arguments = Vec::new();
    let mut add = |name: &str, of: &str| arguments.push(if typed { format!("{name}: {of}") } else { name.to_owned() });
    if endpoint.takes_id() {
        add("id", "Id");
    }
    if let Some(body) = &endpoint.body {
        add(body.argument, body.form.name);
    }
    add("options?", endpoint.options.name);
    arguments.join(", ")
}

fn method(endpoint: &Endpoint) -> String {
    let needs = endpoint.permissions.map(|permissions| format!(" Needs {permissions}.")).unwrap_or_default();
    let doc = format!("{}\n\n`{}`.{needs}", text(endpoint.doc), address(endpoint));
    let (name, arguments, answer) = (endpoint.name, arguments(endpoint, true), answer(endpoint));
    format!(
        "{}  {name}({arguments}): Promise<{answer}>;\n{}  {name}WithHttpInfo({arguments}): Promise<ApiResponse<{answer}>>;\n",
        comment("  ", &doc),
        comment("  ", &format!("Like `{name}`, with status, headers and rate limit.")),
    )
}

fn class(api: &Api) -> String {
    let doc = format!(
        "{} A method rejects with an {{@link AnyThousandEyesError}}, or with the reason of its `signal`; it never throws.",
        text(api.doc)
    );
    let methods: String = api.endpoints.iter().map(|endpoint| method(endpoint)).collect();
    format!(
        "\n{}export class {} {{\n  /** Takes an ApiClient, or the configuration of one; throws an ApiTypeError or ApiValueError if that is wrong. */\n  constructor(client?: ApiClient | Configuration);\n{methods}{}  close(): void;\n  [Symbol.dispose](): void;\n}}\n",
        comment("", &doc),
        api.name,
        comment("  ", "Closes the client that this API made for itself; one that was handed over stays open. `using` calls it."),
    )
}

#[test]
fn the_types_are_those_of_the_declarations() {
    let options: String = options().into_iter().filter(|options| !options.parameters.is_empty()).map(options_interface).collect();
    let models: String = models().into_iter().map(model_interface).collect();
    let forms: String = forms().into_iter().map(form_interface).collect();
    let classes: String = APIS.iter().map(|api| class(api)).collect();
    let of_client: String =
        APIS.iter().map(|api| format!("{}  readonly {}: {};\n", comment("  ", &text(api.doc)), api.property, api.name)).collect();
    let client = format!("\nexport interface ApiClient {{\n{of_client}}}\n");
    let types = format!(
        "// Written by tests/declared.rs from the declarations in src/models and src/endpoints.\n{options}{models}{forms}{classes}{client}"
    );
    keep("src/wasm/api.d.ts", |_| types);
}

// The schemas.

fn schema_of(model: &Model) -> Value {
    let property = |shape: Shape| match shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Id => json!({ "type": "string", "format": "id" }),
        Shape::Date => json!({ "type": "string", "format": "date-time" }),
        Shape::Address => json!({ "type": "string", "format": "uri-reference" }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::One(of) => json!({ "$ref": format!("#/components/schemas/{}", name(of)) }),
        Shape::Many(of) => json!({ "type": "array", "items": { "$ref": format!("#/components/schemas/{}", name(of)) } }),
    };
    let properties = model.properties.iter().zip(model.docs).map(|(known, doc)| (known.name, property(known.shape), *doc));
    object(model.doc, properties, model.required.into_iter().collect())
}

fn schema_of_form(form: &Form) -> Value {
    let id = || json!({ "type": "string", "format": "id" });
    let property = |kind: Kind| match kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Email => json!({ "type": "string", "format": "email" }),
        Kind::Id => id(),
        Kind::Ids => json!({ "type": "array", "items": id() }),
        Kind::List(of) => json!({ "type": "array", "items": { "$ref": format!("#/components/schemas/{}", of.name) } }),
    };
    let properties = form.fields.iter().map(|field| (field.name, property(field.kind), field.doc));
    object(form.doc, properties, form.fields.iter().filter(|field| field.required).map(|field| field.name).collect())
}

fn object<'a>(doc: &str, properties: impl Iterator<Item = (&'a str, Value, &'a str)>, required: Vec<&str>) -> Value {
    let properties: Map<_, _> = properties
        .map(|(name, mut schema, doc)| {
            schema["description"] = text(doc).into();
            (name.to_owned(), schema)
        })
        .collect();
    json!({ "type": "object", "description": text(doc), "properties": properties, "required": required })
}

fn parameter(parameter: &Parameter) -> Value {
    let schema = match parameter.reading {
        Reading::AccountGroup => json!({ "type": "string", "format": "id" }),
        Reading::Words(words) => json!({ "type": "array", "items": { "enum": words } }),
        Reading::Flag => json!({ "type": "boolean" }),
        Reading::Window => json!({ "type": "string", "pattern": r"^\d+[smhdw]?$" }),
        Reading::Date => json!({ "type": "string", "format": "date-time" }),
        Reading::Cursor => json!({ "type": "string" }),
    };
    json!({ "name": parameter.name, "description": text(parameter.doc), "schema": schema })
}

fn operation(api: &Api, endpoint: &Endpoint) -> Value {
    let status = match (endpoint.method, endpoint.answer) {
        (Method::Post, _) => 201,
        (_, None) => 204,
        _ => 200,
    };
    json!({
        "operationId": endpoint.name,
        "api": api.name,
        "method": endpoint.method.as_str(),
        "path": endpoint.path,
        "query": endpoint.options.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "body": endpoint.body.as_ref().map(|body| body.form.name),
        "answer": endpoint.answer.map(name),
        "status": status,
        "summary": text(endpoint.doc),
        "permissions": endpoint.permissions,
    })
}

#[test]
fn the_sandbox_serves_what_is_declared() {
    let schemas: Map<_, _> = models()
        .into_iter()
        .map(|model| (name(model), schema_of(model)))
        .chain(forms().into_iter().map(|form| (form.name.to_owned(), schema_of_form(form))))
        .collect();
    let operations: Vec<_> = APIS.iter().flat_map(|api| api.endpoints.iter().map(|endpoint| operation(api, endpoint))).collect();
    let declared = json!({ "schemas": schemas, "operations": operations });
    keep("www/sandbox/openapi/declared.json", |_| serde_json::to_string_pretty(&declared).unwrap() + "\n");
}

// The proxy.

/// What the proxy takes for the value of a parameter: the name of a form, or a list of words.
fn form_of(reading: Reading) -> Value {
    match reading {
        Reading::AccountGroup => "id".into(),
        Reading::Words(words) => words.into(),
        Reading::Flag => "flag".into(),
        Reading::Window => "window".into(),
        Reading::Date => "date".into(),
        Reading::Cursor => "cursor".into(),
    }
}

#[test]
fn the_proxy_forwards_what_is_declared() {
    let mut parameters: Vec<(&str, Value)> = Vec::new();
    for parameter in options().iter().flat_map(|options| options.parameters) {
        let form = form_of(parameter.reading);
        match parameters.iter().find(|(name, _)| *name == parameter.name) {
            Some((name, known)) => assert_eq!(*known, form, "{name} is read in two ways"),
            None => parameters.push((parameter.name, form)),
        }
    }
    let mut table = "// Written by tests/declared.rs from the declarations in src/endpoints.\n\n".to_owned();
    table += "/** Each operation: its name, method and path, and the parameters of its query. */\nexport const operations = [\n";
    for endpoint in endpoints() {
        let query: Vec<_> = endpoint.options.parameters.iter().map(|parameter| parameter.name).collect();
        let row = json!([endpoint.name, endpoint.method.as_str(), endpoint.path, query]).to_string();
        writeln!(table, "  {},", row.replace(',', ", ")).unwrap();
    }
    table += "];\n\n/** What the value of a parameter is: the name of a form, or some of these words. */\nexport const parameters = {\n";
    for (name, form) in parameters {
        writeln!(table, "  {name}: {},", form.to_string().replace(',', ", ")).unwrap();
    }
    keep("pkg-template/proxy/operations.mjs", |_| table + "};\n");
}

// The README.

#[test]
fn the_readme_lists_all_methods() {
    let mut table = String::new();
    for api in APIS {
        write!(
            table,
            "\n`{}`, or `client.{}`: {}\n\n| method | HTTP | gives | needs |\n| --- | --- | --- | --- |\n",
            api.name,
            api.property,
            text(api.doc)
        )
        .unwrap();
        for endpoint in api.endpoints {
            let gives = endpoint.answer.map_or("nothing".to_owned(), |model| format!("`{}`", name(model)));
            let (arguments, needs) = (arguments(endpoint, false), endpoint.permissions.unwrap_or_default());
            writeln!(table, "| `{}({arguments})` | `{}` | {gives} | {needs} |", endpoint.name, address(endpoint)).unwrap();
        }
    }
    keep("README.md", |file| between(file, "methods", &format!("{table}\n")));
}
