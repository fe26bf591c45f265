import { isoDate } from "../clock.mjs";
import {
  ACCOUNT_ADMIN, AUDITOR, DASHBOARD_GUEST, NETWORK_OPERATIONS, ORGANIZATION_ADMIN, REGULAR_USER, SERVICE_DESK,
  USER_MANAGER,
} from "./organization.mjs";
import { between, createRandom, pick } from "./random.mjs";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 1440 * MINUTE;
/** How many days ago the users have registered, and invitations were sent: the newest and the oldest. */
const REGISTERED = [90, 2500];
const INVITED = [0, 60];
const FIRST_UID = 5001;

const person = (name, email, accountGroupRoles, more = {}) => ({ name, email, accountGroupRoles, ...more });
const everywhere = (...roleIds) => ({ allAccountGroupRoleIds: roleIds });
const pending = { pending: true };
const neverLoggedIn = { neverLoggedIn: true };

/** The first four own the tokens; see auth.mjs. All invented, at domains that are reserved for examples. */
const people = [
  person("Robin Castellane", "robin.castellane@example.com", {}, everywhere(ORGANIZATION_ADMIN)),
  person("Ilse Vandermolen", "ilse.vandermolen@example.com", { 2002: [ACCOUNT_ADMIN], 2003: [ACCOUNT_ADMIN] }),
  person("Tobias Quillfeather", "tobias.quillfeather@example.com", { 2001: [AUDITOR], 2002: [AUDITOR] }),
  person("Nadia Brightwater", "nadia.brightwater@example.com", { 2004: [REGULAR_USER] }),
  person("山川 春子", "haruko.yamakawa@example.org", { 2003: [NETWORK_OPERATIONS, REGULAR_USER] }),
  person("김 하늘빛", "haneulbit.kim@example.com", { 2003: [SERVICE_DESK] }),
  person("Łucja Żółkwińska-Brzęczysz", "lucja.zolkwinska@example.org", { 2002: [REGULAR_USER] }),
  person("Светлана Придуманная", "svetlana.p@example.net", { 2002: [AUDITOR] }),
  person("ليلى المثالية", "layla.almithaliya@example.org", { 2002: [REGULAR_USER], 2006: [REGULAR_USER] }),
  person("नव्या उदाहरण", "navya.udaharan@example.net", { 2003: [REGULAR_USER] }, pending),
  person("Ελπίδα Παραδειγματάκη", "elpida.p@example.org", { 2002: [SERVICE_DESK] }),
  person("דנה לדוגמה", "dana.ledugma@example.com", { 2006: [DASHBOARD_GUEST] }, neverLoggedIn),
  person("สมหญิง ตัวอย่าง", "somying.tuayang@example.net", { 2003: [REGULAR_USER] }),
  person("陳 範例", "li.chen@example.com", { 2003: [ACCOUNT_ADMIN], 2005: [REGULAR_USER] }),
  person("Þórhildur Dæmisdóttir", "thorhildur@example.org", { 2002: [NETWORK_OPERATIONS] }),
  person("Nguyễn Thị Ví Dụ", "vidu.nguyen@example.com", { 2003: [REGULAR_USER] }),
  person("María de los Ángeles Ejemplar y Muestra", "maria.ejemplar@example.net", { 2004: [ACCOUNT_ADMIN] }),
  person("João Exemplário", "joao.exemplario@example.org", { 2004: [NETWORK_OPERATIONS] }),
  person("Siobhán O'Sample", "siobhan.o'sample@example.com", { 2001: [REGULAR_USER] }),
  person("Zoë 🛰️ Orbit", "zoe.orbit@example.net", { 2005: [NETWORK_OPERATIONS, SERVICE_DESK] }),
  person("X", "x@example.org", { 2005: [REGULAR_USER] }),
  person(
    "Wilhelmina Anastasia Theodora Bartholomea von und zu Musterstein-Beispielhausen auf der Langen Namensheide",
    "wilhelmina.anastasia.theodora.von.musterstein-beispielhausen@long-department-name.example.com",
    { 2001: [REGULAR_USER], 2002: [REGULAR_USER] },
  ),
  person("Maximilian Rollensammler", "max.rollensammler@example.com", {
    2001: [ACCOUNT_ADMIN, AUDITOR, NETWORK_OPERATIONS, SERVICE_DESK],
    2002: [REGULAR_USER, AUDITOR],
    2003: [NETWORK_OPERATIONS],
    2004: [SERVICE_DESK, REGULAR_USER],
    2005: [ACCOUNT_ADMIN, NETWORK_OPERATIONS],
    2006: [DASHBOARD_GUEST],
  }),
  person("Odile Partout", "odile.partout@example.org", { 2001: [NETWORK_OPERATIONS] }, everywhere(AUDITOR)),
  person("Everett Allgood", "everett.allgood@example.com", {}, everywhere(ORGANIZATION_ADMIN, AUDITOR)),
  person("Compliance Mailbox", "compliance+audit@example.com", {}, everywhere(AUDITOR)),
  person("Wallboard, Operations Room 3", "wallboard-3@ops.example.com", { 2001: [DASHBOARD_GUEST] }, neverLoggedIn),
  person("Provisioning Robot", "provisioning@automation.example.com", { 2001: [USER_MANAGER] }, neverLoggedIn),
  person("Gideon Farrowmere", "gideon.farrowmere@example.net", { 2006: [REGULAR_USER] }, pending),
  person("Petra Neuzugang", "petra.neuzugang@example.com", { 2002: [REGULAR_USER] }, pending),
  person("Callum Inkwell", "callum.inkwell@example.org", { 2001: [SERVICE_DESK] }),
  person("Beatrix Lanternhill", "beatrix.lanternhill@example.com", { 2001: [USER_MANAGER], 2005: [USER_MANAGER] }),
  person("Rasmus Fjordgren", "rasmus.fjordgren@example.net", { 2002: [NETWORK_OPERATIONS] }),
  person("Ottilie Marchbanks-Doe", "ottilie.marchbanks@example.org", { 2004: [REGULAR_USER] }),
  person("Kwabena Samplefield", "kwabena.samplefield@example.com", { 2002: [AUDITOR], 2004: [AUDITOR] }),
  person("Yusra Testwell", "yusra.testwell@example.net", { 2005: [REGULAR_USER] }),
  person("Former Contractor", "former.contractor@partner.example", {}),
  person("Leocadia Pumphrey", "leocadia.pumphrey@example.org", { 2006: [ACCOUNT_ADMIN] }),
  person("Anselm Brookstone", "anselm.brookstone@example.com", { 2001: [NETWORK_OPERATIONS] }),
  person("Ismene Vale", "ismene.vale@example.net", { 2004: [SERVICE_DESK], 2006: [SERVICE_DESK] }, pending),
];

