//! Lists that come in pages: an AsyncIterable over the items of all of them.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::api_client::ApiClient;
use super::apis::UserEventsApi;
use super::convert::{Input, property};
use super::promise::{Call, Giving, begin, rejected};
use crate::client::Pages;
use crate::config::Options;
use crate::endpoints::{Endpoint, user_events};
use crate::error::Error;
use crate::input::{self, Value};
use crate::path::Path;

#[wasm_bindgen(module = "/pkg-template/platform.js")]
extern "C" {
    type Items;
    #[wasm_bindgen(constructor)]
    fn new(api: &JsValue, options: &JsValue) -> Items;
}

/// How many pages are read if the caller does not say.
const MOST_PAGES: u32 = 1000;

/// Reads a list that comes in pages, page by page.
#[wasm_bindgen(skip_typescript)]
pub struct PageReader {
    client: ApiClient,
    settings: Result<Settings, Error>,
    reading: Rc<Reading>,
}

struct Settings {
    options: Options,
    input: Input,
    most: u32,
}

impl Settings {
    fn read(client: &ApiClient, endpoint: &Endpoint, options: &JsValue) -> Result<Self, Error> {
        let root = Path::Argument("options");
        let mut input = Input::settings(&root, options)?;
        let most = match &mut input.value {
            Value::Object(properties) => properties.take("maxPages"),
            _ => None,
        };
        let most = most.map_or(Ok(MOST_PAGES), |most| input::count(&root.property("maxPages"), &most, 1, 1_000_000))?;
        let options = client.client.configuration().options(&input.value, endpoint.options)?;
        Ok(Self { options, input, most })
    }
}

impl PageReader {
    fn new(client: ApiClient, endpoint: &'static Endpoint, options: &JsValue) -> Self {
        let settings = Settings::read(&client, endpoint, options);
        let pages = settings.as_ref().ok().map(|settings| Pages::new(endpoint, settings.options.query.clone(), settings.most));
        let reading = Rc::new(Reading { pages: Cell::new(pages), ..Reading::default() });
        Self { client, settings, reading }
    }
}

#[wasm_bindgen]
impl PageReader {
    /// The items of the next page; `undefined` after the last one.
    pub fn read(&self) -> Promise {
        let settings = match &self.settings {
            Ok(settings) => settings,
            Err(error) => return rejected(error),
        };
        let pages = self.reading.pages.take();
        let operation = pages.as_ref().and_then(Pages::next);
        self.reading.pages.set(pages);
        let Some(operation) = operation else { return Promise::resolve(&JsValue::UNDEFINED) };
        let call = Call { operation, options: settings.options.clone(), giving: Giving::Page(Rc::clone(&self.reading)) };
        begin(&self.client, call, &settings.input)
    }

    /// Ends the request under way.
    pub fn end(&self) {
        self.reading.is_closed.set(true);
        if let Some(waker) = self.reading.waker.take() {
            waker.wake();
        }
    }
}

/// Where the reading of a list is, and whether it goes on.
#[derive(Default)]
pub struct Reading {
    pages: Cell<Option<Pages>>,
    is_closed: Cell<bool>,
    waker: Cell<Option<Waker>>,
}

impl Reading {
    /// Waits until nobody wants more of it.
    pub async fn closed(&self) {
        poll_fn(|context| {
            if self.is_closed.get() {
                return Poll::Ready(());
            }
            self.waker.set(Some(context.waker().clone()));
            Poll::Pending
        })
        .await
    }

    /// The items of a page that was read.
    pub fn turn(&self, client: &ApiClient, page: &JsValue, next: Option<&str>) -> Result<JsValue, Error> {
        let Some(mut pages) = self.pages.take() else { return Ok(JsValue::UNDEFINED) };
        let items: Array = property(page, pages.list()).ok().flatten().unwrap_or_default().unchecked_into();
        let turned = pages.turn(items.length(), next, client.client.configuration());
        self.pages.set(Some(pages));
        turned.map(|()| items.into())
    }
}

#[wasm_bindgen]
impl UserEventsApi {
    /// All events of the activity log, page by page: types.d.ts says more. It holds nothing of the WebAssembly, as nobody knows
    /// when it is collected.
    #[wasm_bindgen(js_name = userEvents, skip_typescript)]
    pub fn user_events(&self, options: &JsValue) -> JsValue {
        Items::new(&self.of.client.user_events(), options).into()
    }

    /// Begins to read them.
    #[wasm_bindgen(js_name = __read, skip_typescript)]
    pub fn read(&self, options: &JsValue) -> PageReader {
        PageReader::new(self.of.client.share(), &user_events::GET_USER_EVENTS, options)
    }
}
