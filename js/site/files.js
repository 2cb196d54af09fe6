// The site's files. Each is a script that hands over a text, because a page that was opened from a
// folder may load scripts and pictures, and nothing else.

import { near } from "./near.js";

const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
/** @type {Map<string, (text: string) => void>} */
const waiting = new Map();
/** @type {Map<string, Promise<any>>} */
const known = new Map();

let isNear = () => {};
/** @type {Promise<void>} */
const aPlotIsNear = new Promise((resolve) => {
  isNear = resolve;
});

globalThis.dannFile = (name, text) => waiting.get(name)?.(text);

/**
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} make
 * @returns {Promise<T>} the same for everybody who asks
 */
function once(name, make) {
  if (!known.has(name)) known.set(name, make());
  return /** @type {Promise<T>} */ (known.get(name));
}

/**
 * @param {string} path from this script
 * @returns {Promise<void>} kept once it has run
 */
function run(path) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(path, here).href;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${path} did not load.`));
    document.head.append(script);
  });
}

/** @param {string} name */
const textOf = (name) =>
  once(name, async () => {
    /** @type {Promise<string>} */
    const text = new Promise((resolve) => waiting.set(name, resolve));
    await run(`widgets/${name}.js`);
    return text;
  });

/** @param {string} text a script */
const addressOf = (text) =>
  URL.createObjectURL(new Blob([text], { type: "text/javascript;charset=utf-8" }));

/** @param {string} name of JSON */
export const json = (name) => once(`${name} read`, async () => JSON.parse(await textOf(name)));

/** @param {string} name of a widget's script */
export const widgetOf = (name) =>
  once(`${name} run`, async () => {
    const { default: widget } = await import(addressOf(await textOf(name)));
    return typeof widget === "function" ? widget() : widget;
  });

/** @param {string} name of a worker's script: each call starts one */
export const workerOf = async (name) => new Worker(addressOf(await textOf(name)));

/** @param {string} name of a style sheet, which comes on the page */
export const addStyle = (name) =>
  once(`${name} added`, async () => {
    const style = document.createElement("style");
    style.textContent = await textOf(name);
    document.head.append(style);
  });

/**
 * Plotly, once a plot is about to be seen: it is five times as large as all else.
 * @returns {Promise<PlotlyLibrary>}
 */
export function plotly() {
  for (const plot of document.querySelectorAll(".dann-plot")) near(plot).then(isNear);
  return once("plotly", async () => {
    await aPlotIsNear;
    await run("plotly.min.js");
    return /** @type {PlotlyLibrary} */ (globalThis.Plotly);
  });
}
