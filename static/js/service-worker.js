/**
 * Makes the page installable, and shows a page of its own where the server cannot be reached.
 * It keeps that one page and what it is drawn with, nothing else: pages, counts and pictures
 * always come from the server and are kept by nobody.
 */
const KEPT = "offline-1";
const OFFLINE = "/offline";
const PARTS = [OFFLINE, "/static/css/base.css", "/static/css/nav.css", "/static/icons/logo.svg"];

const worker = /** @type {any} */ (globalThis);

worker.addEventListener("install", (/** @type {any} */ event) => {
  // The newest, past the browser's own cache.
  const parts = PARTS.map((part) => new Request(part, { cache: "reload" }));
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(parts)));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  const old = (/** @type {string[]} */ names) => names.filter((name) => name !== KEPT);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))),
  );
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (PARTS.includes(new URL(request.url).pathname) && request.method === "GET") {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});

// A notification leads back to the page that counts.
worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  const pages = worker.clients.matchAll({ type: "window" });
  event.waitUntil(
    pages.then((/** @type {any[]} */ all) =>
      all.find(({ url }) => new URL(url).pathname === "/")?.focus(),
    ),
  );
});
