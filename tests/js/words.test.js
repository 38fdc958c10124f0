import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import * as chart from "../../static/js/chart-words.js";
import * as photos from "../../static/js/photo-words.js";
import * as sessions from "../../static/js/sessions-words.js";
import { watchWords } from "../../static/js/watch-words.js";

/** @typedef {{[key: string]: string | Words | ((...numbers: any[]) => string)}} Words */

/** @type {Record<string, () => any>} */
const CATALOGUES = { ...chart, ...photos, ...sessions, watchWords };

/** @param {string} lang */
const speak = (lang) => {
  globalThis.document = /** @type {any} */ ({ documentElement: { lang } });
};
afterEach(() => Reflect.deleteProperty(globalThis, "document"));

/** @param {Words} words @param {string} [path] @returns {string[]} every key, as a path */
const keys = (words, path = "") =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === "object" ? keys(value, `${path}${key}.`) : [`${path}${key}`],
  );

describe("the words of the pages", () => {
  for (const [name, words] of Object.entries(CATALOGUES)) {
    it(`${name} has all of them in German`, () => {
      speak("en");
      const english = words();
      speak("de-AT");
      const german = words();
      assert.notEqual(english, german);
      assert.deepEqual(keys(german), keys(english));
    });
  }
});
