/**
 * Dialogs: a button with `data-opens` opens the one it names; a click beside it, Escape or its own
 * button closes it. The browser keeps the focus inside and gives it back.
 *
 * @param {Document} root
 */
export function bindDialogs(root) {
  for (const button of root.querySelectorAll("[data-opens]")) {
    const id = button.getAttribute("data-opens") ?? "";
    const dialog = root.getElementById(id);
    if (!(dialog instanceof HTMLDialogElement)) throw new Error(`The page has no dialog #${id}`);
    button.addEventListener("click", () => dialog.showModal());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }
}
