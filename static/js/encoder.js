/**
 * JPEG encoders: in a worker where the browser can, else on the page. Both are promises; answers
 * from the worker find theirs by id.
 *
 * @typedef {import("./types.js").Encoder} Encoder
 * @typedef {{bytes: ArrayBuffer, bitmap: ImageBitmap}} Encoded
 */

/** @returns {Encoder} */
export function createEncoder() {
  const offscreen =
    typeof Worker === "function" &&
    typeof OffscreenCanvas === "function" &&
    "convertToBlob" in OffscreenCanvas.prototype;
  return offscreen ? new WorkerEncoder(new CanvasEncoder()) : new CanvasEncoder();
}

/** @implements {Encoder} */
export class WorkerEncoder {
  /** @param {Encoder} fallback used from the moment the worker fails */
  constructor(fallback) {
    this.fallback = fallback;
    /** @type {Worker | null} */
    this.worker = new Worker(new URL("./encode-worker.js", import.meta.url), { type: "module" });
    /** @type {Map<number, {resolve: (encoded: Encoded) => void, reject: (error: Error) => void}>} */
    this.waiting = new Map();
    this.lastId = 0;
    this.worker.onmessage = ({ data }) => this.#answer(data);
    this.worker.onerror = () => this.destroy();
  }

  /** @param {ImageBitmap} bitmap @param {number} quality @returns {Promise<Encoded>} */
  encode(bitmap, quality) {
    const { worker } = this;
    if (!worker) return this.fallback.encode(bitmap, quality);
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      worker.postMessage({ id, bitmap, quality }, [bitmap]);
    });
  }

  /** Bitmaps inside the worker go with it. */
  destroy() {
    this.worker?.terminate();
    this.worker = null;
    for (const { reject } of this.waiting.values()) reject(new Error("the encoder is gone"));
    this.waiting.clear();
  }

  /** @param {{id: number, bitmap: ImageBitmap, bytes?: ArrayBuffer, failure?: string}} data */
  #answer({ id, bitmap, bytes, failure }) {
    const promise = this.waiting.get(id);
    this.waiting.delete(id);
    if (promise && bytes) {
      promise.resolve({ bytes, bitmap });
    } else {
      bitmap.close();
      promise?.reject(new Error(failure));
    }
  }
}

/** @implements {Encoder} */
export class CanvasEncoder {
  /** @param {ImageBitmap} bitmap @param {number} quality @returns {Promise<Encoded>} */
  async encode(bitmap, quality) {
    const canvas = document.createElement("canvas");
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext("2d", { alpha: false })?.drawImage(bitmap, 0, 0);
    const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => {
      canvas.toBlob(resolve, "image/jpeg", quality);
    });
    if (!blob) {
      bitmap.close();
      throw new Error("the canvas gave no JPEG");
    }
    return { bytes: await blob.arrayBuffer(), bitmap };
  }

  destroy() {}
}
