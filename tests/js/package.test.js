import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";

/** @param {string} name */
const read = (name) => readFile(new URL(`../../${name}`, import.meta.url), "utf8");

describe("the package", () => {
  it("pins every direct dependency exactly", async () => {
    const { dependencies, devDependencies } = JSON.parse(await read("package.json"));
    for (const version of Object.values({ ...dependencies, ...devDependencies })) {
      assert.match(String(version), /^\d+\.\d+\.\d+$/);
    }
  });

  it("has a lockfile that works with any registry", async () => {
    assert.ok(!(await read("package-lock.json")).includes('"resolved"'));
  });
});
