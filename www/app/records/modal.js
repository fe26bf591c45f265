/**
 * A native dialog with two manners of its own: it can be asked whether it may close, and it says when it has.
 * @param {HTMLDialogElement} dialog
 * @param {{ mayClose?: () => boolean, onClosed?: () => void }} manners
 */
export function createModal(dialog, { mayClose = () => true, onClosed = () => {} }) {
  const tryClose = () => mayClose() && dialog.close();

  // Cancelling the key and not the cancel event: a browser lets a page cancel that only once.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    tryClose();
  });
  dialog.addEventListener("cancel", (event) => {
    if (!mayClose()) event.preventDefault();
  });
  // The backdrop belongs to the dialog element itself. Pressed there, too: a selection may end outside by chance.
  let pressedOutside = false;
  dialog.addEventListener("pointerdown", (event) => (pressedOutside = event.target === dialog));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && pressedOutside) tryClose();
  });
  dialog.addEventListener("close", onClosed);
  document.body.append(dialog);
  return { tryClose };
}
