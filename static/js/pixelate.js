/**
 * Faces as a few squares, in the preview and in pictures that are kept.
 *
 * @typedef {import("./types.js").Face} Face
 */
import { el } from "./dom.js";

/** A pixelated face is this many squares wide. */
const SQUARES = 9;

/** @type {CanvasRenderingContext2D | null} */
let reduced = null;

/**
 * The faces' places, grown a little (hair and chin tell a lot) and kept within the picture.
 * @param {readonly Face[]} faces @param {number} width @param {number} height
 */
export function covered(faces, width, height) {
  return faces.map(({ box: [x, y, w, h] }) => {
    const left = Math.max(0, Math.round(x - 0.12 * w));
    const top = Math.max(0, Math.round(y - 0.18 * h));
    const right = Math.min(width, Math.round(x + 1.12 * w));
    const bottom = Math.min(height, Math.round(y + 1.12 * h));
    return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
  });
}

/**
 * @param {CanvasRenderingContext2D} context in the picture's own pixels
 * @param {ImageBitmap} bitmap
 * @param {ReturnType<typeof covered>[number]} place
 */
export function pixelate(context, bitmap, { left, top, width, height }) {
  if (!width || !height) return;
  reduced ??= el("canvas").getContext("2d");
  if (!reduced) return;
  const { canvas } = reduced;
  canvas.width = SQUARES;
  canvas.height = Math.max(1, Math.round((SQUARES * height) / width));
  reduced.imageSmoothingQuality = "high";
  reduced.drawImage(bitmap, left, top, width, height, 0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, left, top, width, height);
  context.imageSmoothingEnabled = true;
}
