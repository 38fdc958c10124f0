/** The ways files come in: the two inputs, dragging to anywhere on the page, pasting. */

/**
 * @param {HTMLInputElement[]} inputs
 * @param {(files: File[]) => void} take
 */
export function collectFiles(inputs, take) {
  for (const input of inputs) {
    const read = () => {
      if (!input.files?.length) return;
      take([...input.files]);
      input.value = ""; // the rows hold them now, and the same file may be chosen again
    };
    input.addEventListener("change", read);
    read(); // chosen before this script came
  }

  const page = document.documentElement;
  const holdsFiles = (/** @type {DragEvent} */ event) =>
    Boolean(event.dataTransfer?.types.includes("Files"));
  window.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    page.classList.add("dragging");
  });
  window.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) page.classList.remove("dragging");
  });
  window.addEventListener("drop", (event) => {
    page.classList.remove("dragging");
    if (!holdsFiles(event)) return;
    event.preventDefault();
    take([...(event.dataTransfer?.files ?? [])]);
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    take(files);
  });
}
