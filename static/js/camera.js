/**
 * The camera: asks for it, plays it in a video element, lets it go.
 *
 * @typedef {import("./types.js").StateName} StateName
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
 * @param {HTMLVideoElement} video
 * @param {object} options
 * @param {number} options.width wished, in pixels
 * @param {AbortSignal} options.signal lets the camera go, whenever it comes
 * @param {() => void} options.onUnplugged
 */
export async function openCamera(video, { width, signal, onUnplugged }) {
  const obstacle = cameraObstacle();
  if (obstacle) throw new CameraProblem(obstacle);
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: {
      facingMode: "user",
      width: { ideal: width },
      height: { ideal: Math.round(width * 0.75) },
      frameRate: { ideal: 30 },
    },
  });
  const release = () => {
    for (const track of stream.getTracks()) track.stop();
    if (video.srcObject === stream) video.srcObject = null;
  };
  if (signal.aborted) {
    release();
    signal.throwIfAborted();
  }
  signal.addEventListener("abort", release, { once: true });
  for (const track of stream.getVideoTracks()) {
    track.addEventListener("ended", onUnplugged, { signal });
  }
  video.srcObject = stream;
  await video.play();
}
