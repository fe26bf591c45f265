//! A plan as people read it, names first.

use super::plan::{Kind, Names, Plan, Step};
use super::state::UserState;

/// The text of a plan.
pub fn plan_to_text(plan: &Plan) -> String {
    let header = &plan.header;
    let mut text = Text(String::new());
    text.line("", &["Plan ", &header.plan_id, " for ", &header.host, ", made ", &header.created]);
    for (what, value) in [("Actor: ", &header.actor), ("Reason: ", &header.reason), ("Account group of the calls: ", &header.aid)] {
        if let Some(value) = value {
            text.line("", &[what, value]);
        }
    }
    for id in &header.org_ids {
        text.line("", &["Organisation: ", id]);
    }
    let (mut invited, mut updated, mut removed, mut blocked) = (0_u32, 0_u32, 0_u32, 0_u32);
    for step in &plan.steps {
        match step.kind {
            Kind::Invite => invited += 1,
            Kind::Update => updated += 1,
            Kind::Remove => removed += 1,
        }
        blocked += u32::from(!step.blocked.is_empty());
    }
    text.line("", &[&format!("To invite: {invited}, to change: {updated}, to delete: {removed}, of these blocked: {blocked}")]);
    let cost = header.applying;
    text.line("", &[&format!("Applying takes about {} requests, {} seconds at the rate limit", cost.requests, cost.seconds)]);
    for step in &plan.steps {
        text.step(&plan.names, step);
    }
    if !plan.unchanged.is_empty() {
        text.line("\nNothing to do for:", &[]);
    }
    for unchanged in &plan.unchanged {
        text.line("  ", &[&unchanged.user.call()]);
        text.all("     ", &unchanged.warnings);
    }
    text.0
}

/// A text in the making. What came from outside cannot break its lines.
struct Text(String);

impl Text {
    fn line(&mut self, start: &str, parts: &[&str]) {
        self.0 += start;
        for part in parts {
            for character in part.chars() {
                self.0.push(if is_harmless(character) { character } else { char::REPLACEMENT_CHARACTER });
            }
        }
        self.0.push('\n');
    }

    fn all(&mut self, start: &str, lines: &[String]) {
        lines.iter().for_each(|line| self.line(start, &[line]));
    }

    fn step(&mut self, names: &Names, step: &Step) {
        let what = match step.kind {
            Kind::Invite => "Invite ",
            Kind::Update => "Change ",
            Kind::Remove => "Delete ",
        };
        self.line("\n", &[&step.id, ". ", what, &step.user.call()]);
        self.difference(names, step.before.as_ref(), step.after.as_ref());
        for warning in &step.warnings {
            self.line("   ! ", &[warning]);
        }
        for blocked in &step.blocked {
            self.line("   BLOCKED by ", &[blocked.guard, ": ", &blocked.message]);
        }
    }

    fn difference(&mut self, names: &Names, before_state: Option<&UserState>, after_state: Option<&UserState>) {
        let nothing = UserState::default();
        let difference = before_state.unwrap_or(&nothing).difference(after_state.unwrap_or(&nothing));
        let of_group = |field: &str, value: &Option<String>| match value {
            Some(aid) if field == "loginAccountGroupId" => names.account_group(aid),
            Some(text) => text.clone(),
            None => "nothing".to_owned(),
        };
        for field in &difference.fields {
            let name = match field.name {
                "email" => "e-mail address",
                "loginAccountGroupId" => "login account group",
                name => name,
            };
            let (before, after) = (of_group(field.name, &field.before), of_group(field.name, &field.after));
            match (before_state, after_state) {
                (Some(_), Some(_)) => self.line("   ~ ", &[name, ": ", &before, " -> ", &after]),
                (None, _) => self.line("   + ", &[name, ": ", &after]),
                (_, None) => self.line("   - ", &[name, ": ", &before]),
            }
        }
        for (start, grants) in [("   + ", &difference.added), ("   - ", &difference.removed), ("     ", &difference.kept)] {
            for grant in grants {
                self.line(start, &[&names.grant(grant)]);
            }
        }
    }
}

/// Whether a character neither controls the terminal, nor turns the direction of what is written, nor hides in it.
fn is_harmless(character: char) -> bool {
    !character.is_control()
        && !matches!(
            character,
            '\u{ad}' | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}
