// How the scripts of the map are checked: npm run lint, which `make lint-js` calls.
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["pipeline/publish/webmap/bundle/", "pipeline/publish/webmap/vendor/", "**/.venv*/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-shadow": ["error", { builtinGlobals: false, hoist: "all" }],
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      "no-implicit-globals": "error",
      "no-unused-vars": ["error", { args: "after-used", caughtErrors: "none" }],
      "no-use-before-define": ["error", { functions: false, classes: true, variables: false }],
      "no-else-return": "error",
      "no-implied-eval": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Text of anybody's files is never markup: ui/elements.js." },
      ],
      complexity: ["error", 15],
    },
  },
  {
    files: ["pipeline/publish/webmap/js/**"],
    languageOptions: { globals: { ...globals.browser, L: "readonly" } },
  },
  // Imports point one way: data, draw, ui, then tools and deciding beside each other; main.js starts them all.
  ...Object.entries({
    data: ["draw", "ui", "tools", "deciding"],
    draw: ["ui", "tools", "deciding"],
    ui: ["tools", "deciding"],
    tools: ["deciding"],
    deciding: ["tools"],
  }).map(([folder, above]) => ({
    files: [`pipeline/publish/webmap/js/${folder}/**`],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [...above.map((name) => `../${name}/*`), "../main.js"] },
      ],
    },
  })),
  {
    files: ["tools/**", "tests/**"],
    languageOptions: { globals: { ...globals.node, document: "readonly", location: "writable" } },
  },
];
