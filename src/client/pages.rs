//! The pages of a list, one after the other: of the address of the next page nothing is taken but its cursor.

use crate::config::Configuration;
use crate::endpoints::{Endpoint, Operation};
use crate::error::{Error, ErrorKind, Outcome};

/// What the API calls the place where the next page begins.
const CURSOR: &str = "cursor";

/// Where the reading of a list is.
#[derive(Debug)]
pub struct Pages {
    endpoint: &'static Endpoint,
    /// The parameters of every page.
    query: Vec<(&'static str, String)>,
    /// The cursors so far, as they stand in addresses.
    cursors: Vec<String>,
    most: u32,
    pages: u32,
    items: u32,
    is_over: bool,
}

impl Pages {
    /// Before the first page; `most` is how many there may be.
    pub const fn new(endpoint: &'static Endpoint, query: Vec<(&'static str, String)>, most: u32) -> Self {
        Self { endpoint, query, cursors: Vec::new(), most, pages: 0, items: 0, is_over: false }
    }

    /// The operation that reads the next page; none after the last one.
    pub fn next(&self) -> Option<Operation> {
        if self.is_over {
            return None;
        }
        let Some(cursor) = self.cursors.last() else { return Some(self.endpoint.operation(None, &self.query, None)) };
        let others: Vec<_> = self.query.iter().filter(|(name, _)| *name != CURSOR).cloned().collect();
        let mut operation = self.endpoint.operation(None, &others, None);
        operation.request.url.push(if others.is_empty() { '?' } else { '&' });
        // As it came: decoded and encoded anew, it might be another one.
        operation.request.url += &format!("{CURSOR}={cursor}");
        Some(operation)
    }

    /// The list that a page holds.
    pub fn list(&self) -> &'static str {
        self.endpoint.answer.and_then(|model| model.required).unwrap_or_default()
    }

    /// Turns the page: it held so many items, and names the address of the next one.
    pub fn turn(&mut self, items: u32, next: Option<&str>, configuration: &Configuration) -> Result<(), Error> {
        self.pages += 1;
        self.items += items;
        let Some(next) = next else {
            self.is_over = true;
            return Ok(());
        };
        let turned = self.cursor_in(&configuration.rebase(next), &configuration.host).and_then(|cursor| {
            if self.cursors.contains(&cursor) {
                return Err("leads to a page that was read already".to_owned());
            }
            if self.pages >= self.most {
                return Err(format!("leads to page {}, and maxPages is {}", self.pages + 1, self.most));
            }
            self.cursors.push(cursor);
            Ok(())
        });
        turned.map_err(|problem| self.lost(&problem))
    }

    fn cursor_in(&self, address: &str, host: &str) -> Result<String, String> {
        let below = address.strip_prefix(host).unwrap_or_default();
        let (path, query) = below.split_once('?').unwrap_or((below, ""));
        if path != self.endpoint.path {
            return Err("leads to another address".to_owned());
        }
        let query = query.split('#').next().unwrap_or_default();
        let cursor = query.split('&').find_map(|pair| pair.strip_prefix(CURSOR)?.strip_prefix('='));
        let cursor = cursor.filter(|cursor| !cursor.is_empty() && cursor.bytes().all(|byte| byte.is_ascii_graphic()));
        cursor.map(str::to_owned).ok_or_else(|| "has no cursor".to_owned())
    }

    /// The rest of the list cannot be read.
    fn lost(&self, problem: &str) -> Error {
        let (name, pages, items) = (self.endpoint.name, self.pages, self.items);
        let message = format!("{name} gave {items} items, but not all: on page {pages} the link to the next one {problem}.");
        Error::new(ErrorKind::Decode { path: "_links.next.href".to_owned(), status: 200 }, message, Outcome::Unknown)
    }
}
