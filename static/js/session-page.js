/** The page of one session: its chart over the stored counts, rename and delete in place. */
import { Chart } from "./chart.js";
import { byId } from "./dom.js";
import { bindRename, deleteSession, localSpans } from "./session-card.js";
import { sessionWords } from "./sessions-words.js";
import { storedHistory } from "./stored-history.js";

/** Longer sessions are fetched by the minute: a sample a second would be megabytes. */
const SAMPLES_UP_TO_MS = 4 * 3_600_000;
const CONFIRM_MS = 4_000;

const words = sessionWords();
const root = /** @type {HTMLElement} */ (document.querySelector(".session"));
const title = /** @type {HTMLElement} */ (document.querySelector("h1"));

/** @param {string} sentence */
function complain(sentence) {
  byId("problem").textContent = sentence;
  byId("problem").hidden = sentence === "";
}

/** @param {string} name */
function showName(name) {
  title.textContent = name;
  document.title = `${name} · streamapp`;
  root.querySelector(".delete button")?.setAttribute("aria-label", words.deleteName(name));
}

function lengthMs() {
  const { from = "", to = "" } = /** @type {HTMLElement} */ (root.querySelector(".when")).dataset;
  return (to ? Date.parse(to) : Date.now()) - Date.parse(from);
}

async function showChart() {
  const figure = byId("chart");
  const url = new URL(figure.dataset.counts ?? "", location.href);
  if (lengthMs() > SAMPLES_UP_TO_MS) url.searchParams.set("per", "minute");
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok) return complain(words.noCounts);
  const history = storedHistory(await answer.json());
  const chart = new Chart(figure, history, {
    now: () => history.last || Date.now(),
    ranges: ["all"],
  });
  chart.render();
  window.streamapp = Object.freeze({ chart: () => chart.shown() });
}

localSpans(document);

bindRename(root, {
  idOf: () => root.dataset.id,
  complain,
  onRenamed: (_form, name) => {
    showName(name || words.unnamed);
    byId("status").textContent = words.renamed(name || words.unnamed);
  },
});

// Once to ask, once more to do it: there is no list here in which it could come back.
root.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLElement} */ (event.target);
  const button = form.querySelector("button");
  if (!form.matches(".delete") || !button) return;
  event.preventDefault();
  if (!button.dataset.sure) {
    const label = button.textContent;
    const spoken = button.getAttribute("aria-label") ?? "";
    button.dataset.sure = "yes";
    button.textContent = words.sure;
    button.setAttribute("aria-label", words.sure);
    setTimeout(() => {
      delete button.dataset.sure;
      button.textContent = label;
      button.setAttribute("aria-label", spoken);
    }, CONFIRM_MS);
  } else if (await deleteSession(root.dataset.id ?? "")) {
    location.assign("/sessions");
  } else {
    complain(words.notDeleted);
  }
});

showChart();
