/**
 * Makes the value of an answer from its text and the offset table, which says where in the text everything is:
 * src/decode/offsets.rs writes it and explains its words. This file imports nothing: wasm-bindgen copies it alone
 * beside the wasm tests.
 */
/** Made when it is needed: importing throws nowhere. */
let decoder;

/**
 * Gives nothing where the bytes are not UTF-8. A long answer comes in parts: with all but the last there is no value
 * yet, but what is to be handed over with the next one.
 */
export function materialise(unfinished, bytes, model, offsets, last) {
  try {
    decoder ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const { text, list } = unfinished ?? { text: decoder.decode(bytes), list: [] };
    const value = models[model](text, offsets, 0, list);
    return last ? value : { text, list };
  } catch {
    return undefined;
  }
}

/** Copies a part of the bytes into WebAssembly. */
export function copy(bytes, start, to) {
  to.set(to.length === bytes.length ? bytes : bytes.subarray(start, start + to.length));
}

function string(text, offsets, at) {
  const start = offsets[at];
  if (start < 0) return JSON.parse(text.slice((start & 0x7fffffff) - 1, offsets[at + 1] + 1));
  return text.substring(start, offsets[at + 1]);
}

function list(text, offsets, at, model, items = []) {
  let row = offsets[at];
  for (let left = offsets[at + 1]; left > 0; left--) {
    items.push(model(text, offsets, row));
    row = offsets[row - 1];
  }
  return items;
}

function addUnknown(object, text, offsets, at) {
  for (let node = offsets[at]; node > 0; node = offsets[node + 4]) {
    const value = JSON.parse(text.slice(offsets[node + 2], offsets[node + 3]));
    // An assignment would do something else with `__proto__`.
    const property = { value, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(object, text.slice(offsets[node], offsets[node + 1]), property);
  }
  return object;
}

// One literal for each model, as a loop that sets properties takes twice as long.
// Written by `UPDATE=1 cargo test --test materialise` from here on; the tests compare it with the models.

function accountGroup(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 3) {
    return {
      aid: string(text, offsets, row + 1),
      accountGroupName: string(text, offsets, row + 3),
    };
  }
  const object = {};
  if (mask & 1) object.aid = string(text, offsets, row + 1);
  if (mask & 2) object.accountGroupName = string(text, offsets, row + 3);
  return mask < 0 ? addUnknown(object, text, offsets, row + 5) : object;
}

function extendedUser(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 63) {
    return {
      name: string(text, offsets, row + 1),
      email: string(text, offsets, row + 3),
      uid: string(text, offsets, row + 5),
      dateRegistered: string(text, offsets, row + 7),
      loginAccountGroup: accountGroup(text, offsets, row + 9),
      lastLogin: string(text, offsets, row + 16),
    };
  }
  const object = {};
  if (mask & 1) object.name = string(text, offsets, row + 1);
  if (mask & 2) object.email = string(text, offsets, row + 3);
  if (mask & 4) object.uid = string(text, offsets, row + 5);
  if (mask & 8) object.dateRegistered = string(text, offsets, row + 7);
  if (mask & 16) object.loginAccountGroup = accountGroup(text, offsets, row + 9);
  if (mask & 32) object.lastLogin = string(text, offsets, row + 16);
  return mask < 0 ? addUnknown(object, text, offsets, row + 18) : object;
}

function link(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 255) {
    return {
      href: string(text, offsets, row + 1),
      templated: offsets[row + 3] === 1,
      type: string(text, offsets, row + 4),
      deprecation: string(text, offsets, row + 6),
      name: string(text, offsets, row + 8),
      profile: string(text, offsets, row + 10),
      title: string(text, offsets, row + 12),
      hreflang: string(text, offsets, row + 14),
    };
  }
  const object = {};
  if (mask & 1) object.href = string(text, offsets, row + 1);
  if (mask & 2) object.templated = offsets[row + 3] === 1;
  if (mask & 4) object.type = string(text, offsets, row + 4);
  if (mask & 8) object.deprecation = string(text, offsets, row + 6);
  if (mask & 16) object.name = string(text, offsets, row + 8);
  if (mask & 32) object.profile = string(text, offsets, row + 10);
  if (mask & 64) object.title = string(text, offsets, row + 12);
  if (mask & 128) object.hreflang = string(text, offsets, row + 14);
  return mask < 0 ? addUnknown(object, text, offsets, row + 16) : object;
}

function selfLinks(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 1) {
    return {
      self: link(text, offsets, row + 1),
    };
  }
  const object = {};
  if (mask & 1) object.self = link(text, offsets, row + 1);
  return mask < 0 ? addUnknown(object, text, offsets, row + 19) : object;
}

