/**
 * Faces as outlines on an empty field: one element a track, which glides to where it is next.
 *
 * @typedef {import("./streams.js").Stream} Stream
 */
import { el } from "./dom.js";
import { trackColour } from "./track-colours.js";

export class Field {
  /** @type {Map<number, HTMLElement>} */
  #outlines = new Map();

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
  }

  /** @param {Pick<Stream, "faces" | "width" | "height">} stream */
  render({ faces, width, height }) {
    this.element.style.aspectRatio = `${width} / ${height}`;
    const seen = new Set(faces.map(([id]) => id));
    for (const [id, outline] of this.#outlines) {
      if (seen.has(id)) continue;
      outline.remove();
      this.#outlines.delete(id);
    }
    for (const [id, x, y, w, h] of faces) {
      const { style } = this.#outlines.get(id) ?? this.#add(id);
      style.left = `${(100 * x) / width}%`;
      style.top = `${(100 * y) / height}%`;
      style.width = `${(100 * w) / width}%`;
      style.height = `${(100 * h) / height}%`;
    }
  }

  /** @param {number} id */
  #add(id) {
    const outline = el("div", { class: "outline" }, el("span", {}, `${id}`));
    outline.style.setProperty("--track", trackColour(id));
    this.#outlines.set(id, outline);
    this.element.append(outline);
    return outline;
  }
}
