// Bundles the modules of the map (pipeline/publish/webmap/js) into the one script that a page has in it.
// node tools/bundle.mjs: writes it. node tools/bundle.mjs --check: fails where the one in the repository is another.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const folder = path.join(import.meta.dirname, "..", "pipeline", "publish", "webmap");
const bundle = path.join(folder, "bundle", "map.js");

// By this line a test without node sees whether the bundle is that of the modules beside it.
const modules = readdirSync(path.join(folder, "js"), { recursive: true })
  .filter((name) => name.endsWith(".js"))
  .map((name) => `js/${name.replaceAll(path.sep, "/")}`)
  .sort();
const hash = createHash("sha256");
for (const name of modules) hash.update(`${name}\n${readFileSync(path.join(folder, name), "utf8")}\n`);

const { outputFiles } = await build({
  absWorkingDir: folder,
  entryPoints: ["js/main.js"],
  bundle: true,
  format: "iife",
  globalName: "PM",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  write: false,
});
const text = `// Made by \`make bundle\` from js/, which is where to change it. Modules: ${hash.digest("hex")}\n${outputFiles[0].text}`;

if (!process.argv.includes("--check")) writeFileSync(bundle, text);
else if (readFileSync(bundle, "utf8") !== text) {
  console.error("pipeline/publish/webmap/bundle/map.js is not what its modules bundle to: make bundle");
  process.exit(1);
}
