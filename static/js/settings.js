/**
 * What the person has chosen, remembered in this browser. Theme and language are cookies as well:
 * the server writes them into every page, so that none is seen in the wrong one first.
 *
 * @typedef {import("./threshold.js").Rule} Rule
 */

const KEY = "streamapp";
const YEAR_S = 365 * 24 * 3_600;

/** An empty detector or language: as the server would have it. */
export const DEFAULTS = Object.freeze({
  detector: "",
  minFace: 40,
  blur: false,
  sound: true,
  theme: "auto",
  language: "",
  cameraId: "",
  mirrorFront: true,
  mirrorOther: false,
  alert: Object.freeze(/** @type {Rule} */ ({ direction: "off", limit: 5, hold: 2 })),
});
/** @typedef {{-readonly [K in keyof typeof DEFAULTS]: typeof DEFAULTS[K] extends boolean ? boolean : typeof DEFAULTS[K] extends number ? number : typeof DEFAULTS[K] extends string ? string : Readonly<Rule>}} Values */

export class Settings {
  /** @param {Pick<Storage, "getItem" | "setItem">} storage */
  constructor(storage) {
    this.storage = storage;
    /** @type {Values} */
    this.values = { ...DEFAULTS, ...stored(storage) };
    /** @type {((values: Values, changed: Partial<Values>) => void)[]} */
    this.listeners = [];
  }

  /** @param {(values: Values, changed: Partial<Values>) => void} listener */
  subscribe(listener) {
    this.listeners.push(listener);
    listener(this.values, this.values);
  }

  /** @param {Partial<Values>} patch */
  set(patch) {
    Object.assign(this.values, patch);
    try {
      this.storage.setItem(KEY, JSON.stringify(this.values));
    } catch {
      // A browser that keeps nothing still holds it until the page is closed.
    }
    for (const listener of this.listeners) listener(this.values, patch);
  }

  reset() {
    this.set({ ...DEFAULTS });
  }
}

/**
 * Only what is known and of its kind: what an older page has left may not break this one.
 * @param {Pick<Storage, "getItem">} storage
 */
function stored(storage) {
  try {
    const read = JSON.parse(storage.getItem(KEY) ?? "{}");
    const fits = Object.entries(read).filter(
      ([key, value]) =>
        key in DEFAULTS && typeof value === typeof DEFAULTS[/** @type {keyof Values} */ (key)],
    );
    return Object.fromEntries(fits);
  } catch {
    return {};
  }
}

/** @param {"theme" | "language"} name @param {string} value empty: as if never chosen */
export function setCookie(name, value) {
  const age = value && value !== "auto" ? YEAR_S : 0;
  document.cookie = `${name}=${value}; path=/; max-age=${age}; samesite=lax`;
}
