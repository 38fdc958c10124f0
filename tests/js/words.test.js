import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { afterEach, describe, it } from "node:test";
import * as chart from "../../static/js/chart-words.js";
import * as sessions from "../../static/js/sessions-words.js";
import { watchWords } from "../../static/js/watch-words.js";

/** @typedef {{[key: string]: string | Words | ((...numbers: any[]) => string)}} Words */

/** @type {Record<string, () => any>} */
const CATALOGUES = { ...chart, ...sessions, watchWords };

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

/** @param {string} template */
const read = (template) =>
  readFile(new URL(`../../templates/${template}.html`, import.meta.url), "utf8");

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

  for (const [templates, words] of /** @type {[string[], () => Record<string, string>][]} */ ([
    [["sessions", "session", "session_parts", "join", "invite"], sessions.writtenWords],
    [["watch", "wall"], () => watchWords().written],
  ])) {
    it(`in ${templates.join(", ")} are those of the script`, async () => {
      speak("en");
      const known = words();
      const pages = await Promise.all(templates.map(read));
      const used = new Set();
      for (const [, key, text] of pages
        .join("\n")
        .matchAll(/data-word="(\w+)"[^>]*>(?:<[^>]*>)?([^<]*)/g)) {
        assert.equal(text, known[key], key);
        used.add(key);
      }
      assert.deepEqual([...used].sort(), Object.keys(known).sort());
    });
  }
});
