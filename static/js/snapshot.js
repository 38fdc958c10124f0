/**
 * The present picture, kept: with its boxes as a download, or as it is in the gallery, where the
 * server counts it once more. With blur on, faces leave this page only pixelated.
 *
 * @typedef {import("./types.js").Face} Face
 * @typedef {{bitmap: ImageBitmap, faces: readonly Face[]}} Shot
 */
import { snapshotWords } from "./chart-words.js";
import { el } from "./dom.js";
import { download, fileName } from "./export.js";
import { covered, pixelate } from "./pixelate.js";

const QUALITY = 0.92;

/**
 * @param {Shot} shot
 * @param {{blur: boolean, boxes: boolean}} wish
 * @returns {Promise<Blob>} JPEG
 */
async function picture({ bitmap, faces }, { blur, boxes }) {
  const canvas = el("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.drawImage(bitmap, 0, 0);
  if (blur)
    for (const place of covered(faces, bitmap.width, bitmap.height))
      pixelate(context, bitmap, place);
  if (boxes) for (const face of faces) drawBox(context, face);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The picture cannot be encoded."))),
      "image/jpeg",
      QUALITY,
    ),
  );
}

/** @param {CanvasRenderingContext2D} context @param {Face} face */
function drawBox(context, { box: [x, y, w, h] }) {
  const unit = Math.max(1, context.canvas.width / 480);
  context.beginPath();
  context.roundRect(x, y, w, h, Math.min(10 * unit, w / 6));
  for (const [colour, thick] of /** @type {const} */ ([
    ["rgb(0 0 0 / 45%)", 4],
    ["#ffffff", 2],
  ])) {
    context.strokeStyle = colour;
    context.lineWidth = thick * unit;
    context.stroke();
  }
}

export class SnapshotButtons {
  #abort = new AbortController();
  #words = snapshotWords();

  /**
   * @param {HTMLElement} container
   * @param {object} options
   * @param {() => Shot | null} options.shot the picture that is shown, null where there is none
   * @param {() => boolean} options.blur
   * @param {string} [options.api] where pictures are posted
   */
  constructor(container, { shot, blur, api = "/api/v1/images" }) {
    this.shot = shot;
    this.blur = blur;
    this.api = api;
    this.save = el("button", { type: "button", class: "tool" }, this.#words.save);
    this.keep = el("button", { type: "button", class: "tool" }, this.#words.keep);
    this.said = el("p", { class: "tool-said", role: "status" });
    const { signal } = this.#abort;
    this.save.addEventListener("click", () => this.#run(() => this.#download()), { signal });
    this.keep.addEventListener("click", () => this.#run(() => this.#toGallery()), { signal });
    container.append(this.save, this.keep, this.said);
    this.render();
  }

  /** Call when the picture may have come or gone. */
  render() {
    const none = this.shot() === null;
    this.save.disabled = none;
    this.keep.disabled = none;
  }

  destroy() {
    this.#abort.abort();
    for (const part of [this.save, this.keep, this.said]) part.remove();
  }

  /** @param {() => Promise<void>} work */
  async #run(work) {
    this.said.replaceChildren();
    try {
      await work();
    } catch (error) {
      this.said.textContent = error instanceof Error ? error.message : this.#words.failed;
    }
  }

  /** @param {boolean} boxes */
  #picture(boxes) {
    const shot = this.shot();
    if (!shot) throw new Error(this.#words.none);
    return picture(shot, { blur: this.blur(), boxes });
  }

  async #download() {
    download(fileName("snapshot", "jpg"), await this.#picture(true));
  }

  async #toGallery() {
    const form = new FormData();
    form.set("image", await this.#picture(false), fileName("snapshot", "jpg"));
    // Faces the live count has missed are blurred by the server.
    if (this.blur()) form.set("blur", "true");
    this.said.textContent = this.#words.sending;
    const answer = await fetch(this.api, { method: "POST", body: form }).catch(() => null);
    if (!answer) throw new Error(this.#words.offline);
    const body = await answer.json().catch(() => null);
    if (!answer.ok) throw new Error(body?.error?.message ?? this.#words.failed);
    const link = el("a", { href: `/images/${body.id}` }, this.#words.open);
    this.said.replaceChildren(`${this.#words.kept} `, link);
  }
}
