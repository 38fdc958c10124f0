/** The page's own language, as the server chose it, and its catalogue. */
import de from "./i18n/de.js";
import en from "./i18n/en.js";

/** @type {Record<string, typeof en>} */
export const CATALOGUES = { en, de };

export const language = globalThis.document?.documentElement.lang.slice(0, 2) || "en";
export const say = CATALOGUES[language] ?? en;
