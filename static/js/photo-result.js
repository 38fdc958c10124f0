/** The result page: the two pictures, one over the other, with a slider between them. */
import { photoWords } from "./photo-words.js";
import { localTimes } from "./photo-times.js";

/** @param {HTMLElement} pair */
function compare(pair) {
  const slider = /** @type {HTMLInputElement} */ (pair.querySelector("input[type=range]"));
  const show = () => {
    pair.style.setProperty("--share", `${slider.value}%`);
    slider.setAttribute("aria-valuetext", photoWords().withBoxes(slider.value));
  };
  slider.addEventListener("input", show);
  pair.classList.add("compare");
  slider.hidden = false;
  show();
}

const pair = /** @type {HTMLElement | null} */ (document.querySelector(".pair"));
if (pair) compare(pair);
localTimes(document);
