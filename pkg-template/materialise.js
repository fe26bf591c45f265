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
// Written by `UPDATE=1 cargo test --test declared` from here on; the tests compare it with the models.

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
      _links: selfLinks(text, offsets, row + 20),
      lastLogin: string(text, offsets, row + 41),
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
  if (mask & 256) object.lastLogin = string(text, offsets, row + 41);
  return mask < 0 ? addUnknown(object, text, offsets, row + 43) : object;
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

function userAccountGroup(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 63) {
    return {
      name: string(text, offsets, row + 1),
      email: string(text, offsets, row + 3),
      uid: string(text, offsets, row + 5),
      dateRegistered: string(text, offsets, row + 7),
      lastLogin: string(text, offsets, row + 9),
      roles: list(text, offsets, row + 11, role),
    };
  }
  const object = {};
  if (mask & 1) object.name = string(text, offsets, row + 1);
  if (mask & 2) object.email = string(text, offsets, row + 3);
  if (mask & 4) object.uid = string(text, offsets, row + 5);
  if (mask & 8) object.dateRegistered = string(text, offsets, row + 7);
  if (mask & 16) object.lastLogin = string(text, offsets, row + 9);
  if (mask & 32) object.roles = list(text, offsets, row + 11, role);
  return mask < 0 ? addUnknown(object, text, offsets, row + 13) : object;
}

function createdAccountGroup(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 255) {
    return {
      aid: string(text, offsets, row + 1),
      accountGroupName: string(text, offsets, row + 3),
      isCurrentAccountGroup: offsets[row + 5] === 1,
      isDefaultAccountGroup: offsets[row + 6] === 1,
      organizationName: string(text, offsets, row + 7),
      orgId: string(text, offsets, row + 9),
      users: list(text, offsets, row + 11, userAccountGroup),
      _links: selfLinks(text, offsets, row + 13),
    };
  }
  const object = {};
  if (mask & 1) object.aid = string(text, offsets, row + 1);
  if (mask & 2) object.accountGroupName = string(text, offsets, row + 3);
  if (mask & 4) object.isCurrentAccountGroup = offsets[row + 5] === 1;
  if (mask & 8) object.isDefaultAccountGroup = offsets[row + 6] === 1;
  if (mask & 16) object.organizationName = string(text, offsets, row + 7);
  if (mask & 32) object.orgId = string(text, offsets, row + 9);
  if (mask & 64) object.users = list(text, offsets, row + 11, userAccountGroup);
  if (mask & 128) object._links = selfLinks(text, offsets, row + 13);
  return mask < 0 ? addUnknown(object, text, offsets, row + 34) : object;
}

function enterpriseAgent(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 8191) {
    return {
      agentId: string(text, offsets, row + 1),
      agentName: string(text, offsets, row + 3),
      agentType: string(text, offsets, row + 5),
      location: string(text, offsets, row + 7),
      countryId: string(text, offsets, row + 9),
      enabled: offsets[row + 11] === 1,
      network: string(text, offsets, row + 12),
      prefix: string(text, offsets, row + 14),
      verifySslCertificates: offsets[row + 16] === 1,
      agentState: string(text, offsets, row + 17),
      hostname: string(text, offsets, row + 19),
      lastSeen: string(text, offsets, row + 21),
      createdDate: string(text, offsets, row + 23),
    };
  }
  const object = {};
  if (mask & 1) object.agentId = string(text, offsets, row + 1);
  if (mask & 2) object.agentName = string(text, offsets, row + 3);
  if (mask & 4) object.agentType = string(text, offsets, row + 5);
  if (mask & 8) object.location = string(text, offsets, row + 7);
  if (mask & 16) object.countryId = string(text, offsets, row + 9);
  if (mask & 32) object.enabled = offsets[row + 11] === 1;
  if (mask & 64) object.network = string(text, offsets, row + 12);
  if (mask & 128) object.prefix = string(text, offsets, row + 14);
  if (mask & 256) object.verifySslCertificates = offsets[row + 16] === 1;
  if (mask & 512) object.agentState = string(text, offsets, row + 17);
  if (mask & 1024) object.hostname = string(text, offsets, row + 19);
  if (mask & 2048) object.lastSeen = string(text, offsets, row + 21);
  if (mask & 4096) object.createdDate = string(text, offsets, row + 23);
  return mask < 0 ? addUnknown(object, text, offsets, row + 25) : object;
}