function users(text, offsets, row, items) {
  const mask = offsets[row];
  if (mask === 3) {
    return {
      users: list(text, offsets, row + 1, extendedUser, items),
      _links: selfLinks(text, offsets, row + 3),
    };
  }
  const object = {};
  if (mask & 1) object.users = list(text, offsets, row + 1, extendedUser, items);
  if (mask & 2) object._links = selfLinks(text, offsets, row + 3);
  return mask < 0 ? addUnknown(object, text, offsets, row + 24) : object;
}

function role(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 15) {
    return {
      name: string(text, offsets, row + 1),
      roleId: string(text, offsets, row + 3),
      isBuiltin: offsets[row + 5] === 1,
      hasManagementPermissions: offsets[row + 6] === 1,
    };
  }
  const object = {};
  if (mask & 1) object.name = string(text, offsets, row + 1);
  if (mask & 2) object.roleId = string(text, offsets, row + 3);
  if (mask & 4) object.isBuiltin = offsets[row + 5] === 1;
  if (mask & 8) object.hasManagementPermissions = offsets[row + 6] === 1;
  return mask < 0 ? addUnknown(object, text, offsets, row + 7) : object;
}

function accountGroupRole(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 3) {
    return {
      accountGroup: accountGroup(text, offsets, row + 1),
      roles: list(text, offsets, row + 8, role),
    };
  }
  const object = {};
  if (mask & 1) object.accountGroup = accountGroup(text, offsets, row + 1);
  if (mask & 2) object.roles = list(text, offsets, row + 8, role);
  return mask < 0 ? addUnknown(object, text, offsets, row + 10) : object;
}

function createdUser(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 255) {
    return {
      name: string(text, offsets, row + 1),
      email: string(text, offsets, row + 3),
      uid: string(text, offsets, row + 5),
      dateRegistered: string(text, offsets, row + 7),
      loginAccountGroup: accountGroup(text, offsets, row + 9),
      accountGroupRoles: list(text, offsets, row + 16, accountGroupRole),
      allAccountGroupRoles: list(text, offsets, row + 18, role),
      _links: selfLinks(text, offsets, row + 20),
    };
  }
  const object = {};
  if (mask & 1) object.name = string(text, offsets, row + 1);
  if (mask & 2) object.email = string(text, offsets, row + 3);
  if (mask & 4) object.uid = string(text, offsets, row + 5);
  if (mask & 8) object.dateRegistered = string(text, offsets, row + 7);
  if (mask & 16) object.loginAccountGroup = accountGroup(text, offsets, row + 9);
  if (mask & 32) object.accountGroupRoles = list(text, offsets, row + 16, accountGroupRole);
  if (mask & 64) object.allAccountGroupRoles = list(text, offsets, row + 18, role);
  if (mask & 128) object._links = selfLinks(text, offsets, row + 20);
  return mask < 0 ? addUnknown(object, text, offsets, row + 41) : object;
}

function userDetail(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 511) {
    return {
      name: string(text, offsets, row + 1),
      email: string(text, offsets, row + 3),
      uid: string(text, offsets, row + 5),
      dateRegistered: string(text, offsets, row + 7),
      loginAccountGroup: accountGroup(text, offsets, row + 9),
      accountGroupRoles: list(text, offsets, row + 16, accountGroupRole),
      allAccountGroupRoles: list(text, offsets, row + 18, role),
      lastLogin: string(text, offsets, row + 20),
      _links: selfLinks(text, offsets, row + 22),
    };
  }
  const object = {};
  if (mask & 1) object.name = string(text, offsets, row + 1);
  if (mask & 2) object.email = string(text, offsets, row + 3);
  if (mask & 4) object.uid = string(text, offsets, row + 5);
  if (mask & 8) object.dateRegistered = string(text, offsets, row + 7);
  if (mask & 16) object.loginAccountGroup = accountGroup(text, offsets, row + 9);
  if (mask & 32) object.accountGroupRoles = list(text, offsets, row + 16, accountGroupRole);
  if (mask & 64) object.allAccountGroupRoles = list(text, offsets, row + 18, role);
  if (mask & 128) object.lastLogin = string(text, offsets, row + 20);
  if (mask & 256) object._links = selfLinks(text, offsets, row + 22);
  return mask < 0 ? addUnknown(object, text, offsets, row + 43) : object;
}

const models = [users, extendedUser, createdUser, userDetail, accountGroup, accountGroupRole, role, selfLinks, link];
