/** One file, one request. XMLHttpRequest, because fetch tells nothing about what has left. */

import { photoWords } from "./photo-words.js";

/** The same bytes would be refused again. */
const FINAL = [400, 413, 415, 422];

/** The language of the API's sentences. */
const API_LANGUAGE = "en";

/**
 * Why a file was not taken: a sentence and its language ("": the page's), whether a retry may
 * help, and when (seconds; 0: unsaid).
 */
export class Refusal extends Error {
  /** @param {string} message */
  constructor(message, retryable = true, retryAfter = 0, language = "") {
    super(message);
    this.language = language;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }
}

/**
 * What an answer other than 201 means.
 * @param {number} status @param {string} body @param {string | null} retryAfter the header
 */
export function refusalOf(status, body, retryAfter) {
  let message = photoWords().unclear;
  let language = "";
  try {
    message = String(JSON.parse(body).error.message);
    language = API_LANGUAGE;
  } catch {
    // A proxy's own page: its words are not for the person.
  }
  const seconds = Number(retryAfter);
  const wait = (status === 429 || status === 503) && seconds > 0 ? Math.min(seconds, 120) : 0;
  return new Refusal(message, !FINAL.includes(status), wait, language);
}

/** @param {string} address @returns {import("./photos.js").Send} */
export function sender(address) {
  return (file, wishes, onProgress, signal) =>
    new Promise((resolve, reject) => {
      const body = new FormData();
      body.append("image", file);
      if (wishes.detector) body.append("detector", wishes.detector);
      if (wishes.blur) body.append("blur", "true");
      const request = new XMLHttpRequest();
      request.open("POST", address);
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (event) => {
        // 1 is said by "load" alone: then the server has everything.
        if (event.lengthComputable) onProgress(Math.min(0.99, event.loaded / event.total));
      });
      request.upload.addEventListener("load", () => onProgress(1));
      request.addEventListener("load", () => {
        const { status, responseText } = request;
        if (status !== 201) {
          reject(refusalOf(status, responseText, request.getResponseHeader("Retry-After")));
          return;
        }
        try {
          resolve(JSON.parse(responseText));
        } catch {
          reject(new Refusal(photoWords().unclear));
        }
      });
      request.addEventListener("error", () => reject(new Refusal(photoWords().lost)));
      request.addEventListener("abort", () => reject(new Refusal(photoWords().stopped)));
      signal.addEventListener("abort", () => request.abort(), { once: true });
      request.send(body);
    });
}
