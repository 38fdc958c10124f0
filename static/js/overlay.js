/**
 * The visible picture: the frame that was analysed, with the boxes found in it. Because both come
 * from the same moment they agree, however late the answer was.
 *
 * @typedef {import("./types.js").Face} Face
 */

export class Overlay {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    /** @type {{bitmap: ImageBitmap, faces: readonly Face[], onDrawn: () => void} | null} */
    this.shown = null;
    this.request = 0;
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
    context.drawImage(bitmap, left, top, bitmap.width * scale, bitmap.height * scale);
    const unit = Math.max(1, globalThis.devicePixelRatio || 1);
    for (const { id, box } of faces) {
      const [x, y, w, h] = box.map((value) => value * scale);
      drawBox(context, `${id}`, left + x, top + y, w, h, unit);
    }
    onDrawn();
  }
}

/**
 * A light line inside a dark one reads on any picture.
 * @param {CanvasRenderingContext2D} context
 * @param {string} label
 * @param {number} x @param {number} y @param {number} w @param {number} h
 * @param {number} unit a CSS pixel in canvas pixels
 */
function drawBox(context, label, x, y, w, h, unit) {
  const radius = Math.min(12 * unit, w / 6);
  context.beginPath();
  context.roundRect(x, y, w, h, radius);
  context.strokeStyle = "rgb(0 0 0 / 45%)";
  context.lineWidth = 5 * unit;
  context.stroke();
  context.strokeStyle = "#ffffff";
  context.lineWidth = 2.5 * unit;
  context.stroke();

  context.font = `600 ${13 * unit}px system-ui, sans-serif`;
  const width = context.measureText(label).width + 14 * unit;
  context.beginPath();
  context.roundRect(x + 8 * unit, y + 8 * unit, width, 22 * unit, 11 * unit);
  context.fillStyle = "rgb(0 0 0 / 55%)";
  context.fill();
  context.fillStyle = "#ffffff";
  context.textBaseline = "middle";
  context.fillText(label, x + 15 * unit, y + 19.5 * unit);
}
