/**
 * The upload page with JavaScript: every file its own request, its own row, its own result.
 * Without it the plain form sends all of them at once.
 */
import { byId, write } from "./dom.js";
import { photoWords } from "./photo-words.js";
import { UploadQueue } from "./upload-queue.js";
import { UploadRow } from "./upload-rows.js";
import { sender } from "./upload-send.js";
import { collectFiles } from "./upload-sources.js";
import { rememberedWishes } from "./upload-wishes.js";
import { progressInWords } from "./upload-words.js";

const words = photoWords();
const form = /** @type {HTMLFormElement} */ (document.querySelector("form.upload"));
const submit = byId("submit", HTMLButtonElement);
const list = byId("rows");
const section = byId("photos");
const status = byId("progress");
const input = byId("image", HTMLInputElement);

/** @type {Map<import("./photos.js").UploadEntry, UploadRow>} */
const rows = new Map();

const wishes = rememberedWishes(form);
const queue = new UploadQueue({
  send: sender(form.dataset.api ?? ""),
  maxBytes: Number(form.dataset.maxBytes),
  changed(entry) {
    rows.get(entry)?.render();
    showState();
  },
});

function showState() {
  const chosen = queue.entries.filter((entry) => entry.state === "chosen").length;
  submit.textContent = chosen ? words.countIn(chosen) : words.count;
  section.hidden = queue.entries.length === 0;
  byId("to-gallery").hidden = !queue.entries.some((entry) => entry.state === "done");
  const progress = progressInWords(queue.entries);
  // Written only when it says something new: each writing is read aloud.
  write(status, progress);
}

/** @param {import("./photos.js").UploadEntry} entry @param {string} action */
function act(entry, action) {
  if (action === "cancel") queue.cancel(entry);
  else if (action === "retry") queue.retry(entry);
  else {
    const all = [...rows.keys()];
    const at = all.indexOf(entry);
    const neighbour = all[at + 1] ?? all[at - 1];
    rows.get(entry)?.element.remove();
    rows.get(entry)?.destroy();
    rows.delete(entry);
    queue.remove(entry);
    showState();
    if (neighbour) rows.get(neighbour)?.focus();
    else input.focus();
  }
}

/** @param {File[]} files */
function take(files) {
  const added = queue.add(files).map((entry) => {
    const row = new UploadRow(entry, act);
    rows.set(entry, row);
    return row.element;
  });
  list.append(...added);
  byId("hint").textContent = "";
  showState();
}

form.classList.add("enhanced");
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!queue.entries.some((entry) => entry.state === "chosen")) {
    byId("hint").textContent = words.chooseFirst;
    input.focus();
    return;
  }
  queue.start(wishes());
});
collectFiles([input, byId("camera", HTMLInputElement)], take);
addEventListener("beforeunload", (event) => {
  if (queue.busy) event.preventDefault();
});
