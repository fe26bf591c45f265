//! How a token that the API refused is replaced.

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;

use crate::config::Token;
use crate::error::Error;

/// The refreshes of a client. Only calls whose very same token was refused share one: with another token they may be
/// another user's.
#[derive(Default)]
pub struct Refreshes {
    under_way: Cell<Vec<Rc<Refresh>>>,
    /// The newest last, for refusals that come late.
    done: Cell<VecDeque<Replaced>>,
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

/// A question for another token.
struct Refresh {
    refused: Token,
    waiting: Cell<Vec<oneshot::Sender<Result<Token, Error>>>>,
}

/// How many refreshes are remembered.
const REMEMBERED: usize = 16;

impl Refreshes {
    /// How many refreshes there have been.
    pub fn count(&self) -> u32 {
        self.count.get()
    }

    /// Gives a token in place of the `refused` one: what another call was given since there were `count` refreshes, what
    /// one is being given, or else what `ask` gives.
    pub async fn replace(&self, refused: &Token, count: u32, ask: impl Future<Output = Result<Token, Error>>) -> Result<Token, Error> {
        loop {
            if let Some(token) = self.known(refused, count) {
                return Ok(token);
            }
            let Some(refresh) = self.asked(refused) else { return self.ask(refused, ask).await };
            let (sender, answer) = oneshot::channel();
            let mut waiting = refresh.waiting.take();
            waiting.push(sender);
            refresh.waiting.set(waiting);
            // Where the call that asked ended before it was answered, somebody else asks.
            if let Ok(answer) = answer.await {
                return answer;
            }
        }
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.done.take();
    }

    async fn ask(&self, refused: &Token, ask: impl Future<Output = Result<Token, Error>>) -> Result<Token, Error> {
        let refresh = Rc::new(Refresh { refused: refused.clone(), waiting: Cell::default() });
        self.change(|under_way| under_way.push(Rc::clone(&refresh)));
        let _ends = Ends { refreshes: self, refresh: &refresh };
        let answer = ask.await;
        if let Ok(token) = &answer
            && token != refused
        {
            let number = self.count.get().wrapping_add(1);
            self.count.set(number);
            let mut done = self.done.take();
            done.push_back(Replaced { refused: refused.clone(), by: token.clone(), number });
            if done.len() > REMEMBERED {
                done.pop_front();
            }
            self.done.set(done);
        }
        for sender in refresh.waiting.take() {
            // Who does not listen any more needs none.
            drop(sender.send(answer.clone()));
        }
        answer
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
        let refresh = under_way.iter().find(|refresh| refresh.refused == *refused).cloned();
        self.under_way.set(under_way);
        refresh
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Rc<Refresh>>)) {
        let mut under_way = self.under_way.take();
        change(&mut under_way);
        self.under_way.set(under_way);
    }
}

/// Takes a question away when it is answered, or the call that asked it ends.
struct Ends<'a> {
    refreshes: &'a Refreshes,
    refresh: &'a Rc<Refresh>,
}

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.refreshes.change(|under_way| under_way.retain(|other| !Rc::ptr_eq(other, self.refresh)));
        drop(self.refresh.waiting.take());
    }
}
