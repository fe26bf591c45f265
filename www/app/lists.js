/** What more than one view needs: read when it is first asked for, and kept until it may have changed. */

const sources = {
  accountGroups: { method: "accountGroups.getAccountGroups", read: ({ accountGroups }) => accountGroups },
  roles: { method: "roles.getRoles", read: ({ roles }) => roles },
  permissions: { method: "permissions.getPermissions", read: ({ permissions }) => permissions },
  owner: { method: "users.getCurrentUser", read: ({ uid }) => uid },
};
const names = { accountGroups: "account groups", roles: "roles" };

/** @param {(method: string) => Promise<any>} call */
export function createLists(call) {
  const kept = new Map();

  /** One that failed is asked for again. */
  function get(name) {
    if (!kept.has(name)) {
      const { method, read } = sources[name];
      const reading = call(method).then(read);
      kept.set(name, reading);
      reading.catch(() => kept.get(name) === reading && kept.delete(name));
    }
    return kept.get(name);
  }

  return {
    permissions: () => get("permissions"),

    /** The id of the user who owns the access token. Only for warnings, so it may fail without a word. */
    owner: () => get("owner").catch(() => undefined),

    /** The account groups and roles to choose from; one that may not be read is empty, and `missing` says why. */
    async choices() {
      const found = await Promise.allSettled(Object.keys(names).map(get));
      const lists = Object.keys(names).map((name, index) => [name, found[index].value ?? []]);
      const missing = Object.values(names).flatMap((what, index) =>
        found[index].reason ? [{ what, error: found[index].reason }] : [],
      );
      return { ...Object.fromEntries(lists), missing };
    },

    forget: () => kept.clear(),
  };
}
