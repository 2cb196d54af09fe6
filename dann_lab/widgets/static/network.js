// Built from js/src by `npm run build` in js/: change it there.

// src/shared/elements.js
function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, String(value));
  }
  node.append(...children.filter((child) => child != null).map(asNode));
  return node;
}
var asNode = (child) => typeof child === "number" ? String(child) : child;
var uniqueName = () => Math.random().toString(36).slice(2);

// src/shared/theme.js
var systemDark = () => matchMedia("(prefers-color-scheme: dark)");
function isDark() {
  if (globalThis.google?.colab) return document.querySelector("[theme=dark]") !== null;
  const lab = document.body.dataset.jpThemeLight;
  return lab === void 0 ? systemDark().matches : lab === "false";
}
function onThemeChange(react) {
  const observer = new MutationObserver(react);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  const system = systemDark();
  system.addEventListener("change", react);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", react);
  };
}
var showTheme = (root) => root.classList.toggle("dann-dark", isDark());
function followTheme(root, changed = () => {
}) {
  showTheme(root);
  return onThemeChange(() => {
    showTheme(root);
    changed();
  });
}

// src/shared/words.js
var written = (number) => number.toLocaleString("en");
var stepOf = (step, steps) => `Step ${written(step)} of ${written(steps)}`;
var lambdaWritten = (lambda, digits = 2) => lambda < 100 ? lambda.toFixed(digits) : written(Math.round(lambda));

// src/dashboard/allowed.js
var adapts = ({ settings }) => settings.mode === "dann";

// src/dashboard/words.js
var NETWORK = "The network";
var STEP_SLIDER = "The step that the diagram shows";
var NETWORK_KEYS = {
  forward: "forward",
  back: "gradient, coming back",
  push: "the domain side's push, as wide as lambda"
};
var NORMS = { gradient: "gradient", reversed: "reversed", times: "scaled" };
function twoDigits(number) {
  if (Math.abs(number) >= 100) return written(Math.round(number));
  return number === 0 ? "0" : number.toPrecision(2);
}
var orDash = (number) => number === null ? "–" : twoDigits(number);
var norm = (what, value) => `${NORMS[what]} ${orDash(value)}`;
var distanceOf = ({ method }) => `${method.toUpperCase()}'s distance`;
function boxes(side, settings, network, factor) {
  const seen = { dann: "source, target", source: "source only", target: "target only" };
  const loss = orDash(network.domain_loss);
  const conditioned = settings.method.startsWith("cdan");
  const sides = {
    classifier: {
      reversal: ["Reversal layer", factor === null ? "× −lambda" : `× −${factor}`],
      classifier: ["Domain classifier", conditioned ? "sees classes too" : "source or target?"],
      domainLoss: ["Domain loss", loss]
    },
    distance: {
      reversal: ["No reversal", factor === null ? "× lambda" : `× ${factor}`],
      classifier: ["No classifier", distanceOf(settings)],
      domainLoss: ["Distance", loss]
    },
    none: {
      reversal: ["No reversal", "in this mode"],
      classifier: ["No classifier", "in this mode"],
      domainLoss: ["No loss", "–"]
    }
  };
  return {
    extractor: ["Feature extractor", seen[settings.mode]],
    predictor: ["Label predictor", "which class?"],
    labelLoss: ["Label loss", orDash(network.label_loss)],
    ...sides[side]
  };
}
function networkSentence({ network, settings, at }, factor) {
  const { side } = network;
  const classes = settings.method.startsWith("cdan") && side === "classifier" ? SEES_CLASSES : "";
  if (!at) return BEFORE_STEPS[side] + classes;
  const [label, domain] = [orDash(network.label_loss), orDash(network.domain_loss)];
  const [back, before, after] = [
    network.label_gradient,
    network.domain_gradient_before,
    network.domain_gradient_after
  ].map(orDash);
  const step = `Step ${written(at)}. Forward: label loss ${label}`;
  const learnt = `Back at the features: label gradient ${back}`;
  return {
    classifier: `${step}, domain loss ${domain}. ${learnt}; domain gradient ${before}, turned round, times lambda ${factor}: ${after}.${classes}`,
    distance: `${step}, ${distanceOf(settings)} ${domain}. ${learnt}; gradient of the distance ${before}, times lambda ${factor}, not turned round: ${after}. There is no domain classifier.`,
    none: `${step}. ${learnt}. In this mode there is no domain side: nothing is reversed.`
  }[side];
}
var SEES_CLASSES = " The domain classifier sees the class probabilities too.";
var BEFORE_STEPS = {
  classifier: "No step yet. What comes back from the domain classifier is turned round in the reversal layer and taken lambda times.",
  distance: "No step yet. What comes back from the distance of the domains is taken lambda times, and nothing is turned round: there is no domain classifier, and no reversal layer.",
  none: "No step yet. In this mode there is no domain side: nothing is reversed."
};

