//! The second WebAssembly, of jobs alone: it is loaded when the first job begins. It calls nothing of JavaScript: what it needs
//! it says in a text, and JavaScript goes on with the answer (`pkg-template/administration.js`).

use wasm_bindgen::prelude::*;

use crate::jobs::Running;

/// A quarter of the size of the standard allocator.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// A job under way.
#[wasm_bindgen]
pub struct Job {
    running: Running,
}

#[wasm_bindgen]
impl Job {
    /// Begins one, from what `__prepare` of a client gives.
    #[wasm_bindgen(constructor)]
    pub fn new(start: String) -> Job {
        Job { running: Running::new(start) }
    }

    /// Goes on with an answer, and gives the next question: see [`Running::resume`].
    pub fn resume(&mut self, answer: Option<String>, is_failure: bool, now: f64, rate_limit: Option<u32>) -> String {
        self.running.resume(answer.as_deref(), is_failure, now as u64, rate_limit)
    }
}
