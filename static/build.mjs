// Copies the browser libraries out of node_modules into static/vendor/, which git ignores.
// The pages name them in an import map: no bundler, no CDN.
import { copyFile, mkdir } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

const LIBRARIES = [
  "socket.io-client/dist/socket.io.esm.min.js",
  "uplot/dist/uPlot.esm.js",
  "uplot/dist/uPlot.min.css",
];

const modules = new URL("../node_modules/", import.meta.url);
const vendor = new URL("vendor/", import.meta.url);

await mkdir(vendor, { recursive: true });
for (const library of LIBRARIES) {
  await copyFile(new URL(library, modules), new URL(basename(library), vendor));
  process.stdout.write(`${fileURLToPath(vendor)}${basename(library)}\n`);
}
