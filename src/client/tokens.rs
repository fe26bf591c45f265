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
    /// Refused tokens with what came in their place, the newest last, for answers that come late.
    done: Cell<VecDeque<(Token, Token)>>,
}

/// A question for another token.
struct Refresh {
    refused: Token,
    waiting: Cell<Vec<oneshot::Sender<Result<Token, Error>>>>,
}

/// How many refreshes are remembered.
const REMEMBERED: usize = 16;

impl Refreshes {
    /// Gives another token than the `refused` one: what a call before was given, what a call is being given, or else what
    /// `ask` gives.
    pub async fn replace(&self, refused: &Token, ask: impl Future<Output = Result<Token, Error>>) -> Result<Token, Error> {
        loop {
            if let Some(token) = self.known(refused) {
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
            let mut done = self.done.take();
            done.retain(|(before, _)| before != refused);
            done.push_back((refused.clone(), token.clone()));
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

    fn known(&self, refused: &Token) -> Option<Token> {
        let done = self.done.take();
        let token = done.iter().find(|(before, _)| before == refused).map(|(_, token)| token.clone());
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
