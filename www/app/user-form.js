import { button, el, fill, freshId, icon } from "./dom.js";
import { facts, kindOf, texts } from "./errors.js";
import { fieldErrorsOf } from "./field-errors.js";
import { review } from "./review.js";
import { createRolePicker } from "./role-picker.js";
import { areEqual, requestOf } from "./user-request.js";

/**
 * The form of a user, new or old.
 * @param {object} options
 * @param {object} options.before the request that would leave the user as it is; empty for a new one
 * @param {string} [options.uid] of an old user
 * @param {object} options.names what to choose from
 * @param {{ what: string, error: Error }[]} options.missing lists that could not be read
 * @param {boolean} [options.isOwner]
 * @param {(request: object) => void} options.onSubmit
 * @param {() => void} options.onCancel
 */
export function createUserForm({ before, uid, names, missing, isOwner = false, onSubmit, onCancel }) {
  const isNew = uid === undefined;
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
    onChange: () => refresh(),
  });
  const plan = el("div.plan", { "aria-live": "polite" });
  const trouble = el("div.trouble");
  const submit = button(isNew ? "Create user" : "Save changes", { kind: "primary", type: "submit" });
  const cancel = button("Cancel", { onclick: onCancel });
  const fields = el(
    "fieldset.fields",
    {},
    missing.map(({ what, error }) =>
      el("p.note.warning", {}, icon("warning"),
        `The ${what} could not be read (${kindOf(error).title}): only those that the user has already can be chosen here.`),
    ),
    field("Name", inputs.name),
    field("E-mail", inputs.email, isNew ? "An invitation to register goes to this address." : undefined),
    field("Login account group", inputs.loginAccountGroupId, "Where the user is after logging in."),
    picker.place,
  );
  const form = el(
    "form.user-form",
    {
      novalidate: true,
      oninput: () => refresh(),
      onsubmit: (event) => {
        event.preventDefault();
        clearErrors();
        onSubmit(request());
      },
    },
    fields,
    el("section.review", { "aria-label": "What will be sent" }, el("h3", {}, "What will be sent"), plan),
    trouble,
    el("div.actions", {}, cancel, submit),
  );

  const request = () =>
    requestOf(before, {
      name: inputs.name.value,
      email: inputs.email.value,
      loginAccountGroupId: inputs.loginAccountGroupId.value,
      ...picker.value(),
    });
  const isChanged = () => !areEqual(before, request());

  function refresh() {
    const target = isNew ? "POST /users" : `PUT /users/${uid}`;
    fill(plan, review({ before, after: request(), target, names, isNew, isOwner }));
    submit.disabled = !isNew && !isChanged();
  }

  function clearErrors() {
    fill(trouble);
    for (const message of form.querySelectorAll(".field-error")) message.remove();
    for (const control of form.querySelectorAll("[aria-invalid]")) {
      control.removeAttribute("aria-invalid");
      control.setAttribute("aria-describedby", control.dataset.describedBy ?? "");
    }
  }

  /** Where an error of this field is shown, and what gets the focus. */
  function placeOf({ property, index }) {
    const input = inputs[property];
    if (input) return { control: input, box: input.closest(".field") };
    const box = (property === "accountGroupRoles" && picker.boxAt(index)) || form.querySelector(`[data-property="${property}"]`);
    return box ? { control: box.querySelector("input, select"), box } : undefined;
  }

  function showFieldError(found) {
    const place = found.property !== undefined && placeOf(found);
    if (!place?.control) return undefined;
    const { control, box } = place;
    const message = el("p.field-error", { id: freshId("error") }, icon("warning"), found.message);
    box.append(message);
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", [control.dataset.describedBy, message.id].filter(Boolean).join(" "));
    return control;
  }

  refresh();
  return {
    place: form,
    isChanged,

    setBusy(isBusy, label) {
      fields.disabled = isBusy;
      cancel.disabled = isBusy;
      submit.disabled = isBusy;
      submit.textContent = isBusy ? label : isNew ? "Create user" : "Save changes";
      form.setAttribute("aria-busy", String(isBusy));
    },

    /** Beside its field if a field is to blame, else above the buttons. */
    showError(error) {
      const found = fieldErrorsOf(error);
      const controls = found.map(showFieldError);
      const unplaced = found.filter((_, index) => !controls[index]);
      const first = controls.find(Boolean);
      if (first) first.focus();
      if (first && unplaced.length === 0) return;
      this.showTrouble(
        el("div.problem", { role: "alert", tabindex: "-1" }, el("h4", {}, icon(kindOf(error).symbol), kindOf(error).title), ...texts(error),
          facts(error, { isWrite: true })),
      );
    },

    showTrouble(node) {
      fill(trouble, node);
      node.scrollIntoView({ block: "nearest" });
      if (!form.contains(document.activeElement) || document.activeElement.disabled) node.focus();
    },
  };
}

function field(label, control, hint) {
  control.id = freshId(control.name);
  const hintId = hint && freshId("hint");
  if (hintId) {
    control.dataset.describedBy = hintId;
    control.setAttribute("aria-describedby", hintId);
  }
  return el(
    "div.field",
    {},
    el("label", { for: control.id }, label),
    control,
    hint && el("p.field-hint", { id: hintId }, hint),
  );
}
