/** Engine and blur, as they were left the last time. */

const KEY = "streamapp.photos";

/**
 * @param {string | null} text what was stored, by us or by anybody
 * @param {string[]} detectors those that there are
 * @returns {{detector?: string, blur?: boolean}}
 */
export function parseWishes(text, detectors) {
  try {
    const { detector, blur } = JSON.parse(text ?? "{}");
    return {
      ...(detectors.includes(detector) && { detector }),
      ...(typeof blur === "boolean" && { blur }),
    };
  } catch {
    return {};
  }
}

/** Where storage is forbidden, nothing is remembered. @param {() => string | null | void} use */
function storage(use) {
  try {
    return use() ?? null;
  } catch {
    return null;
  }
}

/** Sets the form as remembered, remembers its changes. @param {HTMLFormElement} form */
export function rememberedWishes(form) {
  const radios = [
    .../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[name=detector]")),
  ];
  const blur = /** @type {HTMLInputElement} */ (form.querySelector("[name=blur]"));
  const remembered = parseWishes(
    storage(() => localStorage.getItem(KEY)),
    radios.map((radio) => radio.value),
  );
  for (const radio of radios) if (radio.value === remembered.detector) radio.checked = true;
  blur.checked = remembered.blur ?? blur.checked;

  const wishes = () => ({
    detector: radios.find((radio) => radio.checked)?.value ?? "",
    blur: blur.checked,
  });
  form.addEventListener("change", () =>
    storage(() => localStorage.setItem(KEY, JSON.stringify(wishes()))),
  );
  return wishes;
}
