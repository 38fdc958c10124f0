// Copies the browser libraries out of node_modules into static/vendor/, which git ignores.
// The pages name them in an import map: no bundler, no CDN.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

const LIBRARIES = ["socket.io-client/dist/socket.io.esm.min.js", "uplot/dist/uPlot.min.css"];

const modules = new URL("../node_modules/", import.meta.url);
const vendor = new URL("vendor/", import.meta.url);

await mkdir(vendor, { recursive: true });
for (const library of LIBRARIES) {
  await copyFile(new URL(library, modules), new URL(basename(library), vendor));
  process.stdout.write(`${fileURLToPath(vendor)}${basename(library)}\n`);
}

// uPlot comes small only as a classic script; one line makes it a module, a third of the size.
const classic = await readFile(new URL("uplot/dist/uPlot.iife.min.js", modules), "utf8");
await writeFile(new URL("uPlot.esm.js", vendor), `${classic}\nexport default uPlot;\n`);
