// Builds each widget of src/widgets/ into one file that the Python package ships, and puts Plotly
// beside them: its bundle that has the kinds of pictures which ours are. Builds what the site has
// beside them: the script that draws them there, and the engine that trains in a browser.
//
//   node build.mjs           write the files
//   node build.mjs --check   fail if a committed file is not what the sources give
//   node build.mjs --watch   write them again at every change (with ANYWIDGET_HMR=1 the page follows)

import { copyFile, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const shipped = "dann_lab/widgets/static";
const widgets = (await readdir(path.join(here, "src/widgets"))).filter((n) => n.endsWith(".js"));

const plotly = {
  source: path.join(here, "node_modules/plotly.js-cartesian-dist-min/plotly-cartesian.min.js"),
  name: "plotly.min.js",
};

// A page that was opened from a folder may not load modules: the site's scripts are none.
const builds = [
  {
    folder: shipped,
    sources: "js/src",
    format: "esm",
    entryPoints: Object.fromEntries(widgets.map((n) => [n.slice(0, -3), `src/widgets/${n}`])),
  },
  {
    folder: "website/built",
    sources: "js/site and js/engine",
    format: "iife",
    entryPoints: { widgets: "site/widgets.js", engine: "engine/worker.js" },
  },
];

const inRepository = (folder) => path.join(here, "..", folder);
const optionsOf = ({ folder, sources, ...options }) => ({
  ...options,
  absWorkingDir: here,
  outdir: inRepository(folder),
  bundle: true,
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  banner: { js: `// Built from ${sources} by \`npm run build\` in js/: change it there.` },
  logLevel: "warning",
});

async function differing(build) {
  const { folder } = build;
  const { outputFiles } = await esbuild.build({ ...optionsOf(build), write: false });
  const files = outputFiles.map(({ path: file, text }) => ({ name: path.basename(file), text }));
  if (folder === shipped)
    files.push({ name: plotly.name, text: await readFile(plotly.source, "utf8") });
  const names = new Set(files.map(({ name }) => name));
  const committed = (await readdir(inRepository(folder))).filter((name) => name.endsWith(".js"));
  const wrong = committed
    .filter((name) => !names.has(name))
    .map((name) => `${name} has no source in js/`);
  for (const { name, text } of files) {
    const file = path.join(inRepository(folder), name);
    const found = await readFile(file, "utf8").catch(() => null);
    if (found === null) wrong.push(`${name} is missing`);
    else if (found !== text) wrong.push(`${name} is not what js/ gives`);
  }
  return wrong.map((words) => `${folder}: ${words}`);
}

if (process.argv.includes("--check")) {
  const wrong = (await Promise.all(builds.map(differing))).flat();
  if (wrong.length) {
    for (const words of wrong) console.error(words);
    console.error("Run `npm run build` in js/ and commit what it writes.");
    process.exit(1);
  }
} else if (process.argv.includes("--watch")) {
  for (const build of builds)
    await (await esbuild.context({ ...optionsOf(build), logLevel: "info" })).watch();
} else {
  for (const build of builds) await esbuild.build(optionsOf(build));
  await copyFile(plotly.source, path.join(inRepository(shipped), plotly.name));
}
