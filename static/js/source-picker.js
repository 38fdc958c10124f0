/**
 * The list of sources: every camera, a screen, a file. What is chosen is remembered, as far as a
 * browser lets a page know a device again.
 *
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./types.js").Source} Source
 */
import { canShowScreen } from "./camera.js";
import { el } from "./dom.js";
import { say } from "./language.js";

export class SourcePicker {
  /** @type {MediaDeviceInfo[]} */
  #cameras = [];
  #drawn = "";

  /**
   * @param {object} options
   * @param {HTMLSelectElement} options.select
   * @param {HTMLInputElement} options.file
   * @param {HTMLElement} options.stage where a file can be dropped
   * @param {string} options.cameraId chosen the last time
   * @param {(source: Source) => void} options.onChoice
   */
  constructor({ select, file, stage, cameraId, onChoice }) {
    this.select = select;
    this.file = file;
    this.onChoice = onChoice;
    /** @type {Source} */
    this.source = cameraId ? { kind: "camera", deviceId: cameraId } : { kind: "camera" };
    select.addEventListener("change", () => this.#chosen(select.value));
    file.addEventListener("change", () => this.#play(file.files?.[0]));
    stage.addEventListener("dragover", (event) => event.preventDefault());
    stage.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#play(event.dataTransfer?.files[0]);
    });
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.refresh());
    this.refresh();
  }

  /** Names are known only once the camera was allowed: call again when it is. */
  async refresh() {
    const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
    this.#cameras = devices.filter(({ kind }) => kind === "videoinput");
    this.#draw();
  }

  /** @param {Readonly<AppState>} state */
  render({ source, deviceId }) {
    if (this.#drawn !== `${source} ${deviceId}`) this.#draw(source, deviceId);
  }

  chooseFile() {
    this.file.value = "";
    this.file.click();
  }

  /** @param {Source} source */
  choose(source) {
    this.source = source;
    this.onChoice(source);
  }

  /**
   * The other side of a phone, or the next of several cameras where none tells its side.
   * @param {Readonly<Pick<AppState, "front" | "deviceId">>} now
   */
  flip({ front, deviceId }) {
    const now = this.#cameras.findIndex((camera) => camera.deviceId === deviceId);
    const next = this.#cameras[(now + 1) % this.#cameras.length];
    if (now < 0 || this.#cameras.some(tellsSide)) {
      this.choose({ kind: "camera", facing: front ? "environment" : "user" });
    } else {
      this.choose({ kind: "camera", deviceId: next.deviceId });
    }
  }

  /** @param {File | undefined} file */
  #play(file) {
    if (file) this.choose({ kind: "file", file, at: 0 });
  }

  /** @param {string} value */
  #chosen(value) {
    if (value === "file") {
      this.#draw(); // until there is one, it is the source before that is shown
      this.chooseFile();
    } else {
      this.choose(
        value === "screen" ? { kind: "screen" } : { kind: "camera", deviceId: value || undefined },
      );
    }
  }

  /** @param {string} [kind] @param {string} [deviceId] of what plays */
  #draw(kind = this.source.kind, deviceId = "") {
    this.#drawn = `${kind} ${deviceId}`;
    const known = this.#cameras.filter((camera) => camera.deviceId);
    const cameras = known.length
      ? known.map((camera, i) => [camera.deviceId, camera.label || say.sources.nth(i + 1)])
      : [["", say.sources.camera]];
    const all = [
      ...cameras,
      ...(canShowScreen() ? [["screen", say.sources.screen]] : []),
      ["file", say.sources.file],
    ];
    this.select.replaceChildren(...all.map(([value, text]) => el("option", { value }, text)));
    const wanted = this.source.kind === "camera" ? this.source.deviceId : "";
    const camera = [deviceId, wanted, cameras[0][0]].find((id) =>
      cameras.some(([value]) => value === id),
    );
    this.select.value = kind === "camera" ? (camera ?? "") : kind;
    document.documentElement.dataset.cameras = `${this.#cameras.length}`;
  }
}

/** @param {MediaDeviceInfo} camera */
function tellsSide(camera) {
  const sides = "getCapabilities" in camera ? /** @type {InputDeviceInfo} */ (camera) : null;
  const { facingMode = [] } = sides?.getCapabilities() ?? {};
  return facingMode.length > 0 || /\b(front|back|rear|environment)\b/i.test(camera.label);
}
