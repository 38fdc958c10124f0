/** Elements made, found and filled in one line; text is always text, never markup. */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * The element that the page has under this id. Throws an Error where there is none of the type.
 *
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @param {new () => T} [type]
 * @returns {T}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!isOf(found, type)) throw new Error(`The page has no ${type?.name ?? "element"} #${id}`);
  return found;
}

/**
 * The first in `root` that the selector finds. Throws an Error where there is none of the type.
 *
 * @template {HTMLElement} T
 * @param {HTMLElement} root
 * @param {string} selector
 * @param {new () => T} type
 */
export function part(root, selector, type) {
  const found = root.querySelector(selector);
  if (!isOf(found, type)) throw new Error(`#${root.id} has no ${type.name} ${selector}`);
  return found;
}

/**
 * @template {HTMLElement} T
 * @param {Element | null} found
 * @param {new () => T} [type]
 * @returns {found is T}
 */
const isOf = (found, type) => found instanceof (type ?? HTMLElement);

/**
 * Writes only what has changed, so that nothing is announced or laid out twice.
 *
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Whether this page is written in German; in all other languages it is English. */
export const inGerman = () => globalThis.document?.documentElement.lang.startsWith("de") ?? false;
