/**
 * What is asked of the server beside counting: engine, recording, sharing. Kept for the tab, so
 * that after a lost line, a restart of the server or a reload the same session and the same link
 * go on; told to every new connection.
 *
 * @typedef {import("./connection.js").Connection} Connection
 * @typedef {import("./settings.js").Values} Values
 * @typedef {import("./store.js").Store} Store
 * @typedef {{name: string, recording: boolean, session: string | null, token: string | null}} Kept
 */

const KEY = "streamapp-run";
/** @type {Kept} */
const NOTHING = { name: "", recording: false, session: null, token: null };

export class Wishes {
  /**
   * @param {object} options
   * @param {Store} options.store
   * @param {() => Readonly<Values>} options.values
   * @param {Pick<Storage, "getItem" | "setItem">} options.storage of the tab
   */
  constructor({ store, values, storage }) {
    this.store = store;
    this.values = values;
    this.storage = storage;
    this.kept = { ...NOTHING, ...read(storage) };
    /** @type {Connection | null} */
    this.connection = null;
    this.#show();
  }

  /** The line is there, for the first time or again. @param {Connection} connection */
  async connected(connection) {
    this.connection = connection;
    const { detector, minFace, blur } = this.values();
    const { name, recording, session, token } = this.kept;
    const engine = { ...(detector && { detector }), min_face: minFace, blur };
    // The engine on its own: what it is refused for must not cost the recording.
    await connection.request("configure", engine);
    if (name || recording) {
      await this.#configure({ name, ...(recording && { recording, ...(session && { session }) }) });
    }
    if (token) await this.#share({ on: true, token });
  }

  disconnected() {
    this.connection = null;
  }

  /** Settings have changed. @param {Partial<Values>} changed */
  changed({ detector, minFace, blur }) {
    const told = {
      ...(detector && { detector }),
      ...(minFace !== undefined && { min_face: minFace }),
      ...(blur !== undefined && { blur }),
    };
    if (Object.keys(told).length) this.connection?.request("configure", told);
  }

  /** @param {boolean} recording @param {string} name */
  async record(recording, name) {
    this.#keep({ recording, name, ...(recording ? {} : { session: null }) });
    this.store.update({ recordingProblem: "" });
    await this.#configure({ recording, name });
  }

  /** @param {string} name */
  async rename(name) {
    this.#keep({ name });
    await this.#configure({ name });
  }

  /** @param {boolean} on */
  async share(on) {
    this.store.update({ sharingProblem: false });
    await this.#share({ on });
  }

  /** The person has stopped the run: its recording ends with it. The link waits for the next. */
  stopped() {
    if (this.kept.recording) this.connection?.tell("configure", { recording: false });
    this.#keep({ recording: false, session: null });
    this.connection = null;
  }

  /** The server has ended the recording. @param {{reason?: string}} content */
  lost({ reason }) {
    this.#keep({ recording: false, session: null });
    this.store.update({ recordingProblem: reason === "deleted" ? "deleted" : "taken_over" });
  }

  /** @param {Record<string, unknown>} options */
  async #configure(options) {
    const answer = await this.connection?.request("configure", options);
    if (!answer) return; // nobody there: the next connection is told
    if (answer.error) {
      const gone = answer.error.code === "not_found";
      // A session that is no more: what is to be kept goes into a new one.
      if (gone && options.session) {
        this.#keep({ session: null });
        await this.#configure({ recording: true, name: this.kept.name });
        return;
      }
      this.store.update({ recordingProblem: "failed" });
      this.#keep({ recording: this.kept.session !== null });
      return;
    }
    const { session } = answer;
    this.store.update({ recordingSince: session ? Date.parse(session.started_at) : 0 });
    this.#keep({ session: session?.id ?? null, name: session?.name ?? this.kept.name });
  }

  /** @param {{on: boolean, token?: string}} options */
  async #share(options) {
    const answer = await this.connection?.request("share", options);
    if (!answer) return;
    if (answer.error) {
      const gone = options.token && answer.error.code === "not_found";
      if (gone) this.#keep({ token: null });
      this.store.update({ sharingProblem: true });
      return;
    }
    this.#keep({ token: answer.token });
  }

  /** @param {Partial<Kept>} patch */
  #keep(patch) {
    Object.assign(this.kept, patch);
    try {
      this.storage.setItem(KEY, JSON.stringify(this.kept));
    } catch {
      // Without the tab's storage all goes on until the page is closed.
    }
    this.#show();
  }

  #show() {
    const { name, recording, session, token } = this.kept;
    this.store.update({
      streamName: name,
      recording,
      recordingId: session ?? "",
      shareUrl: token ? `/watch/${token}` : "",
      ...(recording ? {} : { recordingSince: 0 }),
    });
  }
}

/** @param {Pick<Storage, "getItem">} storage @returns {Partial<Kept>} */
function read(storage) {
  try {
    return JSON.parse(storage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}
