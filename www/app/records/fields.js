import { el, freshId } from "../dom.js";

export function field(label, control, hint) {
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
