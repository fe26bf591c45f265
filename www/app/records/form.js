import { button, el, fill, freshId, icon } from "../dom.js";
import { facts, kindOf, texts } from "../errors.js";
import { fieldErrorsOf } from "./field-errors.js";

/**
 * The form of a record, new or old.
 * @param {object} options
 * @param {string} options.noun what the record is
 * @param {boolean} options.isNew
 * @param {object} options.before the request that would leave the record as it is; empty for a new one
 * @param {Record<string, HTMLElement>} options.inputs those for texts, by the property that they are for
 * @param {Node[]} options.fields all that can be filled in
 * @param {() => object} options.request what would be sent
 * @param {(before: object, after: object) => boolean} options.areEqual
 * @param {(request: object) => Node[]} options.review what it will do, in words
 * @param {(property: string, index: number) => HTMLElement | undefined} [options.boxAt] where an item of a list came from
 * @param {(request: object) => void} options.onSubmit
 * @param {() => void} options.onCancel
 */
export function createRecordForm({ noun, isNew, before, inputs, fields, request, areEqual, review, boxAt, onSubmit, onCancel }) {
  const label = isNew ? `Create ${noun}` : "Save changes";
  const plan = el("div.plan", { "aria-live": "polite" });
  const trouble = el("div.trouble");
  const submit = button(label, { kind: "primary", type: "submit" });
  const cancel = button("Cancel", { onclick: onCancel });
  const fieldset = el("fieldset.fields", {}, fields);
  const form = el(
    "form.record-form",
    {
      novalidate: true,
      oninput: () => refresh(),
      onsubmit: (event) => {
        event.preventDefault();
        clearErrors();
        onSubmit(request());
      },
    },
    fieldset,
    el("section.review", { "aria-label": "What will be sent" }, el("h3", {}, "What will be sent"), plan),
    trouble,
    el("div.actions", {}, cancel, submit),
  );

  const isChanged = () => !areEqual(before, request());

  function refresh() {
    fill(plan, review(request()));
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
    const place = form.querySelector(`[data-property="${property}"]`);
    const box = (place && index !== undefined && boxAt?.(property, index)) || place;
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

    setBusy(isBusy, busyLabel) {
      fieldset.disabled = isBusy;
      cancel.disabled = isBusy;
      submit.disabled = isBusy;
      submit.textContent = isBusy ? busyLabel : label;
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
