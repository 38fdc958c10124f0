/**
 * Hands on the chart: wheel and pinch zoom, one finger reads, keys do all of it. Dragging with the
 * mouse is uPlot's own.
 *
 * @typedef {object} Moves
 * @property {(factor: number, share: number) => void} zoom around a share (0 to 1) of the width
 * @property {(share: number) => void} pan by a share of what is shown
 * @property {() => void} reset
 * @property {(left: number | null) => void} point pixels from the left of the field
 * @property {(share: number) => void} step the reading point, by a share of the width
 * @property {() => DOMRect | null} field where the line is drawn
 */
const WHEEL = 1.0015;
const STEP = 1 / 60;

/** @param {HTMLElement} box @param {Moves} moves @param {AbortSignal} signal */
export function bindGestures(box, moves, signal) {
  box.addEventListener("wheel", (event) => onWheel(event, box, moves), { signal, passive: false });
  box.addEventListener("keydown", (event) => onKey(event, moves), { signal });
  bindTouch(box, moves, signal);
}

/** @param {number} x @param {Moves} moves */
function shareAt(x, moves) {
  const field = moves.field();
  return field ? Math.min(1, Math.max(0, (x - field.left) / field.width)) : 0.5;
}

/**
 * A pinch on a trackpad comes as a wheel with Ctrl. The bare wheel scrolls the page, unless the
 * chart was chosen before.
 * @param {WheelEvent} event @param {HTMLElement} box @param {Moves} moves
 */
function onWheel(event, box, moves) {
  if (!event.ctrlKey && !event.metaKey && document.activeElement !== box) return;
  event.preventDefault();
  if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    moves.pan(event.deltaX / box.clientWidth);
    return;
  }
  const speed = event.ctrlKey ? 4 : 1;
  moves.zoom(WHEEL ** (speed * event.deltaY), shareAt(event.clientX, moves));
}

/** @param {KeyboardEvent} event @param {Moves} moves */
function onKey(event, moves) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const side = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
  if (side && event.shiftKey) moves.pan(side / 4);
  else if (side) moves.step(side * STEP);
  else if (event.key === "+" || event.key === "=") moves.zoom(0.5, NaN);
  else if (event.key === "-") moves.zoom(2, NaN);
  else if (event.key === "0" || event.key === "Escape") moves.reset();
  else if (event.key === "Home") moves.step(-1);
  else if (event.key === "End") moves.step(1);
  else return;
  event.preventDefault();
}

/** @param {HTMLElement} box @param {Moves} moves @param {AbortSignal} signal */
function bindTouch(box, moves, signal) {
  /** @type {Map<number, number>} finger to its x */
  const fingers = new Map();
  const spread = () => {
    const [a, b] = fingers.values();
    return { width: Math.max(20, Math.abs(a - b)), middle: (a + b) / 2 };
  };
  const point = (/** @type {number} */ x) => moves.point(x - (moves.field()?.left ?? 0));

  const down = (/** @type {PointerEvent} */ event) => {
    if (event.pointerType === "mouse") return;
    fingers.set(event.pointerId, event.clientX);
    if (fingers.size === 1) point(event.clientX);
  };
  const move = (/** @type {PointerEvent} */ event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = fingers.size === 2 ? spread() : null;
    fingers.set(event.pointerId, event.clientX);
    if (!before) return point(event.clientX);
    const after = spread();
    moves.zoom(before.width / after.width, shareAt(after.middle, moves));
    moves.pan((before.middle - after.middle) / box.clientWidth);
  };
  const up = (/** @type {PointerEvent} */ event) => {
    if (fingers.delete(event.pointerId)) moves.point(null);
  };
  box.addEventListener("pointerdown", down, { signal });
  box.addEventListener("pointermove", move, { signal });
  box.addEventListener("pointerup", up, { signal });
  box.addEventListener("pointercancel", up, { signal });
}
