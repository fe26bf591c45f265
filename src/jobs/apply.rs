//! Carries out a plan: each step looks first, and the journal knows of each write before it is made.

use super::Start;
use super::look::{
    CREATE_USER, DELETE_USER, GET_ACCOUNT_GROUPS, GET_ROLES, Seen, UPDATE_USER, Watched, knowledge, read_admins, unless_gone, unless_hidden,
};
use super::user::{LOOKS, find};
use super::world::{Failure, Given, Question, Tries, World, unusable};
use crate::admin::{
    Created, Decision, Directory, Ended, Journal, Knowledge, Plan, Step, StepResult, Summary, Write, header_line, intent_line, json,
    result_line,
};
use crate::date::iso;
use crate::error::{Error, Outcome};
use crate::models::{Roles, Users, as_json};
use crate::path::Path;

/// Carries out a plan. Gives the summary as JSON; what becomes of each step the application is told.
pub async fn apply(world: &dyn World, start: &Start) -> Result<String, Failure> {
    let (options, aid) = (&start.options, start.aid.as_deref());
    let plan = Plan::read(&start.argument)?;
    let digest = plan.digest();
    plan.check_host(&start.host)?;
    if plan.header.aid.as_deref() != aid {
        return Err(wrong_account_group(&plan, aid).into());
    }
    let work = Watched::new(world);
    work.total.set(plan.steps.len() as u32);
    let text = if options.has_journal { world.ask(Question::Read).await? } else { String::new() };
    let journal = Journal::read(&text)?;
    journal.check(&plan, &digest)?;
    let roles = unless_hidden(world.call(GET_ROLES, None, None).await)?.map_or_else(|| Ok(Roles::default()), |roles| roles.typed())?;
    let groups = world.call(GET_ACCOUNT_GROUPS, None, None).await?.typed()?;
    let directory = Directory::of(Users::default(), roles, groups);
    plan.check_organisations(&directory.organisations(aid))?;
    let mut known = knowledge(world, Some(directory.roles), plan.header.actor.as_deref()).await?;
    // The file says who wanted it; who applies it is another question.
    options.actor.iter().for_each(|actor| known.add_actor(actor));
    let mut run = Run { work, plan: &plan, digest, journal, known, start, is_refused: false };
    let torn = if run.journal.is_torn { "\n" } else { "" };
    run.append(&(torn.to_owned() + &header_line(&plan, &run.digest, &run.time()))).await?;
    let mut summary = Summary::of(&plan.header.plan_id, plan.steps.len());
    summary.is_stopped = world.stops(None::<&StepResult>).await?;
    for step in &plan.steps {
        if summary.is_stopped {
            break;
        }
        let result = run.result(step).await?;
        summary.add(&result.ended);
        run.work.done.set(summary.ended());
        let is_carried_out = matches!(result.ended, Ended::Done(_) | Ended::Unchanged);
        let is_over = summary.ended() as usize == plan.steps.len();
        let stops = world.stops(Some(&result)).await? || run.is_refused || options.stops_on_failure && !is_carried_out;
        summary.is_stopped = stops && !is_over;
    }
    run.work.tell().await?;
    Ok(json(&summary))
}

fn wrong_account_group(plan: &Plan, aid: Option<&str>) -> Error {
    let name = |aid: Option<&str>| aid.map_or_else(|| "no account group".to_owned(), |aid| format!("account group {aid}"));
    let (planned, own) = (name(plan.header.aid.as_deref()), name(aid));
    let problem = format!("was made for calls in {planned}, and this call is for {own}: nothing was done. Set aid in the options.");
    Error::wrong_value(&Path::Argument("plan").property("aid"), &problem)
}

/// A plan that is carried out.
struct Run<'a> {
    work: Watched<'a>,
    plan: &'a Plan,
    digest: String,
    journal: Journal,
    known: Knowledge,
    start: &'a Start,
    /// Whether the token is refused: all further steps would be, too, and the account locked in the end.
    is_refused: bool,
}

