//! Where the token of a request comes from, and how a refused one is replaced.

use std::cell::Cell;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};

use crate::config::{AccessToken, Token};
use crate::error::Error;
use crate::transport::Transport;

const PATH: &str = "configuration.accessToken";

type Renewal = Shared<LocalBoxFuture<'static, Result<Token, Error>>>;

/// The tokens of a client. Calls that are refused at the same time share one renewal.
pub struct Tokens<T> {
    source: AccessToken,
    transport: Rc<T>,
    /// How many renewals there have been.
    generation: Cell<u32>,
    renewed: Cell<Option<Token>>,
    renewal: Cell<Option<Renewal>>,
}

/// A token, and after how many renewals it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The token; none where a proxy adds it.
    pub token: Option<Token>,
    generation: u32,
}

impl<T: Transport> Tokens<T> {
    /// The tokens of a configuration.
    pub fn new(source: AccessToken, transport: Rc<T>) -> Self {
        Self { source, transport, generation: Cell::default(), renewed: Cell::default(), renewal: Cell::default() }
    }

    /// The token for a request.
    pub async fn issue(&self) -> Result<Issued, Error> {
        let generation = self.generation.get();
        let token = match &self.source {
            AccessToken::None => None,
            AccessToken::Fixed(token) => Some(token.clone()),
            AccessToken::Provided => Some(ask(Rc::clone(&self.transport), false).await?),
        };
        Ok(Issued { token, generation })
    }

    /// Another token than the refused one; none if there is no other.
    pub async fn renew(&self, refused: &Issued) -> Result<Option<Issued>, Error> {
        if self.source != AccessToken::Provided {
            return Ok(None);
        }
        if self.generation.get() == refused.generation {
            let renewal = self.renewal.take().unwrap_or_else(|| ask(Rc::clone(&self.transport), true).boxed_local().shared());
            self.renewal.set(Some(renewal.clone()));
            let renewed = renewal.await;
            // Of those who share it, the first to go on ends it.
            if self.generation.get() == refused.generation {
                self.renewal.set(None);
                self.renewed.set(Some(renewed?));
                self.generation.set(refused.generation.wrapping_add(1));
            }
        }
        let token = self.renewed.take();
        self.renewed.set(token.clone());
        Ok((token.is_some() && token != refused.token).then(|| Issued { token, generation: self.generation.get() }))
    }
}

async fn ask<T: Transport>(transport: Rc<T>, refresh: bool) -> Result<Token, Error> {
    let value = transport.access_token(refresh).await.map_err(|cause| Error::wrong_value(PATH, "failed: see the cause.").because(cause))?;
    Token::new(PATH, &value)
}
