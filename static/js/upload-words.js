/** What can be said about files: their size, what is wrong with them, how far they are. */
import { photoWords } from "./photo-words.js";

/** Decimal units, as the server's limits are. @param {number} bytes */
export function fileSize(bytes) {
  const words = photoWords();
  if (bytes < 1000) return `${bytes} ${words.bytes}`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1e6).toFixed(1).replace(/\.0$/, "").replace(".", words.point)} MB`;
}

/**
 * Why the file need not be sent at all, or "". What kind of file it is, only its content tells:
 * that is left to the server.
 * @param {{size: number}} file @param {number} maxBytes
 */
export function objection(file, maxBytes) {
  if (file.size === 0) return photoWords().empty;
  if (file.size <= maxBytes) return "";
  return photoWords().tooLarge(fileSize(file.size), fileSize(maxBytes));
}

/** @param {import("./photos.js").UploadEntry[]} entries */
export function progressInWords(entries) {
  const done = entries.filter((entry) => entry.state === "done");
  const failed = entries.filter((entry) => entry.state === "failed").length;
  const going = entries.filter((e) => ["waiting", "sending", "counting"].includes(e.state)).length;
  const faces = done.reduce((sum, entry) => sum + (entry.answer?.count ?? 0), 0);
  if (done.length + failed + going === 0) return "";
  const words = photoWords();
  const result = done.length ? words.done(done.length, faces) : "";
  const rest = going ? words.toGo(going) : "";
  const problem = failed ? words.failed(failed) : "";
  return `${[result, rest, problem].filter(Boolean).join("; ")}.`;
}
