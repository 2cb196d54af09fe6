// The playground on a page without Python, for tests/browser/test_engine_page.py.

import { createModel } from "../../engine/model.js";
import { render } from "../../src/playground/widget.js";

const choices = await (await fetch("choices.json")).json();
render({ model: createModel(new Worker("worker.js"), choices), el: document.body });
