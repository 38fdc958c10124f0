/**
 * uPlot, dressed: a stepped line over time, a band from lowest to highest where minutes are shown,
 * and marks. It draws what it is given; chart.js decides what that is.
 *
 * @typedef {import("uplot")} UPlot
 * @typedef {import("./chart-series.js").Columns} Columns
 * @typedef {import("./history.js").Mark} Mark
 * @typedef {{table: Columns, range: [number, number], marks: readonly Mark[], band: boolean}} Shown
 * @typedef {object} Handlers
 * @property {(from: number, to: number) => void} onSelect
 * @property {() => void} onReset
 * @property {(left: number | null) => void} onCursor pixels from the left, null when it left
 */
import { scaleTop } from "./chart-series.js";

const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
const HALF_LABEL_PX = 26;
const FONT = "12px system-ui, sans-serif";

/** @param {Element} element */
function colours(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name) => style.getPropertyValue(`--chart-${name}`).trim();
  return {
    line: read("line"),
    fill: read("fill"),
    band: read("band"),
    grid: read("grid"),
    text: read("text"),
    mark: read("mark"),
  };
}

/**
 * @param {number} from @param {number} to
 * @returns {Intl.DateTimeFormatOptions}
 */
export function clock(from, to) {
  const short = to - from <= 15 * 60_000;
  return {
    hourCycle: "h23",
    hour: "2-digit",
    minute: "2-digit",
    ...(short ? { second: "2-digit" } : {}),
  };
}

/**
 * @param {typeof import("uplot")} uPlot @param {HTMLElement} box @param {Shown} shown
 * @param {Handlers} handlers
 */
export function createPlot(uPlot, box, shown, handlers) {
  let drawn = shown;
  let ink = colours(box);
  const stepped = /** @type {NonNullable<typeof uPlot.paths.stepped>} */ (uPlot.paths.stepped);
  const edge = { stroke: "transparent", width: 0, paths: stepped({ align: 1 }), points: HIDDEN };

  const plot = new uPlot(
    {
      width: box.clientWidth,
      height: box.clientHeight,
      ms: 1,
      padding: [10, 0, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: HIDDEN,
        drag: { x: true, y: false, setScale: false },
        bind: { dblclick: () => () => (handlers.onReset(), null) },
      },
      scales: {
        x: { time: true, range: () => drawn.range },
        y: { range: () => [0, scaleTop(drawn.band ? drawn.table[2] : drawn.table[1])] },
      },
      axes: [timeAxis(() => ink), countAxis(() => ink)],
      series: [
        {},
        {
          stroke: () => ink.line,
          fill: () => (drawn.band ? "transparent" : ink.fill),
          width: 2,
          paths: stepped({ align: 1 }),
          points: HIDDEN,
        },
        edge,
        edge,
      ],
      bands: [{ series: [2, 3], fill: () => ink.band }],
      hooks: {
        draw: [(u) => drawMarks(u, drawn.marks, ink.mark)],
        setCursor: [(u) => handlers.onCursor(cursorLeft(u))],
        setSelect: [
          (u) => {
            const { left, width } = u.select;
            if (width < 4) return;
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            handlers.onSelect(u.posToVal(left, "x"), u.posToVal(left + width, "x"));
          },
        ],
      },
    },
    shown.table,
    box,
  );

  return {
    plot,
    /** @param {Shown} next */
    draw(next) {
      drawn = next;
      ink = colours(box);
      plot.setData(next.table);
    },
  };
}

/** @typedef {ReturnType<typeof createPlot>} Plot */

const HIDDEN = { show: false };

/** @param {UPlot} u */
function cursorLeft(u) {
  const left = u.cursor.left ?? -1;
  return left >= 0 ? left : null;
}

/** @param {() => ReturnType<typeof colours>} ink @returns {import("uplot").Axis} */
function timeAxis(ink) {
  return {
    font: FONT,
    stroke: () => ink().text,
    size: 30,
    gap: 8,
    space: 92,
    grid: { show: false },
    ticks: { show: false },
    values: (u, splits) => {
      const { min = 0, max = 0 } = u.scales.x;
      const { lang } = document.documentElement;
      const format = new Intl.DateTimeFormat(lang, clock(min, max));
      // A label that the left edge would cut is left out.
      const fits = (/** @type {number} */ at) => u.valToPos(at, "x") >= HALF_LABEL_PX;
      return splits.map((moment) => (fits(moment) ? format.format(moment) : ""));
    },
  };
}

/** @param {() => ReturnType<typeof colours>} ink @returns {import("uplot").Axis} */
function countAxis(ink) {
  return {
    side: 1,
    font: FONT,
    stroke: () => ink().text,
    size: 34,
    gap: 10,
    space: 28,
    incrs: WHOLE_STEPS,
    grid: { stroke: () => ink().grid, width: 1 },
    ticks: { show: false },
    border: { show: false },
  };
}

/** @param {UPlot} u @param {readonly Mark[]} marks @param {string} colour */
function drawMarks(u, marks, colour) {
  const { left, top, width, height } = u.bbox;
  const unit = devicePixelRatio;
  const { ctx } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, 0, width, top + height);
  ctx.clip();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = unit;
  for (const { at } of marks) {
    const x = u.valToPos(at, "x", true);
    ctx.setLineDash([3 * unit, 3 * unit]);
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x - 5 * unit, top - 9 * unit);
    ctx.lineTo(x + 5 * unit, top - 9 * unit);
    ctx.lineTo(x, top);
    ctx.fill();
  }
  ctx.restore();
}
