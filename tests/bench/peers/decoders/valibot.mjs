import * as v from "valibot";

import { parse } from "./json-parse.mjs";

const AccountGroup = v.object({ aid: v.string(), accountGroupName: v.string() });
const ExtendedUser = v.object({
  name: v.optional(v.string()),
  email: v.string(),
  uid: v.string(),
  dateRegistered: v.optional(v.string()),
  loginAccountGroup: v.optional(AccountGroup),
  lastLogin: v.optional(v.string()),
});
const Link = v.object({
  href: v.string(),
  templated: v.optional(v.boolean()),
  type: v.optional(v.string()),
  deprecation: v.optional(v.string()),
  name: v.optional(v.string()),
  profile: v.optional(v.string()),
  title: v.optional(v.string()),
  hreflang: v.optional(v.string()),
});
const Users = v.object({ users: v.array(ExtendedUser), _links: v.object({ self: v.optional(Link) }) });

export const decode = (bytes) => v.parse(Users, parse(bytes));
