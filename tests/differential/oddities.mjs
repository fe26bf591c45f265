/** What is hard to decode, or easy to take for something else; as it stands in JSON. */
import { feature } from "./features.mjs";

/** All that needs no escape, DEL included. */
export const ASCII = Array.from({ length: 96 }, (_, index) => String.fromCharCode(32 + index)).filter(
  (character) => !/["\\]/.test(character),
);

export const alphabets = [
  { bit: 0, characters: ASCII },
  { bit: feature.latin, characters: [..."\u0080\u0085\u00a0àéßüÿ\u07ff"] },
  {
    bit: feature["beyond Latin"],
    characters: [..."ИринаЖ田中愛ก\u0800\u2028\u2029\ufeff\ufffd\uffff\ud7ff\ue000"],
  },
  { bit: feature.emoji, characters: ["😀", "👩‍🚀", "\u{10000}", "\u{10ffff}", "𝒳"] },
  {
    bit: feature.escapes,
    characters: [
      ...[..."\"\\/bfnrt"].map((letter) => `\\${letter}`),
      ...["0000", "001F", "007f", "00e9", "FEFF", "2028", "0022", "005c"].map((digits) => `\\u${digits}`),
    ],
  },
  {
    bit: feature["surrogate escapes"],
    characters: [
      "\\ud83d\\ude00", "\\uD800", "\\udbff", "\\uDC00", "\\udfff", "\\ude00\\ud83d", "\\ud83d\\ud83d\\ude00",
    ],
  },
];

export const NUMBERS = [
  "-0", "0.0", "-0.0", "0e0", "-0E-0", "1e400", "-1e400", "0.1e-400", "5e-324", "2e-324", "2.2250738585072011e-308",
  "1.7976931348623157e308", "1.7976931348623159e308", "9007199254740991", "9007199254740992", "9007199254740993",
  "-9007199254740993", "18446744073709551616", "123456789012345678901234567890", "0.30000000000000004", "1E+2", "1e-7",
  "4294967295", "2147483648", "1.0000000000000000000000000000000000001", "9".repeat(400), `0.${"0".repeat(400)}1`,
  "1e00000000001",
];

export const NAMES = [
  "__proto__", "constructor", "", "toString", "hasOwnProperty", "length", "get", "0", "1", "-1", "00", "4294967295",
  "name", "_links", "self", "href", "uidx", "users ", "_links_", "next",
  "brandNew", "имя", "名", "😀", "\u2028", "\u007f",
];

/** None of them spells a known name. */
export const ESCAPED_NAMES = ["\\u005f_proto__", "x\\n", "\\ud800", '\\"', "\\u0000"];

/** Around the limits of the fast path and of the slow one. */
export const DEPTHS = [5, 20, 60, 62, 63, 64, 65, 66, 100, 124, 125, 126, 127, 128, 129, 130, 200, 1000];

export const DATES = [
  "2020-01-31 12:00:00", "2020-01-31T12:00:00", "", "-", "--", "2020-01-31", "2020-01-31T12:00:00+01:00",
  "2020-01-31t12:00:00Z", "2020-01-31T12:00:00z", "2020-01-31T12:00:00.Z", "2020-01-3/T12:00:00Z",
  "2020-01-3:T12:00:00Z", "2020-01-31T12:00:0\\u0030Z", "2020-01-31T12:00:00Z ", " 2020-01-31T12:00:00Z", '2020-01-31T12:00:00Z\\"',
  '\\"2020-01-31T12:00:00Z', "2020-01-31T12:00:0٠Z", "é020-01-31T12:00:00Z", "２020-01-31T12:00:00Z",
];

/** What older services write in place of a value, and what nobody does. */
export const ODD = [
  "null", "0", "1", "2", "-0", "245", "1e3", "1.5", "true", "false", '""', '"-"', '"true"', "[]", "{}", "[[]]", "[{}]",
  "[null]",
];
