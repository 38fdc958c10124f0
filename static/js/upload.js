/**
 * The upload page with JavaScript: files can be dropped, and what was chosen is shown before it
 * is sent. Without it the plain form does the same work.
 */
const form = /** @type {HTMLFormElement} */ (document.querySelector("form.upload"));
const input = /** @type {HTMLInputElement} */ (document.getElementById("image"));
const list = /** @type {HTMLUListElement} */ (document.getElementById("chosen"));
const submit = /** @type {HTMLButtonElement} */ (document.getElementById("submit"));
const drop = /** @type {HTMLElement} */ (form.querySelector(".drop"));
const maxBytes = Number(form.dataset.maxBytes);
const maxFiles = Number(form.dataset.maxFiles);

/** @type {string[]} addresses of the previews shown now */
let previews = [];

/** @param {number} bytes */
const megabytes = (bytes) => `${Math.max(0.1, bytes / 1e6).toFixed(1)} MB`;

/** @param {string} text @param {string} className */
function span(text, className) {
  const element = document.createElement("span");
  element.textContent = text;
  element.className = className;
  return element;
}

/** @param {File} file */
function row(file) {
  const address = URL.createObjectURL(file);
  previews.push(address);
  const image = new Image();
  image.alt = "";
  image.src = address;
  const tooLarge = file.size > maxBytes;
  const item = document.createElement("li");
  item.append(
    image,
    span(file.name, "filename"),
    span(
      tooLarge ? `${megabytes(file.size)}: too large` : megabytes(file.size),
      tooLarge ? "too-large" : "quiet",
    ),
  );
  return item;
}

function showChosen() {
  for (const address of previews) URL.revokeObjectURL(address);
  previews = [];
  const files = [...(input.files ?? [])];
  list.replaceChildren(...files.slice(0, maxFiles).map(row));
  if (files.length > maxFiles) {
    const item = document.createElement("li");
    item.className = "too-large";
    item.textContent = `Only ${maxFiles} photos can be sent at once; these are ${files.length}.`;
    list.prepend(item);
  }
  list.hidden = files.length === 0;
}

/** @param {boolean} sending */
function showSending(sending) {
  submit.disabled = sending;
  submit.textContent = sending ? "Counting…" : "Count faces";
}

input.addEventListener("change", showChosen);
form.addEventListener("submit", () => showSending(true));
// Back from the result by the browser's own button: the page is as it was left.
addEventListener("pageshow", () => {
  showSending(false);
  showChosen();
});

drop.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  if (!event.dataTransfer?.files.length) return;
  input.files = event.dataTransfer.files;
  showChosen();
});
