/**
 * One state object, and who wants to know when it changes. Changes of one moment are shown
 * together, once, before the next repaint.
 *
 * @typedef {import("./types.js").AppState} AppState
 */

/** What begins anew with every run. */
export function fresh() {
  return {
    /** @type {AppState["name"]} */
    name: "idle",
    retryAt: 0,
    count: 0,
    peak: 0,
    tracksSeen: 0,
    average: NaN,
    startedAt: 0,
    /** @type {AppState["hint"]} */
    hint: "",
    hintUntil: 0,
    alert: "",
    /** @type {AppState["faces"]} */
    faces: [],
    results: 0,
    resultsPerSecond: 0,
    roundTripMs: 0,
    bytesPerSecond: 0,
    skipped: 0,
    frameWidth: 0,
    frameHeight: 0,
    level: 0,
    serverSaving: false,
    transport: "",
  };
}

/** @returns {AppState} */
export function defaults() {
  return {
    ...fresh(),
    source: "camera",
    deviceId: "",
    front: true,
    mirrored: false,
    streamName: "",
    recording: false,
    recordingId: "",
    recordingSince: 0,
    recordingProblem: "",
    shareUrl: "",
    sharingProblem: false,
  };
}

export class Store {
  /** @param {(redraw: () => void) => void} schedule */
  constructor(schedule = (redraw) => requestAnimationFrame(redraw)) {
    this.state = defaults();
    this.schedule = schedule;
    this.scheduled = false;
    /** @type {((state: AppState) => void)[]} */
    this.renderers = [];
  }

  /** @param {(state: AppState) => void} render */
  subscribe(render) {
    this.renderers.push(render);
    render(this.state);
  }

  /** @param {Partial<AppState>} patch */
  update(patch) {
    Object.assign(this.state, patch);
    if (this.scheduled) return;
    this.scheduled = true;
    this.schedule(() => {
      this.scheduled = false;
      for (const render of this.renderers) render(this.state);
    });
  }
}
