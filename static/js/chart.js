/**
 * The count over the last minute as a stepped line. A stand-in with the three calls a larger
 * chart will need: render, resize by itself, destroy nothing but its observer.
 *
 * @typedef {import("./history.js").History} History
 */

const REDRAW_MS = 250;

export class Chart {
  /** @param {HTMLCanvasElement} canvas @param {History} history */
  constructor(canvas, history) {
    this.canvas = canvas;
    this.history = history;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.drawnAt = -Infinity;
    new ResizeObserver(() => this.#draw()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
  }

  render() {
    if (performance.now() - this.drawnAt >= REDRAW_MS) this.#draw();
  }

  #draw() {
    this.drawnAt = performance.now();
    const { canvas, context } = this;
    const ratio = globalThis.devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    const style = getComputedStyle(canvas);
    const series = this.history.series(this.drawnAt);
    const top = scaleTop(series);
    const pad = 8 * ratio;
    const gutter = 22 * ratio;
    const height = canvas.height - 2 * pad;
    const y = (/** @type {number} */ value) => pad + height * (1 - value / top);
    const step = (canvas.width - gutter) / series.length;

    context.font = `${11 * ratio}px system-ui, sans-serif`;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const value of [0, top / 2, top]) {
      context.fillStyle = style.getPropertyValue("--line");
      context.fillRect(0, Math.round(y(value)), canvas.width - gutter, Math.max(1, ratio));
      context.fillStyle = style.getPropertyValue("--muted");
      context.fillText(`${value}`, canvas.width, y(value));
    }
    for (const run of runs(series)) {
      this.#drawRun(run, step, y, style.getPropertyValue("--accent"), ratio);
    }
  }

  /**
   * @param {{start: number, values: number[]}} run
   * @param {number} step
   * @param {(value: number) => number} y
   * @param {string} colour
   * @param {number} ratio
   */
  #drawRun({ start, values }, step, y, colour, ratio) {
    const { context } = this;
    const line = new Path2D();
    values.forEach((value, i) => {
      line.lineTo((start + i) * step, y(value));
      line.lineTo((start + i + 1) * step, y(value));
    });
    const area = new Path2D(line);
    area.lineTo((start + values.length) * step, y(0));
    area.lineTo(start * step, y(0));
    context.globalAlpha = 0.14;
    context.fillStyle = colour;
    context.fill(area);
    context.globalAlpha = 1;
    context.strokeStyle = colour;
    context.lineWidth = 2 * ratio;
    context.lineJoin = "round";
    context.stroke(line);
  }
}

/**
 * The least even number that holds every value, so that half of it is whole; 2 at least.
 * @param {readonly (number | null)[]} series
 */
export function scaleTop(series) {
  const most = series.reduce((/** @type {number} */ top, value) => Math.max(top, value ?? 0), 0);
  return Math.max(2, 2 * Math.ceil(most / 2));
}

/**
 * Stretches without a gap.
 * @param {readonly (number | null)[]} series
 */
export function runs(series) {
  /** @type {{start: number, values: number[]}[]} */
  const found = [];
  series.forEach((value, i) => {
    if (value === null) return;
    const last = found.at(-1);
    if (last && last.start + last.values.length === i) last.values.push(value);
    else found.push({ start: i, values: [value] });
  });
  return found;
}
