/**
 * What the server wrote in English, in the page's language.
 * @param {ParentNode} root
 * @param {Record<string, string>} words by the keys in `data-word`
 */
export function translate(root, words) {
  for (const element of root.querySelectorAll("[data-word]")) {
    const text = words[element.getAttribute("data-word") ?? ""];
    if (element.textContent !== text) element.textContent = text;
  }
}