// src/dashboard/diagram.js
var STACKED = 640;
var WIDEST = 18;
var APART = 8;
var HEAD = 11;
var layoutFor = (width) => width < STACKED ? stacked(Math.max(width, 250)) : wide(width);
function wide(width) {
  const scale = Math.min(1.3, width / 640);
  const [extractor, reversal, head, loss, short] = [114, 116, 124, 92, 26].map((x) => x * scale);
  const gap = (width - extractor - reversal - head - short - loss) / 2;
  const [top, bottom, height, total] = [1, 70, 40, 128];
  const lefts = {
    reversal: extractor + gap,
    head: extractor + gap + reversal + gap,
    loss: width - loss
  };
  const boxes2 = {
    extractor: { x: 1, y: top, width: extractor - 1, height: bottom + height - top },
    predictor: { x: lefts.head, y: top, width: head, height },
    labelLoss: { x: lefts.loss, y: top, width: loss - 1, height },
    reversal: { x: lefts.reversal, y: bottom, width: reversal, height },
    classifier: { x: lefts.head, y: bottom, width: head, height },
    domainLoss: { x: lefts.loss, y: bottom, width: loss - 1, height }
  };
  const pair = (left, right, y) => {
    const [a, b] = [left.x + left.width + 2, right.x - 2];
    return [
      { from: [a, y - APART], to: [b, y - APART] },
      { from: [b, y + APART], to: [a, y + APART] }
    ];
  };
  const [upper, lower] = [top + height / 2, bottom + height / 2];
  const { arrows, below } = paired(boxes2, pair, [upper, lower]);
  return {
    ...{ width, height: total, boxes: boxes2, arrows },
    norms: {
      label: { at: [below(arrows.label)[0], upper + 34], anchor: "middle" },
      domain: { at: [below(arrows.domain)[0], lower + 34], anchor: "middle" },
      push: { at: [below(arrows.push)[0], lower + 34], anchor: "middle" }
    }
  };
}
function paired(boxes2, pair, [labels, domains]) {
  const { extractor, predictor, labelLoss, reversal, classifier, domainLoss } = boxes2;
  const [toPredictor, label] = pair(extractor, predictor, labels);
  const [toLabelLoss, fromLabelLoss] = pair(predictor, labelLoss, labels);
  const [toReversal, push] = pair(extractor, reversal, domains);
  const [toClassifier, domain] = pair(reversal, classifier, domains);
  const [toDomainLoss, fromDomainLoss] = pair(classifier, domainLoss, domains);
  const forward = { toPredictor, toLabelLoss, toReversal, toClassifier, toDomainLoss };
  const below = ({ from, to }) => [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  return { arrows: { ...forward, fromLabelLoss, label, fromDomainLoss, domain, push }, below };
}
function stacked(width) {
  const [height, gap, short] = [36, 40, 24];
  const half = width / 2;
  const rows = [1, 1 + height + gap, 1 + 2 * (height + gap)];
  const lowest = rows[2] + height + short;
  const box = (x, y) => ({ x, y, width: half - 6, height });
  const [left, right] = [1, half + 5];
  const boxes2 = {
    extractor: { x: 1, y: rows[0], width: width - 2, height },
    predictor: box(left, rows[2]),
    labelLoss: box(left, lowest),
    reversal: box(right, rows[1]),
    classifier: box(right, rows[2]),
    domainLoss: box(right, lowest)
  };
  const pair = (above, under, x) => {
    const [a, b] = [above.y + above.height + 2, under.y - 2];
    return [
      { from: [x - APART, a], to: [x - APART, b] },
      { from: [x + APART + 4, b], to: [x + APART + 4, a] }
    ];
  };
  const { arrows, below } = paired(boxes2, pair, [left + 24, right + 24]);
  const beside = (arrow) => ({
    at: [arrow.from[0] + WIDEST / 2 + 8, below(arrow)[1] + 4],
    anchor: "start"
  });
  return {
    ...{ width, height: lowest + height + 1, boxes: boxes2, arrows },
    norms: {
      label: beside(arrows.label),
      domain: beside(arrows.domain),
      push: beside(arrows.push)
    }
  };
}
function arrowPaths({ from, to }) {
  const { along, across } = directions({ from, to });
  const neck = moved(to, along, -HEAD);
  const corners = [to, moved(neck, across, HEAD / 2 - 1), moved(neck, across, 1 - HEAD / 2)];
  return { line: `M${from}L${neck}`, head: `M${corners.join("L")}Z` };
}
function broadPath({ from, to }, width) {
  const { along, across } = directions({ from, to });
  const [half, wing] = [width / 2, width / 2 + 4];
  const neck = moved(to, along, -HEAD - width / 4);
  const corners = [
    moved(from, across, half),
    moved(neck, across, half),
    moved(neck, across, wing),
    to,
    moved(neck, across, -wing),
    moved(neck, across, -half),
    moved(from, across, -half)
  ];
  return `M${corners.join("L")}Z`;
}
function directions({ from, to }) {
  const [x, y] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(x, y);
  return { along: [x / length, y / length], across: [-y / length, x / length] };
}
var moved = ([x, y], [dx, dy], far) => [x + far * dx, y + far * dy];
var widthOf = (applied = 0, greatest) => WIDEST * Math.min(1, Math.max(0, applied) / greatest);
function shownIn(state, greatest) {
  const { network, settings, applied } = state;
  const { side } = network;
  const there = side !== "none";
  const known = applied !== void 0 && adapts(state);
  const factor = known ? lambdaWritten(applied) : null;
  return {
    side,
    boxes: boxes(side, settings, network, factor),
    norms: {
      label: norm("gradient", network.label_gradient),
      domain: there ? norm("gradient", network.domain_gradient_before) : "",
      push: there ? norm(PUSHES[side], network.domain_gradient_after) : ""
    },
    width: there ? widthOf(applied, greatest) : 0,
    sentence: networkSentence(state, factor)
  };
}
var PUSHES = { classifier: "reversed", distance: "times" };

// src/dashboard/network.js
function createNetwork({ choices }) {
  const caption = h("figcaption", { id: `network-${uniqueName()}`, "data-caption": "network" });
  const picture = svg("svg", {
    role: "img",
    "aria-label": NETWORK,
    "aria-describedby": caption.id,
    "data-show": "network"
  });
  const keys = Object.entries(NETWORK_KEYS).map(
    ([kind, text]) => h("span", { class: `dann-key dann-net-${kind}` }, text)
  );
  const heading = h("div", { class: "dann-net-keys" }, h("h3", {}, NETWORK), ...keys);
  const node = h("figure", { class: "dann-network" }, heading, picture, caption);
  let shown = null;
  let layout = null;
  let write = () => {
  };
  const show = () => {
    if (!shown || !layout) return;
    node.dataset.side = shown.side;
    write(shown);
    setText(caption, shown.sentence);
  };
  const resize = new ResizeObserver(() => {
    const width = Math.floor(picture.clientWidth);
    if (!width || layout?.width === width) return;
    layout = layoutFor(width);
    write = draw(picture, layout);
    show();
  });
  resize.observe(picture);
  return {
    node,
    /** @param {State} state */
    update(state) {
      shown = shownIn(state, choices.lambda[state.settings.method][1]);
      show();
    },
    remove: () => resize.disconnect()
  };
}
function draw(picture, layout) {
  const { width, height, boxes: boxes2, arrows, norms } = layout;
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  picture.setAttribute("height", String(height));
  const { push, ...thin } = arrows;
  const broad = svg("path", { class: "dann-net-push", "data-net": "lambda" });
  const lines = Object.entries(thin).map(([name, arrow]) => {
    const { line, head } = arrowPaths(arrow);
    const kind = name.startsWith("to") ? "forward" : "back";
    const side = /domain|classifier|reversal/i.test(name) ? "domain" : "label";
    return svg(
      "g",
      { class: `dann-net-${kind} dann-net-${side}` },
      svg("path", { d: line, class: "dann-net-line" }),
      svg("path", { d: head })
    );
  });
  const names = (
    /** @type {BoxName[]} */
    Object.keys(boxes2)
  );
  const drawn = names.map((name) => createBox(name, layout));
  const texts = Object.entries(norms).map(([name, { at, anchor }]) => {
    const place = { x: at[0], y: at[1], "text-anchor": anchor };
    const side = name === "label" ? "label" : "domain";
    return {
      name: (
        /** @type {keyof typeof norms} */
        name
      ),
      node: svg("text", { ...place, class: `dann-net-norm dann-net-${side}`, "data-net": name })
    };
  });
  picture.replaceChildren(
    ...lines,
    broad,
    ...drawn.map((box) => box.node),
    ...texts.map(({ node }) => node)
  );
  return (shown) => {
    broad.setAttribute("d", broadPath(push, shown.width));
    broad.classList.toggle("dann-net-nothing", shown.width === 0);
    for (const box of drawn) box.write(shown.boxes[box.name]);
    for (const { name, node } of texts) setText(node, shown.norms[name]);
  };
}
function createBox(name, { boxes: boxes2 }) {
  const { x, y, width, height } = boxes2[name];
  const middle = { x: x + width / 2, "text-anchor": "middle" };
  const title = svg("text", { ...middle, y: y + height / 2 - 3 });
  const below = svg("text", {
    ...middle,
    y: y + height / 2 + 13,
    class: "dann-net-below",
    "data-net": name
  });
  const side = /domain|classifier|reversal/i.test(name) ? "domain" : "label";
  const look = `dann-net-box dann-net-${side} dann-net-${name}`;
  const frame = svg("rect", { x, y, width, height, rx: name.endsWith("Loss") ? height / 2 : 6 });
  return {
    name,
    node: svg("g", { class: look }, frame, title, below),
    /** @param {[name: string, below: string]} texts */
    write([called, text]) {
      setText(title, called);
      setText(below, text);
    }
  };
}
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

// src/dashboard/steps.js
function render({ model, el }) {
  const steps = model.get("steps");
  const settings = { mode: model.get("mode"), method: model.get("method") };
  const lambdas = { [settings.method]: [0, model.get("greatest")] };
  const network = createNetwork({ choices: (
    /** @type {any} */
    { lambda: lambdas }
  ) });
  const text = h("output", { class: "dann-applied", id: `step-${uniqueName()}` });
  const last = steps.length - 1;
  const slider = h("input", {
    type: "range",
    min: 0,
    max: last,
    value: last,
    "data-network": "step",
    "aria-label": STEP_SLIDER,
    "aria-describedby": text.id,
    oninput: () => show()
  });
  const show = () => {
    const step = steps[Number(slider.value)];
    text.textContent = stepOf(step.at, steps[last].at);
    slider.setAttribute("aria-valuetext", text.textContent);
    network.update(
      /** @type {State} */
      { settings, ...step }
    );
  };
  const root = h(
    "div",
    { class: "dann" },
    network.node,
    h("div", { class: "dann-card" }, text, slider)
  );
  show();
  el.append(root);
  const forgetTheme = followTheme(root);
  return () => {
    forgetTheme();
    network.remove();
  };
}

// src/shared/notebook.js
var SEEN_EVERY = 1e4;
var PANEL = ".jp-NotebookPanel";
var SCROLLS = ".jp-WindowedPanel-outer, .jp-Notebook";
var BAR = "dann-ended";
var inNotebook = (widget) => ({
  ...widget,
  render(context) {
    const forget = follow(context);
    const remove = widget.render(context);
    return () => {
      forget();
      remove?.();
    };
  }
});
function follow({ model, el }) {
  const hear = ({ type, text }) => {
    if (type === "ended") showEnd(el, text);
  };
  model.on("msg:custom", hear);
  const timer = setInterval(() => {
    if (!document.hidden && isDue(el)) model.send({ type: "seen" });
  }, SEEN_EVERY);
  requestAnimationFrame(() => barOf(el)?.remove());
  return () => {
    clearInterval(timer);
    model.off("msg:custom", hear);
  };
}
function isDue(el) {
  const panel = (
    /** @type {HTMLElement | null} */
    el.closest(PANEL)
  );
  if (!panel || !el.getClientRects().length || barOf(el)) return false;
  const now = performance.now();
  if (now - Number(panel.dataset.dannSeen ?? -SEEN_EVERY) < SEEN_EVERY / 2) return false;
  panel.dataset.dannSeen = String(now);
  return true;
}
var placeOf = (el) => el.closest(SCROLLS) ?? el;
var barOf = (el) => placeOf(el).querySelector(`:scope > .${BAR}`);
function showEnd(el, text) {
  barOf(el)?.remove();
  const words = h("p", { class: "dann-message dann-bad" }, text);
  const bar = h("div", { class: `dann ${BAR}`, role: "alert" }, words);
  showTheme(bar);
  const forget = onThemeChange(() => bar.isConnected ? showTheme(bar) : forget());
  placeOf(el).prepend(bar);
}

// src/widgets/network.js
var network_default = inNotebook({ render });
export {
  network_default as default
};
