/** The schemas of the description. Answers are closed: what is not named here is not sent. */
import { EMAIL_PATTERN, MAX_EMAIL, MAX_NAME, NAME_PATTERN, requiredOf } from "../validation.mjs";

export const ref = (name) => ({ $ref: `#/components/schemas/${name}` });
const listOf = (items) => ({ type: "array", items });

const text = { type: "string" };
const flag = { type: "boolean" };
const id = { type: "string", minLength: 1 };
const emailAddress = { type: "string", pattern: EMAIL_PATTERN, examples: ["ada.example@example.com"] };

/** Everything is required unless named as optional. */
const closed = (description, properties, optional = []) => ({
  type: "object",
  description,
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

/** What a date looks like that has not come, by the switch `never`. */
const neverAs = {
  omit: [],
  null: [{ type: "null" }],
  dash: [{ const: "-" }],
  empty: [{ const: "" }],
};

function date(description, options) {
  const come = { type: "string", format: "date-time", pattern: "Z$" };
  const never = neverAs[options.never];
  return never.length === 0 ? { ...come, description } : { description, anyOf: [come, ...never] };
}

function users(options) {
  const dates = {
    dateRegistered: date("When the user accepted the invitation.", options),
    lastLogin: date("When the user last signed in.", options),
  };
  const mayLack = ["name", "loginAccountGroup", ...(options.never === "omit" ? Object.keys(dates) : [])];
  const { dateRegistered, lastLogin } = dates;
  const user = {
    name: { type: "string", examples: ["Ada Example"] },
    email: emailAddress,
    uid: { ...id, examples: ["5001"] },
    dateRegistered,
    loginAccountGroup: ref("AccountGroup"),
  };
  const roles = {
    accountGroupRoles: listOf(ref("AccountGroupRole")),
    allAccountGroupRoles: { ...listOf(ref("Role")), description: "Roles in every account group, future ones too." },
    _links: ref("SelfLinks"),
  };
  const { loginAccountGroup, ...withoutLogin } = user;
  return {
    Users: closed("All users of an organization.", { users: listOf(ref("ExtendedUser")), _links: ref("SelfLinks") }),
    ExtendedUser: closed("A user as in a list.", { ...user, lastLogin }, mayLack),
    UserDetail: closed("A user with all roles.", { ...user, lastLogin, ...roles }, mayLack),
    CreatedUser: closed("A user who has just been created.", { ...user, ...roles }, mayLack),
    UserAccountGroup: closed(
      "A user as a member of an account group.",
      { ...withoutLogin, lastLogin, roles: listOf(ref("Role")) },
      mayLack,
    ),
  };
}

/** What may be sent depends on the switches; so that a request which fits is not refused for its form. */
function requests(options) {
  const nulls = {
    omitted: ["name", "email", "loginAccountGroupId", "accountGroupRoles", "allAccountGroupRoleIds"],
    cleared: ["loginAccountGroupId", "accountGroupRoles", "allAccountGroupRoleIds"],
    rejected: [],
  }[options.nullProperty];
  const sentId = (example) => ({ type: options.numericIds === "accept" ? ["string", "integer"] : "string", examples: [example] });
  const roleIds = listOf(sentId("33"));
  const properties = {
    name: { type: "string", maxLength: MAX_NAME, pattern: NAME_PATTERN, examples: ["Ada Example"] },
    email: { ...emailAddress, maxLength: MAX_EMAIL },
    loginAccountGroupId: sentId("2001"),
    accountGroupRoles: { ...listOf(ref("UserAccountGroupRole")), description: "Replaces all that the user has." },
    allAccountGroupRoleIds: { ...roleIds, description: "Roles in every account group, future ones too." },
  };
  const isOpen = { additionalProperties: options.unknownProperty === "ignore" };

  function request(description, required) {
    const nullable = ([name, schema]) =>
      nulls.includes(name) && !required.includes(name)
        ? [name, { ...schema, type: [schema.type, "null"].flat() }]
        : [name, schema];
    const entries = Object.entries(properties).map(nullable);
    return { type: "object", description, properties: Object.fromEntries(entries), required, ...isOpen };
  }

  return {
    NewUser: request("What a user is created from.", requiredOf.create[options.requiredOnCreate]),
    UserChanges: request("What an update changes.", requiredOf.update[options.requiredOnUpdate]),
    UserAccountGroupRole: {
      type: "object",
      description: "The roles of a user in one account group.",
      properties: { accountGroupId: sentId("2002"), roleIds: { ...roleIds, ...(options.emptyRoleIds === "reject" && { minItems: 1 }) } },
      required: ["accountGroupId", "roleIds"],
      ...isOpen,
    },
  };
}

const accountGroup = { aid: { ...id, examples: ["2001"] }, accountGroupName: text };
const accountGroupInfo = {
  ...accountGroup,
  isCurrentAccountGroup: { ...flag, description: "Whether this request is about it." },
  isDefaultAccountGroup: { ...flag, description: "Whether the token's owner signs in to it." },
  organizationName: text,
  orgId: id,
};
const role = { name: text, roleId: { ...id, examples: ["33"] }, isBuiltin: flag };

const organization = {
  AccountGroup: closed("The name of an account group.", accountGroup),
  AccountGroupInfo: closed("An account group as in a list.", accountGroupInfo),
  AccountGroups: closed("Account groups.", { accountGroups: listOf(ref("AccountGroupInfo")), _links: ref("SelfLinks") }),
  AccountGroupDetail: closed(
    "An account group. Users and agents come when asked for with `expand`; there are never any agents.",
    {
      ...accountGroupInfo,
      users: listOf(ref("UserAccountGroup")),
      agents: { type: "array", maxItems: 0 },
      accountToken: text,
      _links: ref("SelfLinks"),
    },
    ["users", "agents"],
  ),
  AccountGroupRole: closed("The roles in one account group.", {
    accountGroup: ref("AccountGroup"),
    roles: listOf(ref("Role")),
  }),
  Role: closed("A role as in a list.", { ...role, hasManagementPermissions: flag }),
  Roles: closed("Roles.", { roles: listOf(ref("Role")), _links: ref("SelfLinks") }),
  RoleDetail: closed("A role with what it permits.", {
    ...role,
    permissions: listOf(ref("Permission")),
    _links: ref("SelfLinks"),
  }),
  Permission: closed("Something that a role permits.", {
    permissionId: id,
    label: text,
    isManagementPermission: flag,
    permission: text,
  }),
  Permissions: closed("Permissions.", { permissions: listOf(ref("Permission")), _links: ref("SelfLinks") }),
  SelfLinks: closed("Where this can be read again.", { self: ref("Link") }),
  Link: closed("An address.", { href: { type: "string", format: "uri" } }),
};

const problem = {
  type: { type: "string", format: "uri-reference" },
  title: text,
  status: { type: "integer", minimum: 300, maximum: 599 },
  detail: text,
  instance: text,
};

const errors = {
  Error: closed("A problem.", problem),
  ValidationError: closed(
    "A problem with a request, and with which of its fields.",
    { ...problem, errors: { ...listOf(ref("ValidationErrorItem")), minItems: 1 } },
    ["errors"],
  ),
  ValidationErrorItem: closed("What is wrong with a field.", { code: text, field: text, message: text }),
  UnauthorizedError: closed("A token that is not accepted.", { error: text, error_description: text }),
  MissingTokenError: closed("There was no token.", { errorMessage: text }),
};

/** @param {Record<string, unknown>} options of the sandbox */
export const schemas = (options) => ({ ...users(options), ...requests(options), ...organization, ...errors });
