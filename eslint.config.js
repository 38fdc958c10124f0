// ESLint finds mistakes; prettier keeps the shape (package.json). Both plain JavaScript, so the
// lockfile names nothing that a platform could lack.
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["static/vendor/", ".venv/", "artifacts/", ".cache/"] },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  { files: ["static/js/**"], languageOptions: { globals: globals.browser } },
  { files: ["static/js/*worker.js"], languageOptions: { globals: globals.worker } },
  {
    files: ["static/build.mjs", "tests/js/**"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
];
