import { toUserRequest } from "/pkg/index.js";

import { isDone, requestOf } from "../changes.js";
import { bdi, el, icon } from "../dom.js";
import { kindOf } from "../errors.js";
import { field } from "../records/fields.js";
import { createLooks } from "../records/outcome-check.js";
import { userDetails } from "./details.js";
import { namesFor } from "./names.js";
import { PROPERTIES, areEqual } from "./request.js";
import { review } from "./review.js";
import { createRolePicker } from "./role-picker.js";
import { avatar, hasName, isPending, nameLine, pendingMark, titleOf } from "./user.js";
import { createUsersView } from "./view.js";

const isAsAsked = (request, user) => isDone(request, toUserRequest(user), areEqual);
const sameEmail = (left, right) => left?.toLowerCase() === right?.toLowerCase();
const idOf = ({ uid }) => uid;

/**
 * Users: what there is to know and to do about them. Roles and account groups have the same.
 * @param {(method: string, ...args: unknown[]) => Promise<any>} call
 * @param {object} lists see lists.js
 */
export function createUserKind(call, lists) {
  const list = async (...options) => (await call("users.getUsers", ...options)).users;
  const read = (uid, ...options) => call("users.getUser", uid, ...options);
  const isOwner = async (user) => user !== undefined && (await lists.owner()) === user.uid;

  const kind = {
    name: "users",
    noun: "user",
    what: "users",
    title: "Users",
    idOf,
    titleOf,
    phraseOf: ({ email, uid }) => email ?? uid,

    list,
    read,
    create: (request) => call("users.createUser", request),
    update: (uid, request) => call("users.updateUser", uid, request),
    remove: (uid) => call("users.deleteUser", uid),
    looks: createLooks({
      noun: "user",
      mark: "e-mail address",
      list,
      read,
      isAlike: ({ email }, request) => sameEmail(email, request.email),
      isAsAsked,
      idOf,
    }),

    isFixed: () => false,
    isWhole: ({ accountGroupRoles }) => accountGroupRoles !== undefined,
    areEqual,
    isAsAsked,
    listed: (user) => user,

    avatarOf: avatar,
    openerOf: (user) => [el("span.clamp", {}, nameLine(user)), !hasName(user) && el("span.visually-hidden", {}, titleOf(user))],
    marksOf: (user) => isPending(user) && pendingMark(),
    heading: (user) => [avatar(user), el("span.clamp", {}, nameLine(user)), isPending(user) && pendingMark()],
    details: userDetails,
    createView: (listeners) => createUsersView(kind, listeners),

    consequenceOf: ({ email, uid }) => [bdi(email ?? ""), ", user id ", uid, ", loses access to all account groups."],
    dangerOf: async (user) => (await isOwner(user)) && "This user owns the access token of this page: it would stop working.",

    /** The form needs these: read before, it opens at once also where the API is slow. */
    prepare() {
      void lists.choices();
      void lists.owner();
    },

    async form(user) {
      const [choices, owns] = await Promise.all([lists.choices(), isOwner(user)]);
      return userForm({ user, names: namesFor(choices, user), missing: choices.missing, isOwner: owns });
    },
  };
  return kind;
}

function userForm({ user, names, missing, isOwner }) {
  const isNew = user === undefined;
  const before = isNew ? {} : toUserRequest(user);
  const inputs = {
    name: el("input", { name: "name", value: before.name ?? "", autocomplete: "off", dir: "auto" }),
    email: el("input", { name: "email", type: "email", value: before.email ?? "", autocomplete: "off", spellcheck: "false" }),
    loginAccountGroupId: el(
      "select",
      { name: "loginAccountGroupId" },
      (isNew || !before.loginAccountGroupId) && el("option", { value: "" }, "Left to the API"),
      names.groups.map(({ aid, accountGroupName }) => el("option", { value: aid }, accountGroupName ?? aid)),
    ),
  };
  inputs.loginAccountGroupId.value = before.loginAccountGroupId ?? "";
  const picker = createRolePicker({
    assigned: before.accountGroupRoles ?? [],
    everywhere: before.allAccountGroupRoleIds ?? [],
    names,
  });

  return {
    before,
    inputs,
    fields: [
      missing.map(({ what, error }) =>
        el("p.note.warning", {}, icon("warning"),
          `The ${what} could not be read (${kindOf(error).title}): only those that the user has already can be chosen here.`),
      ),
      field("Name", inputs.name),
      field("E-mail", inputs.email, isNew ? "An invitation to register goes to this address." : undefined),
      field("Login account group", inputs.loginAccountGroupId, "Where the user is after logging in."),
      picker.place,
    ],
    request: () =>
      requestOf(PROPERTIES, before, {
        name: inputs.name.value,
        email: inputs.email.value,
        loginAccountGroupId: inputs.loginAccountGroupId.value,
        ...picker.value(),
      }),
    review: (request) =>
      review({ before, after: request, target: isNew ? "POST /users" : `PUT /users/${user.uid}`, names, isNew, isOwner }),
    boxAt: (property, index) => (property === "accountGroupRoles" ? picker.boxAt(index) : undefined),
  };
}
