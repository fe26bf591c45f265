//! The one path that every call takes: prepare, send, decode or map the error.

use std::cell::{Cell, RefCell};
use std::pin::pin;

use futures_channel::oneshot;
use futures_util::FutureExt;
use futures_util::future::{Either, Shared, select};

use crate::config::{AccessToken, Configuration, Token};
use crate::endpoints::Endpoint;
use crate::error::{Error, Kind, Outcome};
use crate::http::{Request, Response};
use crate::transport::Transport;

/// A client: a configuration and a transport.
pub struct Client<T> {
    configuration: Configuration,
    transport: T,
    close: RefCell<Option<oneshot::Sender<()>>>,
    closed: Shared<oneshot::Receiver<()>>,
}

impl<T: Transport> Client<T> {
    /// A client for a checked configuration.
    pub fn new(configuration: Configuration, transport: T) -> Self {
        let (close, closed) = oneshot::channel();
        Self { configuration, transport, close: RefCell::new(Some(close)), closed: closed.shared() }
    }

    /// The configuration.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// Ends the calls in flight; later ones fail. A second call does nothing.
    pub fn close(&self) {
        self.close.borrow_mut().take();
    }

    /// Runs an operation and gives its successful answer, whose body is checked against the model.
    pub async fn execute<E: Endpoint>(&self, endpoint: &E, timeout: Option<u32>) -> Result<Response, Error> {
        let outcome = Cell::new(Outcome::NotSent);
        let call = pin!(self.attempt(endpoint, timeout.unwrap_or(self.configuration.timeout), &outcome));
        match select(self.closed.clone(), call).await {
            Either::Left(_) => Err(Error::new(
                Kind::Closed,
                format!("{} ended because its client is closed: make a new ApiClient.", E::OPERATION),
                outcome.get(),
            )),
            Either::Right((result, _)) => result,
        }
    }

    async fn attempt<E: Endpoint>(&self, endpoint: &E, timeout: u32, outcome: &Cell<Outcome>) -> Result<Response, Error> {
        let late = async {
            match timeout {
                0 => std::future::pending().await,
                milliseconds => self.transport.sleep(milliseconds).await,
            }
        };
        let answer = async {
            let request = self.prepare(endpoint.request()).await?;
            outcome.set(Outcome::Unknown);
            self.transport.send(request).await.map_err(|failure| Error {
                cause: Some(failure.cause),
                ..Error::new(
                    Kind::Connection,
                    format!(
                        "{} got no answer from {}: check the network, and that the host is right.",
                        E::OPERATION,
                        self.configuration.host
                    ),
                    failure.outcome,
                )
            })
        };
        match select(pin!(answer), pin!(late)).await {
            Either::Left((response, _)) => decode::<E>(response?),
            Either::Right(_) => {
                let message = format!("{} got no answer within {timeout} ms: raise timeout, or try later.", E::OPERATION);
                Err(Error::new(Kind::Timeout { milliseconds: timeout }, message, outcome.get()))
            }
        }
    }

    async fn prepare(&self, mut request: Request) -> Result<Request, Error> {
        request.url.insert_str(0, &self.configuration.host);
        let token = match &self.configuration.access_token {
            AccessToken::None => return Ok(request),
            AccessToken::Fixed(token) => token.clone(),
            AccessToken::Provided => {
                let path = "configuration.accessToken";
                let value = self
                    .transport
                    .access_token()
                    .await
                    .map_err(|cause| Error { cause: Some(cause), ..Error::wrong_value(path, "failed: see the cause.") })?;
                Token::new(path, &value)?
            }
        };
        request.headers.set("Authorization", token.authorization());
        Ok(request)
    }
}

fn decode<E: Endpoint>(response: Response) -> Result<Response, Error> {
    if !response.is_success() {
        return Err(Error::refused(E::OPERATION, response));
    }
    if E::HAS_BODY
        && let Err(error) = serde_json::from_slice::<E::Output>(&response.body)
    {
        let status = response.status;
        let path = format!("line {} column {}", error.line(), error.column());
        let message = format!("{} was answered with status {status}, but the body is not what the API documents: {error}.", E::OPERATION);
        return Err(Error::new(Kind::Decode { path, status }, message, Outcome::Unknown));
    }
    Ok(response)
}
