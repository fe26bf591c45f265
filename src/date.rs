//! Dates as the API writes them: ISO 8601 in UTC.

/// Whether a text is a date as the model has it.
pub fn is_date(text: &[u8]) -> bool {
    matches!(moment(text), Some((b'T', b"Z" | b"+00:00" | b"-00:00")))
}

/// What is between the day and the time of a text such as `2020-01-31T12:00:00.5Z`, and the zone behind its fraction.
pub fn moment(text: &[u8]) -> Option<(u8, &[u8])> {
    const YEAR: Form = Form::new(*b"0000-00-");
    const DAY: Form = Form::new(*b"00-00-00");
    const TIME: Form = Form::new(*b"00:00:00");
    let (day, rest) = text.split_first_chunk::<10>()?;
    let (between, rest) = rest.split_first()?;
    let (time, rest) = rest.split_first_chunk::<8>()?;
    if !YEAR.fits(day.first_chunk()?) || !DAY.fits(day.last_chunk()?) || !TIME.fits(time) {
        return None;
    }
    let [b'.', fraction @ ..] = rest else { return Some((*between, rest)) };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits > 0 { Some((*between, fraction.get(digits..)?)) } else { None }
}

/// Seconds since the epoch, a part of one left out; none where the text is no date of the model, or names a day or an hour that
/// does not exist. A leap second is the first of the next minute.
pub fn seconds(text: &str) -> Option<i64> {
    if !is_date(text.as_bytes()) {
        return None;
    }
    let number = |from: usize| text.get(from..from + 2)?.parse::<u32>().ok().map(i64::from);
    let year = number(0)? * 100 + number(2)?;
    let (month, day, hour, minute, second) = (number(5)?, number(8)?, number(11)?, number(14)?, number(17)?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=last).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Years that begin in March have their leap day last.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = year * 365 + leap_days + (month * 153 + 2) / 5 + day - 719_469;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

/// A moment, in milliseconds since the epoch, to the second.
pub fn iso(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    // Days since 1 March of the year 0, as years that begin in March have their leap day last; eras are 400 years.
    let days = seconds / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    let of_day = seconds % 86_400;
    let mut text = (era * 400 + year).to_string();
    for (separator, number) in [('-', month), ('-', day), ('T', of_day / 3600), (':', of_day / 60 % 60), (':', of_day % 60)] {
        text.push(separator);
        if number < 10 {
            text.push('0');
        }
        text += &number.to_string();
    }
    text + "Z"
}

/// Eight bytes as they must be, where 0 stands for any digit. They are compared together: each user of a list has two dates.
struct Form {
    bytes: u64,
    /// All bits of the bytes that are digits.
    digits: u64,
}

impl Form {
    #[allow(clippy::indexing_slicing, reason = "it is called by the compiler only")]
    const fn new(bytes: [u8; 8]) -> Self {
        let (mut digits, mut index) = (0, 0);
        while index < 8 {
            if bytes[index] == b'0' {
                digits |= 0xff << (8 * index);
            }
            index += 1;
        }
        Self { bytes: u64::from_le_bytes(bytes), digits }
    }

    #[inline(always)]
    const fn fits(&self, bytes: &[u8; 8]) -> bool {
        const ONES: u64 = u64::MAX / 0xff;
        // 0 to 9 where digits are, 0 elsewhere; 6 more than a digit is less than 16.
        let rest = u64::from_le_bytes(*bytes) ^ self.bytes;
        let more = rest.wrapping_add(self.digits & (ONES * 6));
        rest & !self.digits == 0 && (rest | more) & (ONES * 0xf0) == 0
    }
}
