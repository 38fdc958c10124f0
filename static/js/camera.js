/**
 * Where pictures come from: a camera, a screen or window, or a video file. Each is played in the
 * page's video element and let go by its signal.
 *
 * @typedef {import("./types.js").Opened} Opened
 * @typedef {import("./types.js").Source} Source
 * @typedef {import("./types.js").StateName} StateName
 * @typedef {{width: number, signal: AbortSignal, onEnded: (state: StateName) => void}} Options
 *   width: wished, in pixels; onEnded: it ended by itself, and what the page then is
 */

/** Why there is no picture, as the state the page shows for it. */
export class CameraProblem extends Error {
  /** @param {StateName} state @param {unknown} [cause] */
  constructor(state, cause) {
    super(state, { cause });
    this.state = state;
  }
}

/**
 * What can be said before asking: null if the camera can be asked for. Browsers hide the devices
 * from pages that are neither on https nor on localhost.
 * @returns {StateName | null}
 */
export function cameraObstacle() {
  return globalThis.isSecureContext && navigator.mediaDevices ? null : "insecure";
}

export const canShowScreen = () => Boolean(navigator.mediaDevices?.getDisplayMedia);

/**
 * The names are those of getUserMedia in the Media Capture and Streams specification.
 * @param {unknown} error
 * @returns {StateName}
 */
export function problemOf(error) {
  if (error instanceof CameraProblem) return error.state;
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "no-camera";
    case "NotReadableError":
    case "AbortError":
      return "in-use";
    default:
      return "failed";
  }
}

/**
 * Opens `source` in `video`, in place of what is played there. Rejects with what `problemOf`
 * understands, and then leaves the video as it was.
 * @param {HTMLVideoElement} video
 * @param {Source} source
 * @param {Options} options
 * @returns {Promise<Opened>}
 */
export function openSource(video, source, options) {
  if (source.kind === "file") return openFile(video, source, options);
  const asked = source.kind === "screen" ? askForScreen() : askForCamera(source, options.width);
  return asked.then((stream) => play(video, stream, source, options));
}

/** @param {Extract<Source, {kind: "camera"}>} source @param {number} width */
async function askForCamera({ deviceId, facing = "user" }, width) {
  const obstacle = cameraObstacle();
  if (obstacle) throw new CameraProblem(obstacle);
  const ask = (/** @type {MediaTrackConstraints} */ which) =>
    navigator.mediaDevices.getUserMedia({
      audio: false,
      video: {
        ...which,
        width: { ideal: width },
        height: { ideal: Math.round(width * 0.75) },
        frameRate: { ideal: 30 },
        // Otherwise Chromium cuts the top and bottom off a picture that is higher than wide.
        ...{ resizeMode: { ideal: "none" } },
      },
    });
  if (!deviceId) return ask({ facingMode: facing });
  try {
    return await ask({ deviceId: { exact: deviceId } });
  } catch (error) {
    // A camera that was remembered and is gone does not keep the person from having another.
    if (!(error instanceof Error) || error.name !== "OverconstrainedError") throw error;
    return ask({ facingMode: facing });
  }
}

async function askForScreen() {
  if (!canShowScreen()) throw new CameraProblem("unshared");
  try {
    return await navigator.mediaDevices.getDisplayMedia({
      audio: false,
      video: { frameRate: { ideal: 15 } },
    });
  } catch (error) {
    throw new CameraProblem("unshared", error); // not chosen: not worth an explanation of its own
  }
}

/**
 * @param {HTMLVideoElement} video
 * @param {MediaStream} stream
 * @param {Source} source
 * @param {Options} options
 * @returns {Promise<Opened>}
 */
async function play(video, stream, source, { signal, onEnded }) {
  const release = () => {
    for (const track of stream.getTracks()) track.stop();
    if (video.srcObject === stream) video.srcObject = null;
  };
  if (signal.aborted) {
    release();
    signal.throwIfAborted();
  }
  signal.addEventListener("abort", release, { once: true });
  const [track] = stream.getVideoTracks();
  const gone = source.kind === "screen" ? "unshared" : "unplugged";
  track.addEventListener("ended", () => onEnded(gone), { signal });
  video.srcObject = stream;
  await video.play();
  const { deviceId = "", facingMode } = track.getSettings();
  return { source, deviceId, front: source.kind === "camera" && isFront(facingMode, track.label) };
}

/**
 * A camera that tells nothing about itself sits on a screen and looks at whoever reads it.
 * @param {string | undefined} facingMode @param {string} label
 */
export function isFront(facingMode, label) {
  return facingMode ? facingMode === "user" : !/\b(back|rear|environment)\b/i.test(label);
}

/**
 * @param {HTMLVideoElement} video
 * @param {Extract<Source, {kind: "file"}>} source
 * @param {Options} options
 * @returns {Promise<Opened>}
 */
async function openFile(video, source, { signal, onEnded }) {
  const url = URL.createObjectURL(source.file);
  signal.addEventListener(
    "abort",
    () => {
      if (video.src === url) {
        source.at = video.ended ? 0 : video.currentTime; // to go on from there after a pause
        video.removeAttribute("src");
        video.load();
      }
      URL.revokeObjectURL(url);
    },
    { once: true },
  );
  video.srcObject = null;
  video.src = url;
  video.currentTime = source.at;
  video.addEventListener("ended", () => onEnded("ended"), { signal });
  try {
    await video.play();
  } catch (error) {
    if (signal.aborted) throw error;
    throw new CameraProblem("bad-file", error);
  }
  if (video.videoWidth === 0) throw new CameraProblem("bad-file"); // sound alone
  return { source, deviceId: "", front: false };
}
