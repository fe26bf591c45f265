import { Ajv } from "ajv";

import { parse } from "./json-parse.mjs";

const text = { type: "string" };
const flag = { type: "boolean" };
const object = (properties, required) => ({ type: "object", properties, required });
/** With all of these properties. */
const whole = (properties) => object(properties, Object.keys(properties));
const listOf = (items) => ({ type: "array", items });

const accountGroup = whole({ aid: text, accountGroupName: text });
const extendedUser = object(
  { name: text, email: text, uid: text, dateRegistered: text, loginAccountGroup: accountGroup, lastLogin: text },
  ["email", "uid"],
);
const link = object(
  { href: text, templated: flag, type: text, deprecation: text, name: text, profile: text, title: text, hreflang: text },
  ["href"],
);
const role = whole({ name: text, roleId: text, isBuiltin: flag, hasManagementPermissions: flag });
const accountGroupInfo = whole({
  ...accountGroup.properties,
  isCurrentAccountGroup: flag,
  isDefaultAccountGroup: flag,
  organizationName: text,
  orgId: text,
});
const userEvent = whole({
  ...accountGroup.properties,
  date: text,
  event: text,
  ipAddress: text,
  uid: text,
  user: text,
  resources: listOf(whole({ type: text, name: text })),
});
const selfLinks = object({ self: link }, []);
const schemas = {
  getUsers: whole({ users: listOf(extendedUser), _links: selfLinks }),
  getRoles: whole({ roles: listOf(role), _links: selfLinks }),
  getAccountGroups: whole({ accountGroups: listOf(accountGroupInfo), _links: selfLinks }),
  getUserEvents: object(
    {
      auditEvents: listOf(userEvent),
      startDate: text,
      endDate: text,
      _links: object({ self: link, next: link, previous: link }, []),
    },
    ["auditEvents", "_links"],
  ),
};

export function decoderOf(operation) {
  // It does not coerce unless it is told to.
  const isValid = new Ajv().compile(schemas[operation]);
  return (bytes) => {
    const value = parse(bytes);
    if (!isValid(value)) throw new TypeError(JSON.stringify(isValid.errors));
    return value;
  };
}
