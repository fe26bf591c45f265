//! Journals: what stands in them, what is made of them when a run begins again, and what takes back what was applied.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod people;

use people::{People, about, grant, json_of, people, read};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use thousandeyes_admin::admin::{
    Created, Decision, Ended, Journal, Kind, Plan, State, StepResult, Write, header_line, intent_line, plan_undo, result_line,
};
use thousandeyes_admin::error::Error;

const TIME: &str = "2026-11-26T10:00:01Z";

/// Where a run is killed.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kill {
    /// Between the intent of a step and its write.
    BeforeWrite(usize),
    /// Between the write of a step and its result.
    AfterWrite(usize),
    /// While a line is written, so many bytes before its end.
    Torn(usize, usize),
}

/// Applies a plan as a run would, with the journal of those before, until it is killed.
fn run(people: &mut People, plan: &Plan, journal: &mut String, kill: Option<Kill>) -> Vec<StepResult> {
    let digest = plan.digest();
    let before = Journal::read(journal).unwrap();
    before.check(plan, &digest).unwrap();
    if before.is_torn {
        journal.push('\n');
    }
    *journal += &header_line(plan, &digest, TIME);
    let mut results = Vec::new();
    for (index, step) in plan.steps.iter().enumerate() {
        if let Some(result) = before.done(step) {
            results.push(result);
            continue;
        }
        let fresh = people.fresh(step).cloned();
        let mut got = None;
        let ended = match step.decide(fresh.as_ref(), before.has_begun(&step.id)) {
            Decision::Unchanged => Ended::Unchanged,
            Decision::Done(created) => Ended::Done(created),
            Decision::Conflict => step.conflict(fresh.as_ref()),
            Decision::Write(write) => {
                *journal += &intent_line(plan, &digest, step, fresh.as_ref(), TIME);
                if let Some(Kill::Torn(at, bytes)) = kill
                    && at == index
                {
                    journal.truncate(journal.len() - bytes);
                    return results;
                }
                if kill == Some(Kill::BeforeWrite(index)) {
                    return results;
                }
                let created = if matches!(write, Write::Create(_)) { Created::Yes } else { Created::No };
                got = people.write(write);
                if kill == Some(Kill::AfterWrite(index)) {
                    return results;
                }
                Ended::Done(created)
            }
        };
        let result = StepResult::of(step, ended);
        let result = if let Some(got) = got { result.with_user(Some(&got.uid), got.state) } else { result };
        *journal += &result_line(plan, &digest, &result, TIME);
        results.push(result);
    }
    results
}

fn wanted() -> Json {
    json!([
        { "kind": "invite", "email": "new@example.com", "roles": [{ "role": { "id": "30" }, "accountGroup": { "id": "5" } }] },
        { "kind": "grant", "user": { "uid": "2" }, "role": { "id": "34" }, "accountGroup": { "id": "6" } },
        { "kind": "update", "user": { "uid": "3" }, "name": "Grace H", "email": "grace.h@example.com" },
        { "kind": "remove", "user": { "uid": "4" } },
        { "kind": "revoke", "user": { "uid": "5" }, "role": { "id": "32" }, "accountGroup": { "id": "5" } },
    ])
}

fn plan() -> Plan {
    people().plan(&wanted()).unwrap()
}

/// A journal of the whole plan, and what is there then.
fn applied() -> (People, String) {
    let (mut people, mut journal) = (people(), String::new());
    let results = run(&mut people, &plan(), &mut journal, None);
    assert!(results.iter().all(|result| matches!(result.ended, Ended::Done(_))));
    (people, journal)
}

