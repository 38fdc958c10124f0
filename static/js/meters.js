/** What one run measures of itself. */
import { Rate, Recent } from "./measure.js";

export class Meters {
  roundTrips = new Recent(300);
  captureToBoxes = new Recent(300);
  results = new Rate();
  bytes = new Rate();

  /** What the page shows of it. @param {number} now */
  shown(now) {
    return {
      resultsPerSecond: this.results.perSecond(now),
      bytesPerSecond: this.bytes.perSecond(now),
      roundTripMs: this.roundTrips.quantile(0.5),
    };
  }

  /** All of it. @param {number} now */
  stats(now) {
    return {
      ...this.shown(now),
      roundTripMs: summary(this.roundTrips),
      captureToBoxesMs: summary(this.captureToBoxes),
    };
  }
}

/** @param {Recent} recent */
const summary = (recent) => ({
  last: recent.values.at(-1) ?? 0,
  p50: recent.quantile(0.5),
  p95: recent.quantile(0.95),
  samples: recent.values.length,
});
