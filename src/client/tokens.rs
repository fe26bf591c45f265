//! How a token that the API refused is replaced.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use crate::config::Token;
use crate::error::{Cause, Error};

/// The refreshes of a client. Only calls whose very same token was refused share one: with another token they may be
/// another user's.
#[derive(Default)]
pub struct Refreshes {
    under_way: Cell<Vec<Weak<Refresh>>>,
    /// The newest last, for refusals that come late.
    done: Cell<Vec<Replaced>>,
    /// How many there have been.
    count: Cell<u32>,
}

/// A token that was replaced.
struct Replaced {
    refused: Token,
    by: Token,
    /// Which of the refreshes it was, from 1.
    number: u32,
}

/// A question for another token, and what is answered. It lives as long as any call waits for it.
struct Refresh {
    refused: Token,
    question: Cell<Option<Question>>,
    answer: Cell<Option<Renewed>>,
    waiting: Cell<Vec<Waker>>,
}

/// What gives another token, or says why there is none.
pub type Question = Pin<Box<dyn Future<Output = Result<Token, Error>>>>;

/// Another token, or the cause of there being none.
pub type Renewed = Result<Token, Option<Cause>>;

/// How many refreshes are remembered.
const REMEMBERED: u32 = 16;

impl Refreshes {
    /// How many refreshes there have been.
    pub fn count(&self) -> u32 {
        self.count.get()
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.done.take();
    }

    /// Gives a token in place of the `refused` one: what another call was given since there were `count` refreshes, what
    /// one is being given, or else what comes of the question.
    pub async fn replace(&self, refused: &Token, count: u32, ask: impl FnOnce() -> Question) -> Renewed {
        if let Some(token) = self.known(refused, count) {
            return Ok(token);
        }
        let refresh = self.asked(refused).unwrap_or_else(|| self.begin(refused, ask()));
        let waits = Waits(refresh);
        poll_fn(|context| self.poll(&waits.0, context)).await
    }

    fn known(&self, refused: &Token, count: u32) -> Option<Token> {
        let done = self.done.take();
        let known = done.iter().rev().find(|replaced| replaced.refused == *refused && replaced.number > count);
        let token = known.map(|replaced| replaced.by.clone());
        self.done.set(done);
        token
    }

    fn asked(&self, refused: &Token) -> Option<Rc<Refresh>> {
        let under_way = self.under_way.take();
        let refresh = under_way.iter().filter_map(Weak::upgrade).find(|refresh| refresh.refused == *refused);
        self.under_way.set(under_way);
        refresh
    }

    fn begin(&self, refused: &Token, question: Question) -> Rc<Refresh> {
        let refresh = Rc::new(Refresh {
            refused: refused.clone(),
            question: Cell::new(Some(question)),
            answer: Cell::default(),
            waiting: Cell::default(),
        });
        let mut under_way = self.under_way.take();
        under_way.retain(|other| other.strong_count() > 0);
        under_way.push(Rc::downgrade(&refresh));
        self.under_way.set(under_way);
        refresh
    }

    /// Any call that waits goes on with the question: the one that asked may have ended.
    fn poll(&self, refresh: &Refresh, context: &mut Context<'_>) -> Poll<Renewed> {
        let answer = refresh.answer.take();
        refresh.answer.set(answer.clone());
        if let Some(answer) = answer {
            return Poll::Ready(answer);
        }
        let Some(mut question) = refresh.question.take() else { return Poll::Pending };
        match question.as_mut().poll(context) {
            Poll::Ready(answer) => {
                let answer = answer.map_err(|error| error.cause.clone());
                refresh.answer.set(Some(answer.clone()));
                self.end(refresh, &answer);
                Poll::Ready(answer)
            }
            Poll::Pending => {
                refresh.question.set(Some(question));
                let mut waiting = refresh.waiting.take();
                waiting.push(context.waker().clone());
                refresh.waiting.set(waiting);
                Poll::Pending
            }
        }
    }

    fn end(&self, refresh: &Refresh, answer: &Renewed) {
        let mut under_way = self.under_way.take();
        under_way.retain(|other| !std::ptr::eq(other.as_ptr(), refresh));
        self.under_way.set(under_way);
        let Ok(token) = answer else { return };
        let number = self.count.get().wrapping_add(1);
        self.count.set(number);
        let mut done = self.done.take();
        done.retain(|replaced| number.wrapping_sub(replaced.number) < REMEMBERED);
        done.push(Replaced { refused: refresh.refused.clone(), by: token.clone(), number });
        self.done.set(done);
    }
}

/// A call that waits. When it ends, the others look: there is an answer, or one of them is to go on with the question.
struct Waits(Rc<Refresh>);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.waiting.take().into_iter().for_each(Waker::wake);
    }
}
