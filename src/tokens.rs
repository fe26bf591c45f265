//! Where the token of a request comes from, and how a refused one is replaced.

use std::cell::Cell;

use crate::config::{AccessToken, Token};

/// The tokens of a client.
pub struct Tokens {
    source: AccessToken,
    /// How many renewals there have been.
    generation: Cell<u32>,
    renewed: Cell<Option<Token>>,
}

/// A token, and after how many renewals it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The token; none where a proxy adds it.
    pub token: Option<Token>,
    /// How many renewals there had been.
    pub generation: u32,
}

/// How a refused token is replaced.
pub enum Renewal {
    /// There is no other.
    None,
    /// Another call has one already.
    Renewed(Issued),
    /// The application is to be asked.
    Ask,
}

impl Tokens {
    /// The tokens of a configuration.
    pub fn new(source: AccessToken) -> Self {
        Self { source, generation: Cell::default(), renewed: Cell::default() }
    }

    /// The token for a request, if the application need not be asked.
    pub fn fixed(&self) -> Option<Issued> {
        let token = match &self.source {
            AccessToken::None => None,
            AccessToken::Fixed(token) => Some(token.clone()),
            AccessToken::Provided => return None,
        };
        Some(Issued { token, generation: self.generation() })
    }

    /// How many renewals there have been.
    pub fn generation(&self) -> u32 {
        self.generation.get()
    }

    /// What is to be done in place of a refused token.
    pub fn renewal(&self, refused: &Issued) -> Renewal {
        if self.source != AccessToken::Provided {
            return Renewal::None;
        }
        if self.generation() == refused.generation {
            return Renewal::Ask;
        }
        let token = self.renewed.take();
        self.renewed.set(token.clone());
        self.other(token, refused).map_or(Renewal::None, Renewal::Renewed)
    }

    /// Keeps what the application gave in place of a refused token; none if it is the same again.
    pub fn renew(&self, token: Token, refused: &Issued) -> Option<Issued> {
        // Of those who share the answer, the first to go on counts it.
        if self.generation() == refused.generation {
            self.generation.set(refused.generation.wrapping_add(1));
            self.renewed.set(Some(token.clone()));
        }
        self.other(Some(token), refused)
    }

    fn other(&self, token: Option<Token>, refused: &Issued) -> Option<Issued> {
        (token.is_some() && token != refused.token).then(|| Issued { token, generation: self.generation() })
    }
}
