/**
 * The live page: builds its parts, and starts and stops the session.
 *
 * @typedef {import("./types.js").PageConfig} PageConfig
 */
import { Alarm } from "./alarm.js";
import { Big } from "./big.js";
import { cameraObstacle, canShowScreen } from "./camera.js";
import { Chart } from "./chart.js";
import { bindDialogs } from "./dialogs.js";
import { byId } from "./dom.js";
import { ExportButtons } from "./export.js";
import { History } from "./history.js";
import { Overlay } from "./overlay.js";
import { isStopped, Panel } from "./panel.js";
import { RecordingDialog } from "./recording.js";
import { LiveSession } from "./session.js";
import { Settings } from "./settings.js";
import { SettingsForm } from "./settings-form.js";
import { SharingDialog } from "./sharing.js";
import { SnapshotButtons } from "./snapshot.js";
import { SourcePicker } from "./source-picker.js";
import { fresh, Store } from "./store.js";
import { Tally } from "./tally.js";
import { Wishes } from "./wishes.js";

/** @param {string} id @param {() => void} handler */
const onClick = (id, handler) => byId(id, HTMLButtonElement).addEventListener("click", handler);

/** @type {PageConfig} */
const config = JSON.parse(byId("config", HTMLScriptElement).text);
const video = byId("video", HTMLVideoElement);
const settings = new Settings(localStorage);
const store = new Store();
const overlay = new Overlay(byId("overlay", HTMLCanvasElement));
const history = new History();
const chart = new Chart(byId("chart"), history);
const tools = byId("tools");
const exports = new ExportButtons(tools, () => chart.shown());
const snapshots = new SnapshotButtons(tools, {
  shot: () => overlay.shown,
  blur: () => settings.values.blur,
});
const panel = new Panel(document);
const alarm = new Alarm({ store, settings, history });
const wishes = new Wishes({ store, values: () => settings.values, storage: sessionStorage });
const recording = new RecordingDialog({
  dialog: byId("recording"),
  opener: byId("open-recording"),
  wishes,
});
const sharing = new SharingDialog({
  dialog: byId("sharing"),
  opener: byId("open-sharing"),
  wishes,
});
const picker = new SourcePicker({
  select: byId("source", HTMLSelectElement),
  file: byId("file", HTMLInputElement),
  stage: byId("stage"),
  cameraId: settings.values.cameraId,
  onChoice: (source) => {
    store.update({ source: source.kind });
    const { state } = store;
    if (!isStopped(state) && state.name !== "paused" && session.slot.opened) session.change(source);
    else begin();
  },
});

let tally = new Tally();
const create = () =>
  new LiveSession({
    config,
    video,
    overlay,
    history,
    store,
    tally,
    wishes,
    onCount: (count) => alarm.hear(count),
  });
let session = create();

/** Begins anew, from nothing. */
function begin() {
  session.stop();
  history.clear();
  tally = new Tally();
  store.update(fresh());
  alarm.prepare();
  proceed();
}

/** Goes on with what was there. */
function proceed() {
  session = create();
  session.start(picker.source);
}

function toggle() {
  if (isStopped(store.state)) return begin();
  session.stop();
  wishes.stopped();
  alarm.rest();
}

store.update({ name: cameraObstacle() ?? "idle" });
let knownDevice = "";
store.subscribe((state) => {
  const { mirrorFront, mirrorOther, blur } = settings.values;
  state.mirrored = state.front ? mirrorFront : mirrorOther;
  overlay.configure({ mirrored: state.mirrored, blur });
  document.documentElement.dataset.blur = `${blur}`;
  if (state.deviceId === knownDevice) return;
  knownDevice = state.deviceId;
  picker.refresh(); // now that it is allowed, the cameras have names
  if (knownDevice) settings.set({ cameraId: knownDevice });
});
for (const part of [panel, picker, recording, sharing]) {
  store.subscribe((state) => part.render(state));
}
store.subscribe(() => chart.render());
store.subscribe(() => exports.render(!Number.isNaN(history.first)));
store.subscribe(() => snapshots.render());

settings.subscribe((_values, changed) => {
  wishes.changed(changed);
  if (changed.alert) alarm.prepare();
  store.update({});
});
new SettingsForm({
  form: byId("settings-form", HTMLFormElement),
  alerts: byId("alerts-form", HTMLFormElement),
  settings,
  detector: config.detector,
});
new Big(byId("big", HTMLButtonElement));
bindDialogs(document);

onClick("toggle", toggle);
onClick("use-file", () => picker.chooseFile());
onClick("use-screen", () => picker.choose({ kind: "screen" }));
onClick("flip", () => picker.flip(store.state));
onClick("mirror", () => {
  const { mirrorFront, mirrorOther } = settings.values;
  settings.set(store.state.front ? { mirrorFront: !mirrorFront } : { mirrorOther: !mirrorOther });
});
byId("use-screen", HTMLButtonElement).hidden = !canShowScreen();

// The camera's light goes out with the page, and comes back with it. A window that is shown is
// meant to be counted while one looks at it.
document.addEventListener("visibilitychange", () => {
  const stopped = isStopped(store.state);
  if (document.hidden && !stopped && store.state.source !== "screen") session.stop("paused");
  else if (!document.hidden && store.state.name === "paused") proceed();
});
addEventListener("pagehide", () => session.stop());
navigator.serviceWorker?.register("/service-worker.js").catch(() => {});

window.streamapp = Object.freeze({ stats: () => session.stats(), chart: () => chart.shown() });
