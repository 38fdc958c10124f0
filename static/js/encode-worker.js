/// <reference lib="webworker" />
// Encodes bitmaps as JPEG off the main thread; the bitmap travels back with the bytes, because
// the page draws the boxes on it.

const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });

/** @param {MessageEvent<{id: number, bitmap: ImageBitmap, quality: number}>} event */
async function onRequest({ data: { id, bitmap, quality } }) {
  const { width, height } = bitmap;
  try {
    if (!context) throw new Error("no 2d context in a worker");
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    // No await between drawing and convertToBlob: it takes its copy at once, so that the next
    // request may draw while this one is still being encoded.
    context.drawImage(bitmap, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
    const bytes = await blob.arrayBuffer();
    answer({ id, bytes, bitmap }, [bytes, bitmap]);
  } catch (error) {
    answer({ id, bitmap, failure: String(error) }, [bitmap]);
  }
}

/** @param {object} message @param {Transferable[]} transfer */
const answer = (message, transfer) => self.postMessage(message, { transfer });

self.addEventListener("message", onRequest);
