/** One row for each file: its preview, how far it is, what came of it. */
import { el } from "./dom.js";
import { photoWords } from "./photo-words.js";
import { fileSize } from "./upload-words.js";

/** @typedef {import("./photos.js").UploadEntry} UploadEntry */

/** @param {UploadEntry} entry */
function line(entry) {
  const words = photoWords();
  switch (entry.state) {
    case "chosen":
      return fileSize(entry.file.size);
    case "waiting":
      return entry.message || words.waiting;
    case "sending":
      return words.sending(Math.round(entry.sent * 100));
    case "counting":
      return words.counting;
    case "done":
      return words.facesFound(entry.answer?.count ?? 0);
    default:
      return entry.message;
  }
}

export class UploadRow {
  #preview = "";
  #entry;
  #picture = el("img");
  #line = el("span", { class: "line" });
  #bar = el("progress");
  #link = el("a", { class: "button small" }, photoWords().result);
  #button = el("button", { class: "small" });
  element = el("li", { class: "upload-row" });

  /**
   * @param {UploadEntry} entry
   * @param {(entry: UploadEntry, action: string) => void} onAction "remove", "cancel" or "retry"
   */
  constructor(entry, onAction) {
    this.#entry = entry;
    this.#preview = URL.createObjectURL(entry.file);
    this.#picture.alt = "";
    this.#picture.loading = "lazy";
    this.#picture.src = this.#preview;
    // What is no picture has no preview; the server will say so in words.
    this.#picture.addEventListener("error", () => this.#picture.classList.add("blank"));
    this.#bar.max = 1;
    this.#bar.setAttribute("aria-label", photoWords().progressOf(entry.file.name));
    this.#button.type = "button";
    this.#button.addEventListener("click", () =>
      onAction(this.#entry, this.#button.dataset.action ?? ""),
    );
    const name = el("span", { class: "filename" }, entry.file.name);
    const words = el("div", { class: "words" }, name, this.#line, this.#bar);
    const ends = el("div", { class: "ends" }, this.#link, this.#button);
    this.element.append(this.#picture, words, ends);
    this.render();
  }

  /** Where the focus goes when the row's button is gone. */
  focus() {
    (this.#link.hidden ? this.#button : this.#link).focus();
  }

  render() {
    const entry = this.#entry;
    const hadFocus = this.element.contains(document.activeElement);
    this.element.dataset.state = entry.state;
    this.#line.textContent = line(entry);
    this.#line.lang = entry.language || document.documentElement.lang;
    this.#bar.hidden = entry.state !== "sending" && entry.state !== "counting";
    if (entry.state === "counting") this.#bar.removeAttribute("value");
    else this.#bar.value = entry.sent;
    this.#renderButton();
    this.#link.hidden = entry.state !== "done";
    if (entry.answer && this.#preview) this.#showResult(entry.answer);
    if (hadFocus && !this.element.contains(document.activeElement)) this.focus();
  }

  #renderButton() {
    const { state, file, retryable } = this.#entry;
    const running = state === "waiting" || state === "sending" || state === "counting";
    const ended = state === "failed" || state === "cancelled";
    const action = running ? "cancel" : ended && retryable ? "retry" : "remove";
    const word = photoWords()[action];
    this.#button.hidden = state === "done";
    this.#button.textContent = word;
    this.#button.dataset.action = action;
    this.#button.setAttribute("aria-label", `${word}: ${file.name}`);
  }

  /** @param {import("./photos.js").PhotoAnswer} answer */
  #showResult(answer) {
    this.#link.href = `/images/${answer.id}`;
    this.#link.setAttribute("aria-label", photoWords().resultOf(answer.filename));
    this.#picture.classList.remove("blank");
    this.#picture.src = answer.thumbnail_url ?? answer.annotated_url;
    this.destroy();
  }

  destroy() {
    if (this.#preview) URL.revokeObjectURL(this.#preview);
    this.#preview = "";
  }
}