impl Run<'_> {
    fn time(&self) -> String {
        iso(self.work.world.now())
    }

    /// Adds to the journal, if there is one.
    async fn append(&self, line: &str) -> Result<(), Failure> {
        if self.start.options.has_journal {
            self.work.world.ask(Question::Append(line)).await?;
        }
        Ok(())
    }

    /// What becomes of a step: carries it out, unless an earlier run has done it.
    async fn result(&mut self, step: &Step) -> Result<StepResult, Failure> {
        self.work.tell().await?;
        if let Some(result) = self.journal.done(step) {
            return Ok(result);
        }
        let result = self.step(step).await?;
        self.append(&result_line(self.plan, &self.digest, &result, &self.time())).await?;
        // A list that is read later may still have who is gone, or may be gone.
        if let (Ended::Done(_) | Ended::Unknown(_), Some(uid)) = (&result.ended, &result.user.uid)
            && self.known.takes_admin(&step.subject())
        {
            self.known.doubt(uid);
        }
        if let (Ended::Done(_), Some(uid), Some(got)) = (&result.ended, &result.user.uid, &result.got) {
            self.known.appoint(uid, got);
        }
        Ok(result)
    }

    async fn step(&mut self, step: &Step) -> Result<StepResult, Failure> {
        let failed = |failure: Failure, ended: fn(String) -> Ended| match &failure {
            Failure::Told(told) if told.is_final => Err(failure),
            _ => Ok(StepResult::of(step, ended(failure.message().to_owned()))),
        };
        let had_begun = self.journal.has_begun(&step.id);
        let mut tries = Tries::of(self.start.retries);
        let mut open: Option<Failure> = None;
        loop {
            let has_begun = had_begun || open.is_some();
            let seen = match self.seen(step, has_begun).await {
                Ok(seen) => seen,
                // What became of the write before is as unknown as it was.
                Err(failure) => {
                    self.is_refused = failure.status() == Some(401);
                    return failed(failure, if has_begun { Ended::Unknown } else { Ended::Failed });
                }
            };
            let (now, write, intent) = match self.decide(step, seen, has_begun) {
                Ok(decided) => decided,
                Err(result) => {
                    let is_refused = matches!(result.ended, Ended::Conflict { .. } | Ended::Blocked(_));
                    return Ok(match open {
                        // Nothing is written now, but nobody knows what was before.
                        Some(open) if is_refused => StepResult::of(step, Ended::Unknown(open.message().to_owned())),
                        _ => *result,
                    });
                }
            };
            self.append(&intent).await?;
            let failure = match self.write(&now, write).await {
                Ok(result) => return Ok(result),
                Err(failure) => failure,
            };
            if failure.outcome() == Outcome::Unknown {
                open = Some(failure.clone());
            }
            // Not at once: somebody else may change the user while it waits.
            if let Some(pause) = tries.pause(&failure) {
                self.work.world.ask(Question::Pause(pause)).await?;
            } else if let Some(open) = open {
                // Also where the last one was refused: an earlier one may be carried out late.
                return self.resolve(step, &open).await;
            } else {
                self.is_refused = failure.status() == Some(401);
                return failed(failure, Ended::Failed);
            }
        }
    }

    /// The user of a step as it is now, and whoever else must be known to judge it.
    async fn seen(&mut self, step: &Step, has_begun: bool) -> Result<Option<Seen>, Failure> {
        let mut seen = self.look(step).await?;
        if has_begun && step.before.is_none() {
            // A request that was begun may be carried out late.
            for pause in LOOKS.into_iter().filter(|pause| *pause > 0) {
                if seen.is_none() {
                    self.work.world.ask(Question::Pause(pause)).await?;
                    seen = self.look(step).await?;
                }
            }
        }
        let now = step.on(seen.as_ref().map(|seen| &seen.state));
        if self.known.takes_admin(&now.subject()) {
            // What was read when the run began may be hours old.
            read_admins(self.work.world, &mut self.known, self.start.aid.as_deref(), &now.subject()).await?;
        }
        Ok(seen)
    }

    /// The step on the user as it is now, what is to be written, and the line about that for the journal; or what becomes of the
    /// step if nothing is to be written. (All that needs no waiting is apart from what does: it is less code there.)
    fn decide(&self, step: &Step, seen: Option<Seen>, has_begun: bool) -> Result<(Step, Write, String), Box<StepResult>> {
        if let Some(result) = seen.as_ref().and_then(|seen| self.answered(step, seen)) {
            return Err(Box::new(result));
        }
        let fresh = seen.as_ref().map(|seen| &seen.state);
        let result = match step.decide(fresh, has_begun) {
            Decision::Unchanged => with(StepResult::of(step, Ended::Unchanged), seen),
            Decision::Done(created) => with(StepResult::of(step, Ended::Done(created)), seen),
            Decision::Conflict => StepResult::of(step, step.conflict(fresh)),
            Decision::Write(write) => {
                let now = step.on(fresh);
                let blocked = self.known.judge(&now.subject(), &self.start.options.limits, self.plan.removals());
                if blocked.is_empty() {
                    let intent = intent_line(self.plan, &self.digest, step, fresh, &self.time());
                    return Ok((now, write, intent));
                }
                StepResult::of(step, Ended::Blocked(blocked))
            }
        };
        Err(Box::new(result))
    }

    /// What became of a write that an earlier run had answered with something else than it asked for, if that is still there.
    fn answered(&self, step: &Step, seen: &Seen) -> Option<StepResult> {
        let entry = self.journal.entry(&step.id)?;
        let got = entry.answered()?;
        let is_invited = step.before.is_none();
        let is_there = if is_invited { seen.uid == entry.uid } else { *got == seen.state };
        is_there.then(|| {
            let ended = ended(step, seen, if is_invited { Created::Yes } else { Created::No });
            with(StepResult::of(step, ended), Some(seen.clone()))
        })
    }

    /// The user of a step, as it is now.
    async fn look(&self, step: &Step) -> Result<Option<Seen>, Failure> {
        let world = self.work.world;
        let uid = match &step.user.uid {
            Some(uid) => Some(uid.clone()),
            None => {
                let email = step.user.email.as_deref().unwrap_or_default();
                find(world, &Path::Argument("plan"), email).await?.map(|found| found.uid)
            }
        };
        match uid {
            Some(uid) => unless_gone(Seen::read(world, &uid).await),
            None => Ok(None),
        }
    }

    /// Writes, and checks the answer.
    async fn write(&self, step: &Step, write: Write) -> Result<StepResult, Failure> {
        let world = self.work.world;
        let (given, created) = match write {
            Write::Create(request) => (world.call(CREATE_USER, None, Some(&as_json(&request))).await?, Created::Yes),
            Write::Update(uid, request) => (world.call(UPDATE_USER, Some(&uid), Some(&as_json(&request))).await?, Created::No),
            Write::Remove(uid) => {
                return match world.call(DELETE_USER, Some(&uid), None).await {
                    Err(failure) if failure.status() != Some(404) => Err(failure),
                    _ => Ok(StepResult::of(step, Ended::Done(Created::No))),
                };
            }
        };
        written(step, given, created)
    }

    /// Looks what became of a write that got no answer that can be used.
    async fn resolve(&self, step: &Step, failure: &Failure) -> Result<StepResult, Failure> {
        let unknown = || Ok(StepResult::of(step, Ended::Unknown(failure.message().to_owned())));
        for pause in if step.before.is_none() { &LOOKS[..] } else { &[0] } {
            self.work.world.ask(Question::Pause(*pause)).await?;
            let Ok(seen) = self.look(step).await else { return unknown() };
            if let Decision::Done(created) = step.decide(seen.as_ref().map(|seen| &seen.state), true) {
                return Ok(with(StepResult::of(step, Ended::Done(created)), seen));
            }
        }
        unknown()
    }
}

/// What became of a step whose write was answered.
fn written(step: &Step, given: Given, created: Created) -> Result<StepResult, Failure> {
    let seen = Seen::of(given).map_err(|failure| match failure {
        Failure::Own(error) => unusable(error),
        told => told,
    })?;
    let ended = ended(step, &seen, created);
    Ok(with(StepResult::of(step, ended), Some(seen)))
}

/// How a step ended that was carried out: whether the user is what was asked for.
fn ended(step: &Step, seen: &Seen, created: Created) -> Ended {
    match step.unexpected(&seen.state) {
        None => Ended::Done(created),
        Some(difference) => Ended::Unknown(difference.unexpected()),
    }
}

/// A result with the user as it was read last.
fn with(result: StepResult, seen: Option<Seen>) -> StepResult {
    match seen {
        Some(Seen { uid, state, .. }) => result.with_user(uid.as_deref(), state),
        None => result,
    }
}
