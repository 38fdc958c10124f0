/**
 * One colour a track, the same on every page: light ones over pictures and on dark fields, deep
 * ones of the same hue on light fields. They stay apart for colour-blind eyes (after Okabe and Ito).
 */
export const LIGHT = ["#ffffff", "#ffb84d", "#6cc8ff", "#3fdcae", "#f4e75a", "#ff9e80", "#ecaad8"];
const DEEP = ["#4a5157", "#a86200", "#0a6cb0", "#08795b", "#7d6f00", "#b93c1c", "#9b3c7f"];

/** @param {number} id @returns {string} a CSS colour that goes with the page's own */
export const trackColour = (id) =>
  `light-dark(${DEEP[id % DEEP.length]}, ${LIGHT[id % LIGHT.length]})`;
