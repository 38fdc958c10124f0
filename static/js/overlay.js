/**
 * The visible picture: the frame that was analysed, with the boxes found in it. Because both come
 * from the same moment they agree, however late the answer was.
 *
 * @typedef {import("./types.js").Face} Face
 */
import { covered, pixelate } from "./pixelate.js";
import { LIGHT } from "./track-colours.js";

export class Overlay {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    /** @type {{bitmap: ImageBitmap, faces: readonly Face[], onDrawn: () => void} | null} */
    this.shown = null;
    this.request = 0;
    this.mirrored = false;
    this.blur = false;
    this.observer = new ResizeObserver(() => this.#fit());
    this.observer.observe(canvas);
  }

  /**
   * Takes the bitmap over; drawn before the next repaint, unless a newer one comes first.
   * @param {ImageBitmap} bitmap
   * @param {readonly Face[]} faces boxes in the bitmap's pixels
   * @param {() => void} onDrawn
   */
  show(bitmap, faces, onDrawn) {
    this.shown?.bitmap.close();
    this.shown = { bitmap, faces, onDrawn };
    this.request ||= requestAnimationFrame(() => this.#draw());
  }

  /** @param {{mirrored: boolean, blur: boolean}} options */
  configure({ mirrored, blur }) {
    if (this.mirrored === mirrored && this.blur === blur) return;
    this.mirrored = mirrored;
    this.blur = blur;
    if (this.shown) this.#draw();
  }

  clear() {
    cancelAnimationFrame(this.request);
    this.request = 0;
    this.shown?.bitmap.close();
    this.shown = null;
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  #fit() {
    const ratio = globalThis.devicePixelRatio || 1;
    const width = Math.round(this.canvas.clientWidth * ratio);
    const height = Math.round(this.canvas.clientHeight * ratio);
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    if (this.shown) this.#draw();
  }

  #draw() {
    this.request = 0;
    if (!this.shown) return;
    const { bitmap, faces, onDrawn } = this.shown;
    const { canvas, context } = this;
    const scale = Math.min(canvas.width / bitmap.width, canvas.height / bitmap.height);
    const left = (canvas.width - bitmap.width * scale) / 2;
    const top = (canvas.height - bitmap.height * scale) / 2;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.save();
    context.translate(this.mirrored ? left + bitmap.width * scale : left, top);
    context.scale(this.mirrored ? -scale : scale, scale);
    context.drawImage(bitmap, 0, 0);
    if (this.blur) {
      for (const place of covered(faces, bitmap.width, bitmap.height)) {
        pixelate(context, bitmap, place);
      }
    }
    context.restore();
    const unit = Math.max(1, globalThis.devicePixelRatio || 1);
    for (const { id, box } of faces) {
      const [x, y, w, h] = this.mirrored ? mirrored(box, bitmap.width) : box;
      const colour = LIGHT[id % LIGHT.length];
      const place = /** @type {const} */ ([
        left + x * scale,
        top + y * scale,
        w * scale,
        h * scale,
      ]);
      drawBox(context, { label: `${id}`, colour, unit }, ...place);
    }
    onDrawn();
  }
}

/**
 * @param {readonly [number, number, number, number]} box
 * @param {number} width of the picture
 */
export const mirrored = ([x, y, w, h], width) => /** @type {const} */ ([width - x - w, y, w, h]);

/**
 * A light line inside a dark one reads on any picture.
 * @param {CanvasRenderingContext2D} context
 * @param {{label: string, colour: string, unit: number}} look unit: a CSS pixel in canvas pixels
 * @param {number} x @param {number} y @param {number} w @param {number} h
 */
function drawBox(context, { label, colour, unit }, x, y, w, h) {
  const radius = Math.min(12 * unit, w / 6);
  context.beginPath();
  context.roundRect(x, y, w, h, radius);
  context.strokeStyle = "rgb(0 0 0 / 45%)";
  context.lineWidth = 5 * unit;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = 2.5 * unit;
  context.stroke();

  context.font = `650 ${13 * unit}px system-ui, sans-serif`;
  const width = context.measureText(label).width + 14 * unit;
  context.beginPath();
  context.roundRect(x + 8 * unit, y + 8 * unit, width, 22 * unit, 11 * unit);
  context.fillStyle = colour;
  context.fill();
  context.fillStyle = "#101416";
  context.textBaseline = "middle";
  context.fillText(label, x + 15 * unit, y + 19.5 * unit);
}