const givenNames = ["Alma", "Bruno", "Cleo", "Dario", "Edda", "Falk", "Greta", "Hugo", "Ines", "Joris", "Kaya", "Liv"];
const familyNames = ["Amberly", "Birkwood", "Copperfen", "Dunmarsh", "Elderby", "Foxholt", "Grayling", "Hartsedge"];

/** Once the list above is used up: as many more as asked for, each with an e-mail address of its own. */
function furtherPerson(number, random) {
  const given = pick(random, givenNames);
  const family = pick(random, familyNames);
  const aid = pick(random, ["2001", "2002", "2003", "2004", "2005", "2006"]);
  const role = pick(random, [REGULAR_USER, REGULAR_USER, AUDITOR, NETWORK_OPERATIONS, SERVICE_DESK]);
  const email = `${given}.${family}.${number}@example.com`.toLowerCase();
  return person(`${given} ${family}`, email, { [aid]: [role] }, random() < 0.1 ? pending : {});
}

/** By multiplication, which every engine rounds alike; powers they may not. */
const eighthPower = (number) => [1, 2, 3].reduce((power) => power * power, number);

function toUser(entry, index, random, now) {
  const days = between(random, ...(entry.pending ? INVITED : REGISTERED));
  const age = days * DAY + between(random, 0, 86_399) * SECOND;
  const registered = now - age;
  // Most have been here lately, one in eight not for a year or longer, and nobody within this minute.
  const lastLogin = now - MINUTE - (age - MINUTE) * eighthPower(random());
  const accountGroupRoles = Object.entries(entry.accountGroupRoles).map(([aid, roleIds]) => ({ aid, roleIds }));
  return {
    uid: String(FIRST_UID + index),
    name: entry.name,
    email: entry.email,
    dateCreated: isoDate(registered),
    dateRegistered: entry.pending ? null : isoDate(registered),
    lastLogin: entry.pending || entry.neverLoggedIn ? null : isoDate(lastLogin),
    loginAid: accountGroupRoles[0]?.aid ?? "2001",
    accountGroupRoles,
    allAccountGroupRoleIds: entry.allAccountGroupRoleIds ?? [],
    emailConfirmed: true,
  };
}

/**
 * The users that a new organisation starts with.
 * @param {number} seed
 * @param {number} count at least four: those own the tokens
 * @param {number} now what all dates are counted back from, so that somebody was always here today
 */
export function seedUsers(seed, count, now) {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) =>
    toUser(people[index] ?? furtherPerson(index + 1, random), index, random, now),
  );
}

/** How many people the list has; more are made on demand. */
export const DEFAULT_USER_COUNT = people.length;
