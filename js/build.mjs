// Builds each widget of src/widgets/ into one file that the Python package ships, and puts Plotly
// beside them: its bundle that has the kinds of pictures which ours are.
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
const entries = path.join(here, "src/widgets");
const target = path.join(here, "../dann_lab/widgets/static");

const plotly = {
  source: path.join(here, "node_modules/plotly.js-cartesian-dist-min/plotly-cartesian.min.js"),
  name: "plotly.min.js",
};

const names = (await readdir(entries)).filter((name) => name.endsWith(".js"));
const options = {
  absWorkingDir: here,
  entryPoints: names.map((name) => path.join(entries, name)),
  outdir: target,
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  banner: { js: "// Built from js/src by `npm run build` in js/: change it there." },
  logLevel: "warning",
};

async function differing() {
  const { outputFiles } = await esbuild.build({ ...options, write: false });
  const committed = (await readdir(target)).filter((name) => name.endsWith(".js"));
  const wrong = committed
    .filter((name) => name !== plotly.name && !names.includes(name))
    .map((name) => `${name} has no source in js/src/widgets`);
  const shipped = {
    path: path.join(target, plotly.name),
    text: await readFile(plotly.source, "utf8"),
  };
  for (const { path: file, text } of [...outputFiles, shipped]) {
    const found = await readFile(file, "utf8").catch(() => null);
    const name = path.basename(file);
    if (found === null) wrong.push(`${name} is missing`);
    else if (found !== text) wrong.push(`${name} is not what js/src gives`);
  }
  return wrong;
}

if (process.argv.includes("--check")) {
  const wrong = await differing();
  if (wrong.length) {
    for (const words of wrong) console.error(`dann_lab/widgets/static: ${words}`);
    console.error("Run `npm run build` in js/ and commit what it writes.");
    process.exit(1);
  }
} else if (process.argv.includes("--watch")) {
  await (await esbuild.context({ ...options, logLevel: "info" })).watch();
} else {
  await esbuild.build(options);
  await copyFile(plotly.source, path.join(target, plotly.name));
}
