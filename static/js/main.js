/**
 * The live page: builds its parts, and starts and stops the session.
 *
 * @typedef {import("./types.js").PageConfig} PageConfig
 */
import { cameraObstacle } from "./camera.js";
import { Chart } from "./chart.js";
import { ExportButtons } from "./export.js";
import { History } from "./history.js";
import { Overlay } from "./overlay.js";
import { isStopped, Panel } from "./panel.js";
import { LiveSession } from "./session.js";
import { SnapshotButtons } from "./snapshot.js";
import { Store } from "./store.js";

/** @template {HTMLElement} T @param {string} id @param {new () => T} type */
function element(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} #${id}`);
  return found;
}

/** @type {PageConfig} */
const config = JSON.parse(element("config", HTMLScriptElement).text);
const video = element("video", HTMLVideoElement);
const overlay = new Overlay(element("overlay", HTMLCanvasElement));
const history = new History();
const chart = new Chart(element("chart", HTMLElement), history);
const tools = element("tools", HTMLElement);
const exports = new ExportButtons(tools, () => chart.shown());
const snapshots = new SnapshotButtons(tools, { shot: () => overlay.shown, blur: () => false });
const panel = new Panel(document);
const store = new Store();

const create = () => new LiveSession({ config, video, overlay, history, store });
let session = create();

function start() {
  session = create();
  session.start();
}

store.update({ name: cameraObstacle() ?? "idle" });
store.subscribe((state) => panel.render(state));
store.subscribe(() => chart.render());
store.subscribe(() => exports.render(!Number.isNaN(history.first)));
store.subscribe(() => snapshots.render());

element("toggle", HTMLButtonElement).addEventListener("click", () => {
  if (isStopped(store.state)) {
    history.clear();
    start();
  } else {
    session.stop();
  }
});

// The camera's light goes out with the page, and comes back with it.
document.addEventListener("visibilitychange", () => {
  if (document.hidden && !isStopped(store.state)) session.stop("paused");
  else if (!document.hidden && store.state.name === "paused") start();
});
addEventListener("pagehide", () => session.stop());

window.streamapp = Object.freeze({ stats: () => session.stats(), chart: () => chart.shown() });
