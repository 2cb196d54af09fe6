import { showSweep } from "../sweep/view.js";

showSweep(/** @type {HTMLElement} */ (document.querySelector("main")));
