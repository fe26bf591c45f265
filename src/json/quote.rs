//! Writes texts as JSON.

/// Writes a text in quotes behind another text.
pub fn quote(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        let short = match character {
            '"' | '\\' => character,
            '\u{8}' => 'b',
            '\u{c}' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\0'..' ' => {
                *json += "\\u00";
                json.push(if character < '\u{10}' { '0' } else { '1' });
                json.extend(char::from_digit(u32::from(character) % 16, 16));
                continue;
            }
            _ => {
                json.push(character);
                continue;
            }
        };
        json.push('\\');
        json.push(short);
    }
    json.push('"');
}