fn lines(journal: &str) -> Vec<Json> {
    journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn refused(text: &str) -> (String, String) {
    let error: Error = Journal::read(text).unwrap_err();
    (error.path().unwrap_or_default().to_owned(), error.message.clone())
}

#[test]
fn an_intent_stands_before_each_write_and_a_result_behind_it() {
    let lines = lines(&applied().1);
    let kinds: Vec<_> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(kinds[..3], ["plan", "intent", "result"]);
    assert_eq!(kinds.len(), 11);
    for line in &lines {
        assert_eq!((&line["planId"], &line["digest"]), (&json!("0123456789abcdef"), &json!(plan().digest())));
        assert_eq!(line["time"], TIME);
    }
    let intent = &lines[3];
    assert_eq!((&intent["actor"], &intent["reason"]), (&json!("owner@example.com"), &json!("TICKET-1")));
    let step = &json_of(&plan())["steps"][1];
    for name in ["id", "kind", "user", "before", "after"] {
        assert_eq!(intent["step"][name], step[name], "{name}");
    }
    assert_eq!((&lines[2]["uid"], &lines[2]["created"], &lines[2]["status"]), (&json!("101"), &json!("yes"), &json!("done")));
}

#[test]
fn the_before_image_is_what_was_there_and_not_what_the_plan_says() {
    let mut people = people();
    people.users[1].state.email = Some("ADA@example.com".to_owned());
    let mut journal = String::new();
    run(&mut people, &plan(), &mut journal, None);
    let read = Journal::read(&journal).unwrap();
    let entry = read.entry("2").unwrap();
    assert_eq!(entry.step.before.as_ref().unwrap().email.as_deref(), Some("ADA@example.com"));
    assert_eq!(entry.step.after.as_ref().unwrap().email.as_deref(), Some("ADA@example.com"));
}

#[test]
fn a_second_run_does_nothing_more() {
    let (mut people, mut journal) = applied();
    let before = people.clone();
    let results = run(&mut people, &plan(), &mut journal, None);
    assert_eq!(people, before);
    assert!(results.iter().all(|result| matches!(result.ended, Ended::Done(_))));
    assert_eq!(results[0].user.uid.as_deref(), Some("101"));
    assert_eq!(lines(&journal).len(), 12);
}

#[test]
fn a_torn_line_was_never_acted_upon() {
    let (people, journal) = applied();
    for bytes in 1..60 {
        let torn = &journal[..journal.len() - bytes];
        let read = Journal::read(torn).unwrap();
        assert!(read.is_torn);
        let expected = if bytes == 1 { State::Done(Created::No) } else { State::Begun };
        assert_eq!(read.entry("5").unwrap().state, expected, "{bytes}");
        // The next run ends the line, and begins with one about the plan.
        let (mut people, mut journal) = (people.clone(), torn.to_owned());
        assert_eq!(run(&mut people, &plan(), &mut journal, None).len(), 5);
        assert!(Journal::read(&journal).unwrap().entries.iter().all(|entry| matches!(entry.state, State::Done(_))));
    }
    assert!(!Journal::read(&journal).unwrap().is_torn);
}

#[test]
fn a_broken_line_elsewhere_is_refused() {
    let journal = applied().1;
    let all: Vec<_> = journal.lines().collect();
    for (index, place) in [(1, "journal[1]"), (4, "journal[4]"), (9, "journal[9]")] {
        let mut lines: Vec<_> = all.iter().map(|line| (*line).to_owned()).collect();
        lines[index].pop();
        let (path, message) = refused(&(lines.join("\n") + "\n"));
        assert!(path == place && message.contains("broken"), "{path}: {message}");
    }
    let mut lines = all.clone();
    lines.remove(0);
    assert!(refused(&lines.join("\n")).1.contains("beginning is missing"));
    // An empty line says nothing.
    Journal::read(&(all.join("\n\n") + "\r\n\n")).unwrap();
    assert_eq!(Journal::read("").unwrap(), Journal::default());
}

#[test]
fn a_journal_is_read_as_what_a_stranger_hands_in() {
    let journal = applied().1;
    let with = |line: usize, place: &str, item: Json| {
        let mut lines = lines(&journal);
        let (parent, name) = place.rsplit_once('/').unwrap();
        lines[line].pointer_mut(parent).unwrap()[name] = item;
        lines.iter().map(|line| json_of(line).to_string() + "\n").collect::<String>()
    };
    for (line, place, item, path) in [
        (0, "/version", json!(2), "journal[0].version"),
        (0, "/planId", json!("x"), "journal[0].planId"),
        (0, "/token", json!("secret"), "journal[0].token"),
        (1, "/type", json!("write"), "journal[1].type"),
        (1, "/planId", json!("fedcba9876543210"), "journal[1]"),
        (1, "/digest", json!("00"), "journal[1]"),
        (1, "/time", json!("now"), "journal[1].time"),
        (1, "/step/kind", json!("remove"), "journal[1].step.kind"),
        (1, "/step/request", json!({}), "journal[1].step.request"),
        (1, "/step/after/allAccountGroupRoleIds", json!([{}]), "journal[1].step.after.allAccountGroupRoleIds[0]"),
        (2, "/status", json!("fine"), "journal[2].status"),
        (2, "/created", json!(true), "journal[2].created"),
        (2, "/stepId", json!("99"), "journal[2].stepId"),
        (2, "/uid", json!(""), "journal[2].uid"),
        (2, "/got/name", json!(1), "journal[2].got.name"),
    ] {
        assert_eq!(refused(&with(line, place, item.clone())).0, path, "{line} {place} {item}");
    }
}

#[test]
fn the_journal_of_another_plan_is_refused() {
    let journal = Journal::read(&applied().1).unwrap();
    let plan = plan();
    journal.check(&plan, &plan.digest()).unwrap();
    Journal::default().check(&plan, &plan.digest()).unwrap();
    let mut other = plan.clone();
    other.header.plan_id = "fedcba9876543210".to_owned();
    assert!(journal.check(&other, &plan.digest()).is_err());
    // The same plan, changed by somebody.
    let mut other = plan.clone();
    other.steps[1].after = other.steps[1].after.take().map(|after| after.with(grant("32", "*")));
    let error = journal.check(&other, &other.digest()).unwrap_err();
    assert!(error.message.contains("another plan"), "{}", error.message);
}

#[test]
fn an_intent_without_a_result_is_resolved_by_reading() {
    for index in 0..5 {
        for kill in [Kill::BeforeWrite(index), Kill::AfterWrite(index), Kill::Torn(index, 10)] {
            let (mut people, mut journal) = (people(), String::new());
            run(&mut people, &plan(), &mut journal, Some(kill));
            let results = run(&mut people, &plan(), &mut journal, None);
            assert_eq!(people, applied().0, "{kill:?}");
            let expected = match (index, kill) {
                (0, Kill::AfterWrite(_)) => Ended::Done(Created::Assumed),
                (0, _) => Ended::Done(Created::Yes),
                _ => Ended::Done(Created::No),
            };
            assert_eq!(results[index].ended, expected, "{kill:?}");
        }
    }
}

#[test]
fn whoever_changed_the_user_after_the_kill_is_not_overwritten() {
    let (mut people, mut journal) = (people(), String::new());
    run(&mut people, &plan(), &mut journal, Some(Kill::BeforeWrite(1)));
    people.users[1].state = people.users[1].state.clone().with(grant("30", "7"));
    let theirs = people.user("2").cloned();
    let results = run(&mut people, &plan(), &mut journal, None);
    assert_eq!(results[1].ended.status(), "conflict");
    assert_eq!(people.user("2").cloned(), theirs);
}

#[test]
fn an_unknown_outcome_stays_to_be_resolved() {
    let (plan, step) = (plan(), &plan().steps[1]);
    let digest = plan.digest();
    let lost = StepResult::of(step, Ended::Unknown("The answer did not come.".to_owned()));
    let text = header_line(&plan, &digest, TIME)
        + &intent_line(&plan, &digest, step, step.before.as_ref(), TIME)
        + &result_line(&plan, &digest, &lost, TIME);
    let journal = Journal::read(&text).unwrap();
    assert!(journal.has_begun("2") && journal.done(step).is_none());
    let failed = StepResult::of(step, Ended::Failed("Refused.".to_owned()));
    let journal = Journal::read(&(text + &result_line(&plan, &digest, &failed, TIME))).unwrap();
    assert!(!journal.has_begun("2") && journal.done(step).is_none());
}

#[test]
fn what_a_later_run_could_not_find_out_stays_to_be_resolved() {
    let (plan, step) = (plan(), &plan().steps[1]);
    let digest = plan.digest();
    let header = header_line(&plan, &digest, TIME);
    let intent = intent_line(&plan, &digest, step, step.before.as_ref(), TIME);
    // Killed behind the intent; the next run cannot even read the user.
    let failed = result_line(&plan, &digest, &StepResult::of(step, Ended::Failed("Refused.".to_owned())), TIME);
    let text = [header.as_str(), &intent, &header, &failed].concat();
    assert!(Journal::read(&text).unwrap().has_begun("2"));
    assert!(plan_undo(&Journal::read(&text).unwrap(), about()).unwrap().unchanged[0].warnings[0].contains("Nobody knows"));
    // Whoever wrote it anew and was refused knows.
    assert!(!Journal::read(&[text.as_str(), &header, &intent, &failed].concat()).unwrap().has_begun("2"));
}

fn undo(journal: &str) -> Plan {
    let mut about = about();
    about.plan_id = "fedcba9876543210".to_owned();
    let plan = plan_undo(&Journal::read(journal).unwrap(), about).unwrap();
    // It is a plan like any other.
    assert_eq!(read(&json_of(&plan)).unwrap(), plan);
    plan
}

#[test]
fn undo_takes_back_what_was_applied_the_last_first() {
    let (mut people, journal) = applied();
    let plan = undo(&journal);
    let steps: Vec<_> = plan.steps.iter().map(|step| (step.kind, step.user.uid.as_deref().unwrap())).collect();
    assert_eq!(steps, [(Kind::Update, "5"), (Kind::Update, "3"), (Kind::Update, "2"), (Kind::Remove, "101")]);
    assert_eq!((&plan.header.plan_id, &plan.header.host), (&"fedcba9876543210".to_owned(), &about().host));
    assert_eq!((plan.header.org_ids.as_slice(), plan.names.role("34")), (&["1".to_owned()][..], "Twin [34]".to_owned()));
    assert!(plan.steps[1].warnings[0].contains("confirm"), "{:?}", plan.steps[1].warnings);
    // Who was deleted stays so, and the plan says it.
    assert!(plan.unchanged[0].user.uid.as_deref() == Some("4") && plan.unchanged[0].warnings[0].contains("cannot be restored"));
    assert!(people.apply(&plan).iter().all(|decision| matches!(decision, Decision::Write(_))));
    let mut expected = people::people();
    expected.users.retain(|user| user.uid != "4");
    assert_eq!(people.users, expected.users);
}

#[test]
fn undo_leaves_who_was_changed_since() {
    let (mut people, journal) = applied();
    let place = people.position("2").unwrap();
    people.users[place].state = people.users[place].state.clone().with(grant("30", "7"));
    let theirs = people.user("2").cloned();
    let decisions = people.apply(&undo(&journal));
    assert_eq!(decisions[2], Decision::Conflict);
    assert_eq!(people.user("2").cloned(), theirs);
}

#[test]
fn undo_deletes_nobody_of_whom_it_is_not_sure() {
    // Whoever was there after a lost answer may be somebody else's.
    let (mut people, mut journal) = (people(), String::new());
    run(&mut people, &plan(), &mut journal, Some(Kill::AfterWrite(0)));
    let unresolved = undo(&journal);
    assert_eq!(unresolved.steps, []);
    assert!(unresolved.unchanged[0].warnings[0].contains("with its journal"));
    run(&mut people, &plan(), &mut journal, None);
    let plan = undo(&journal);
    assert!(plan.steps.iter().all(|step| step.kind != Kind::Remove));
    assert!(plan.unchanged.last().unwrap().warnings[0].contains("not deleted"));
}

#[test]
fn undo_of_nothing_is_refused_and_of_what_was_not_written_is_empty() {
    assert!(plan_undo(&Journal::default(), about()).is_err());
    let plan = plan();
    let text = header_line(&plan, &plan.digest(), TIME)
        + &result_line(&plan, &plan.digest(), &StepResult::of(&plan.steps[0], Ended::Unchanged), TIME);
    assert_eq!((undo(&text).steps.len(), undo(&text).unchanged.len()), (0, 0));
}

#[test]
fn undo_can_itself_be_undone() {
    let (mut people, journal) = applied();
    let there = people.clone();
    let plan = undo(&journal);
    let mut second = String::new();
    run(&mut people, &plan, &mut second, None);
    people.apply(&undo(&second));
    let mut expected = there;
    // Who was deleted comes back by no undo.
    expected.users.retain(|user| user.uid != "101");
    assert_eq!(people.users, expected.users);
}

fn any_kill() -> impl Strategy<Value = Kill> {
    prop_oneof![
        (0..5usize).prop_map(Kill::BeforeWrite),
        (0..5usize).prop_map(Kill::AfterWrite),
        (0..5usize, 1..100usize).prop_map(|(index, bytes)| Kill::Torn(index, bytes)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn however_often_a_run_is_killed_nothing_is_lost_and_nothing_doubled(kills in prop::collection::vec(any_kill(), 0..6)) {
        let (mut people, mut journal) = (people(), String::new());
        for kill in kills {
            run(&mut people, &plan(), &mut journal, Some(kill));
        }
        let results = run(&mut people, &plan(), &mut journal, None);
        prop_assert!(results.iter().all(|result| matches!(result.ended, Ended::Done(_) | Ended::Unchanged)));
        prop_assert_eq!(&people, &applied().0);
        prop_assert_eq!(results.len(), 5);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(\\{\"type\":\"(plan|intent|result)\"[\\{\\}\\[\\],:\"a-z0-9 ]{0,40}\n?){0,4}") {
        let _ = Journal::read(&text);
    }
}
