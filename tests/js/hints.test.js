import assert from "node:assert/strict";
import { test } from "node:test";
import { Hints } from "../../static/js/hints.js";
import { Store } from "../../static/js/store.js";

/** Results are `[milliseconds, count]`, ticks `[milliseconds]`; the server is away at `away`. */
const CASES = [
  { name: "a face now and then gives no hint", heard: [[0, 1], [14_000, 1], [28_000]], hint: "" },
  { name: "no face for long is a hint", heard: [[0, 1], [8_000, 0], [15_001]], hint: "no-face" },
  { name: "nothing is said before the first result", heard: [[60_000]], hint: "" },
  { name: "who never had a face hears it, too", heard: [[0, 0], [15_001]], hint: "no-face" },
  { name: "a hint goes after five seconds", heard: [[0, 0], [15_001], [20_002]], hint: "" },
  { name: "back from away", away: true, heard: [[0, 1]], hint: "reconnected" },
  { name: "back is said once", away: true, heard: [[0, 1], [5_001], [5_002, 1]], hint: "" },
  { name: "not while it is leaving", away: true, open: false, heard: [[0, 1]], hint: "" },
];

for (const { name, heard, hint, away = false, open = true } of CASES) {
  test(name, () => {
    const store = new Store(() => {});
    const hints = new Hints(store);
    if (away) hints.away();
    for (const [now, count] of heard) {
      if (count === undefined) hints.tick(now);
      else hints.result(count, open, now);
    }
    assert.equal(store.state.hint, hint);
  });
}