function accountGroupDetail(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 1023) {
    return {
      aid: string(text, offsets, row + 1),
      accountGroupName: string(text, offsets, row + 3),
      isCurrentAccountGroup: offsets[row + 5] === 1,
      isDefaultAccountGroup: offsets[row + 6] === 1,
      organizationName: string(text, offsets, row + 7),
      orgId: string(text, offsets, row + 9),
      users: list(text, offsets, row + 11, userAccountGroup),
      _links: selfLinks(text, offsets, row + 13),
      agents: list(text, offsets, row + 34, enterpriseAgent),
      accountToken: string(text, offsets, row + 36),
    };
  }
  const object = {};
  if (mask & 1) object.aid = string(text, offsets, row + 1);
  if (mask & 2) object.accountGroupName = string(text, offsets, row + 3);
  if (mask & 4) object.isCurrentAccountGroup = offsets[row + 5] === 1;
  if (mask & 8) object.isDefaultAccountGroup = offsets[row + 6] === 1;
  if (mask & 16) object.organizationName = string(text, offsets, row + 7);
  if (mask & 32) object.orgId = string(text, offsets, row + 9);
  if (mask & 64) object.users = list(text, offsets, row + 11, userAccountGroup);
  if (mask & 128) object._links = selfLinks(text, offsets, row + 13);
  if (mask & 256) object.agents = list(text, offsets, row + 34, enterpriseAgent);
  if (mask & 512) object.accountToken = string(text, offsets, row + 36);
  return mask < 0 ? addUnknown(object, text, offsets, row + 38) : object;
}

function accountGroupInfo(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 63) {
    return {
      aid: string(text, offsets, row + 1),
      accountGroupName: string(text, offsets, row + 3),
      isCurrentAccountGroup: offsets[row + 5] === 1,
      isDefaultAccountGroup: offsets[row + 6] === 1,
      organizationName: string(text, offsets, row + 7),
      orgId: string(text, offsets, row + 9),
    };
  }
  const object = {};
  if (mask & 1) object.aid = string(text, offsets, row + 1);
  if (mask & 2) object.accountGroupName = string(text, offsets, row + 3);
  if (mask & 4) object.isCurrentAccountGroup = offsets[row + 5] === 1;
  if (mask & 8) object.isDefaultAccountGroup = offsets[row + 6] === 1;
  if (mask & 16) object.organizationName = string(text, offsets, row + 7);
  if (mask & 32) object.orgId = string(text, offsets, row + 9);
  return mask < 0 ? addUnknown(object, text, offsets, row + 11) : object;
}

function accountGroups(text, offsets, row, items) {
  const mask = offsets[row];
  if (mask === 3) {
    return {
      accountGroups: list(text, offsets, row + 1, accountGroupInfo, items),
      _links: selfLinks(text, offsets, row + 3),
    };
  }
  const object = {};
  if (mask & 1) object.accountGroups = list(text, offsets, row + 1, accountGroupInfo, items);
  if (mask & 2) object._links = selfLinks(text, offsets, row + 3);
  return mask < 0 ? addUnknown(object, text, offsets, row + 24) : object;
}

function permission(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 15) {
    return {
      label: string(text, offsets, row + 1),
      permissionId: string(text, offsets, row + 3),
      isManagementPermission: offsets[row + 5] === 1,
      permission: string(text, offsets, row + 6),
    };
  }
  const object = {};
  if (mask & 1) object.label = string(text, offsets, row + 1);
  if (mask & 2) object.permissionId = string(text, offsets, row + 3);
  if (mask & 4) object.isManagementPermission = offsets[row + 5] === 1;
  if (mask & 8) object.permission = string(text, offsets, row + 6);
  return mask < 0 ? addUnknown(object, text, offsets, row + 8) : object;
}

function roleDetail(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 31) {
    return {
      name: string(text, offsets, row + 1),
      roleId: string(text, offsets, row + 3),
      isBuiltin: offsets[row + 5] === 1,
      permissions: list(text, offsets, row + 6, permission),
      _links: selfLinks(text, offsets, row + 8),
    };
  }
  const object = {};
  if (mask & 1) object.name = string(text, offsets, row + 1);
  if (mask & 2) object.roleId = string(text, offsets, row + 3);
  if (mask & 4) object.isBuiltin = offsets[row + 5] === 1;
  if (mask & 8) object.permissions = list(text, offsets, row + 6, permission);
  if (mask & 16) object._links = selfLinks(text, offsets, row + 8);
  return mask < 0 ? addUnknown(object, text, offsets, row + 29) : object;
}

