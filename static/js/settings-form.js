/**
 * Form fields that are settings: a field's name is the setting's. What is chosen holds at once.
 *
 * @typedef {import("./settings.js").Settings} Settings
 * @typedef {import("./settings.js").Values} Values
 */
import { mayNotify } from "./alarm.js";
import { language, say } from "./language.js";
import { setCookie } from "./settings.js";

export class SettingsForm {
  /**
   * @param {object} options
   * @param {HTMLFormElement} options.form
   * @param {HTMLFormElement} options.alerts
   * @param {Settings} options.settings
   * @param {string} options.detector unless another is chosen
   */
  constructor({ form, alerts, settings, detector }) {
    this.form = form;
    this.alerts = alerts;
    this.settings = settings;
    this.detector = detector;
    form.addEventListener("change", () => this.#read());
    alerts.addEventListener("change", () => this.#readAlert());
    form.querySelector("#reset")?.addEventListener("click", () => settings.reset());
    alerts.querySelector("#notify")?.addEventListener("click", () => this.#askToNotify());
    settings.subscribe((values, changed) => this.#write(values, changed));
  }

  #read() {
    const data = new FormData(this.form);
    const text = (/** @type {string} */ name) => `${data.get(name) ?? ""}`;
    const wanted = {
      detector: text("detector"),
      minFace: Number(text("minFace")),
      blur: data.has("blur"),
      sound: data.has("sound"),
      theme: text("theme"),
      language: text("language"),
    };
    const { values } = this.settings;
    const changed = Object.entries(wanted).filter(
      ([name, value]) => values[/** @type {keyof Values} */ (name)] !== value,
    );
    this.settings.set(Object.fromEntries(changed));
  }

  #readAlert() {
    const data = new FormData(this.alerts);
    const number = (/** @type {string} */ name, /** @type {number} */ most) =>
      Math.min(most, Math.max(0, Math.round(Number(data.get(name))) || 0));
    const direction = /** @type {"off" | "above" | "below"} */ (data.get("direction"));
    const alert = { direction, limit: number("limit", 999), hold: number("hold", 3_600) };
    this.settings.set({ alert });
  }

  /** @param {Values} values @param {Partial<Values>} changed */
  #write(values, changed) {
    const shown = { ...values, detector: values.detector || this.detector };
    if (!values.language) shown.language = language;
    fill(this.form, shown);
    fill(this.alerts, values.alert);
    for (const output of this.form.querySelectorAll("output")) {
      output.textContent = `${values.minFace} px`;
    }
    if (changed.theme !== undefined) {
      document.documentElement.dataset.theme = values.theme;
      setCookie("theme", values.theme);
    }
    if (changed === values || changed.language === undefined) return;
    setCookie("language", values.language);
    // Both the page's own text and the script's are the server's choice.
    if (values.language !== language) location.reload();
  }

  async #askToNotify() {
    const said = this.alerts.querySelector("#notify-said");
    const granted = await mayNotify();
    if (said) said.textContent = granted ? "✓" : say.alerts.blocked;
  }
}

/** @param {HTMLFormElement} form @param {Record<string, unknown>} values */
function fill(form, values) {
  for (const field of form.elements) {
    const known = field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
    if (!known || !(field.name in values)) continue;
    const value = values[field.name];
    if (field instanceof HTMLInputElement && field.type === "checkbox")
      field.checked = Boolean(value);
    else if (field.value !== `${value}`) field.value = `${value}`;
  }
}
