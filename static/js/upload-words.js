/** Sentences of the photo pages, and what can be said about a file before it is sent. */

/** @param {number} count */
export const facesFound = (count) =>
  count === 0 ? "No faces found" : count === 1 ? "1 face found" : `${count} faces found`;

/** @param {number} count */
export const photos = (count) => (count === 1 ? "1 photo" : `${count} photos`);

/** Decimal units, as the server's limits are. @param {number} bytes */
export function fileSize(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1e6).toFixed(1).replace(/\.0$/, "")} MB`;
}

/**
 * Why the file need not be sent at all, or "". What kind of file it is, only its content tells:
 * that is left to the server.
 * @param {{size: number}} file @param {number} maxBytes
 */
export function objection(file, maxBytes) {
  if (file.size === 0) return "This file is empty.";
  if (file.size <= maxBytes) return "";
  return `This file has ${fileSize(file.size)}; the most is ${fileSize(maxBytes)}. Send a smaller copy.`;
}

/** @param {import("./photos.js").UploadEntry[]} entries */
export function progressInWords(entries) {
  const done = entries.filter((entry) => entry.state === "done");
  const failed = entries.filter((entry) => entry.state === "failed").length;
  const going = entries.filter((e) => ["waiting", "sending", "counting"].includes(e.state)).length;
  const faces = done.reduce((sum, entry) => sum + (entry.answer?.count ?? 0), 0);
  if (done.length + failed + going === 0) return "";
  const result = done.length
    ? `${photos(done.length)} counted, ${facesFound(faces).toLowerCase()}`
    : "";
  const rest = going ? `${photos(going)} to go` : "";
  const problem = failed ? `${photos(failed)} could not be counted` : "";
  return `${[result, rest, problem].filter(Boolean).join("; ")}.`;
}