function roles(text, offsets, row, items) {
  const mask = offsets[row];
  if (mask === 3) {
    return {
      roles: list(text, offsets, row + 1, role, items),
      _links: selfLinks(text, offsets, row + 3),
    };
  }
  const object = {};
  if (mask & 1) object.roles = list(text, offsets, row + 1, role, items);
  if (mask & 2) object._links = selfLinks(text, offsets, row + 3);
  return mask < 0 ? addUnknown(object, text, offsets, row + 24) : object;
}

function permissions(text, offsets, row, items) {
  const mask = offsets[row];
  if (mask === 3) {
    return {
      permissions: list(text, offsets, row + 1, permission, items),
      _links: selfLinks(text, offsets, row + 3),
    };
  }
  const object = {};
  if (mask & 1) object.permissions = list(text, offsets, row + 1, permission, items);
  if (mask & 2) object._links = selfLinks(text, offsets, row + 3);
  return mask < 0 ? addUnknown(object, text, offsets, row + 24) : object;
}

function resource(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 3) {
    return {
      type: string(text, offsets, row + 1),
      name: string(text, offsets, row + 3),
    };
  }
  const object = {};
  if (mask & 1) object.type = string(text, offsets, row + 1);
  if (mask & 2) object.name = string(text, offsets, row + 3);
  return mask < 0 ? addUnknown(object, text, offsets, row + 5) : object;
}

function userEvent(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 255) {
    return {
      aid: string(text, offsets, row + 1),
      accountGroupName: string(text, offsets, row + 3),
      date: string(text, offsets, row + 5),
      event: string(text, offsets, row + 7),
      ipAddress: string(text, offsets, row + 9),
      uid: string(text, offsets, row + 11),
      user: string(text, offsets, row + 13),
      resources: list(text, offsets, row + 15, resource),
    };
  }
  const object = {};
  if (mask & 1) object.aid = string(text, offsets, row + 1);
  if (mask & 2) object.accountGroupName = string(text, offsets, row + 3);
  if (mask & 4) object.date = string(text, offsets, row + 5);
  if (mask & 8) object.event = string(text, offsets, row + 7);
  if (mask & 16) object.ipAddress = string(text, offsets, row + 9);
  if (mask & 32) object.uid = string(text, offsets, row + 11);
  if (mask & 64) object.user = string(text, offsets, row + 13);
  if (mask & 128) object.resources = list(text, offsets, row + 15, resource);
  return mask < 0 ? addUnknown(object, text, offsets, row + 17) : object;
}

function paginationLinks(text, offsets, row) {
  const mask = offsets[row];
  if (mask === 7) {
    return {
      self: link(text, offsets, row + 1),
      next: link(text, offsets, row + 19),
      previous: link(text, offsets, row + 37),
    };
  }
  const object = {};
  if (mask & 1) object.self = link(text, offsets, row + 1);
  if (mask & 2) object.next = link(text, offsets, row + 19);
  if (mask & 4) object.previous = link(text, offsets, row + 37);
  return mask < 0 ? addUnknown(object, text, offsets, row + 55) : object;
}

function auditUserEvents(text, offsets, row, items) {
  const mask = offsets[row];
  if (mask === 15) {
    return {
      auditEvents: list(text, offsets, row + 1, userEvent, items),
      startDate: string(text, offsets, row + 3),
      endDate: string(text, offsets, row + 5),
      _links: paginationLinks(text, offsets, row + 7),
    };
  }
  const object = {};
  if (mask & 1) object.auditEvents = list(text, offsets, row + 1, userEvent, items);
  if (mask & 2) object.startDate = string(text, offsets, row + 3);
  if (mask & 4) object.endDate = string(text, offsets, row + 5);
  if (mask & 8) object._links = paginationLinks(text, offsets, row + 7);
  return mask < 0 ? addUnknown(object, text, offsets, row + 64) : object;
}

const models = [
  accountGroup,
  accountGroupDetail,
  accountGroupInfo,
  accountGroupRole,
  accountGroups,
  auditUserEvents,
  createdAccountGroup,
  createdUser,
  enterpriseAgent,
  extendedUser,
  link,
  paginationLinks,
  permission,
  permissions,
  resource,
  role,
  roleDetail,
  roles,
  selfLinks,
  userAccountGroup,
  userDetail,
  userEvent,
  users,
];
