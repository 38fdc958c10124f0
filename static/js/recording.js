/**
 * “Record counts”: its dialog, and what its button says.
 *
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./wishes.js").Wishes} Wishes
 */
import { part, write } from "./dom.js";
import { language, say } from "./language.js";

export class RecordingDialog {
  /** @param {{dialog: HTMLElement, opener: HTMLElement, wishes: Wishes}} options */
  constructor({ dialog, opener, wishes }) {
    this.opener = opener;
    this.said = part(dialog, "#recording-said", HTMLElement);
    this.button = part(dialog, "#record", HTMLButtonElement);
    this.name = part(dialog, "#stream-name", HTMLInputElement);
    this.clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
    this.name.value = wishes.kept.name;
    this.name.addEventListener("change", () => wishes.rename(this.name.value.trim()));
    this.button.addEventListener("click", () =>
      wishes.record(!wishes.kept.recording, this.name.value.trim()),
    );
  }

  /** @param {Readonly<AppState>} state */
  render(state) {
    const { recording, recordingSince, recordingProblem } = state;
    const since = recordingSince ? this.clock.format(recordingSince) : "";
    const normal = recording
      ? since
        ? say.recording.on(since)
        : say.recording.waiting
      : say.recording.off;
    write(this.said, recordingProblem ? say.recording[recordingProblem] : normal);
    write(this.button, recording ? say.recording.end : say.recording.begin);
    this.button.classList.toggle("primary", !recording);
    this.opener.dataset.on = `${recording}`;
  }
}
