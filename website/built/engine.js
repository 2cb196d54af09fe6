// Built from js/site and js/engine by `npm run build` in js/: change it there.
"use strict";
(() => {
  // src/playground/words.js
  var DRAWN = "drawn";
  var PHASES = [
    "1 of 5. Forward: every point has its place in the feature plane.",
    "2 of 5. The label loss looks at the source only, and pulls its two classes apart.",
    "3 of 5. Left to itself, the domain loss would pull source and target apart: that would help the domain classifier.",
    "4 of 5. The reversal layer turns that gradient round, lambda times as long: source and target are pushed together.",
    "5 of 5. The weights move, and with them every feature."
  ];
  var OF_A_DISTANCE = [
    ...PHASES.slice(0, 2),
    "3 of 5. The distance looks at the features of both domains at once. It is the smaller, the more alike they are.",
    "4 of 5. Its gradient, lambda times as long, pushes source and target together.",
    ...PHASES.slice(4)
  ];

  // engine/format.js
  function fixed(value, digits) {
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    const scaled = value * 10 ** digits;
    const isTie = Number.isInteger(value * 2 ** (digits + 1)) && Math.abs(scaled % 1) === 0.5;
    if (!isTie) return value.toFixed(digits);
    const below = Math.floor(scaled);
    return ((below + Math.abs(below % 2)) / 10 ** digits).toFixed(digits);
  }
  var withExponent = (text) => text.replace(/e([+-])(\d)$/, "e$10$2");
  function general(value, digits) {
    if (!Number.isFinite(value)) return fixed(value, 0);
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    const short = (text) => text.includes(".") ? text.replace(/\.?0+$/, "") : text;
    const size = Number(exponent);
    if (size < -4 || size >= digits) return withExponent(`${short(mantissa)}e${exponent}`);
    return short(fixed(value, digits - 1 - size));
  }
  var percent = (value) => Number.isNaN(value) ? "–" : `${fixed(100 * value, 0)} %`;
  var thousands = (value) => value.toLocaleString("en-US");
  function lossText(value) {
    if (!Number.isFinite(value)) return fixed(value, 0);
    if (value < 100) return fixed(value, 2);
    if (value < 1e6) return fixed(value, 0).replace(/\B(?=(\d{3})+$)/g, ",");
    return withExponent(value.toExponential(1));
  }

  // engine/matrix.js
  function matrix(rows, columns, values) {
    const size = rows * columns;
    if (values && values.length !== size)
      throw new RangeError(`${values.length} values: ${rows} rows of ${columns} need ${size}.`);
    return { rows, columns, values: values ? new Float64Array(values) : new Float64Array(size) };
  }
  function mapped(one, change) {
    const { rows, columns, values } = one;
    const out = new Float64Array(values.length);
    for (let i = 0; i < out.length; i++) out[i] = change(values[i], i);
    return { rows, columns, values: out };
  }
  var times = (one, factor) => mapped(one, (value) => value * factor);
  var plus = (one, other) => mapped(one, (value, at) => value + other.values[at]);
  var rowsOf = ({ columns, values }, from, to = values.length / columns) => ({
    rows: to - from,
    columns,
    values: values.subarray(from * columns, to * columns)
  });
  function stacked(above, below) {
    const all = matrix(above.rows + below.rows, above.columns);
    all.values.set(above.values);
    all.values.set(below.values, above.values.length);
    return all;
  }
  function norm(...some) {
    let squares = 0;
    for (const values of some) for (let i = 0; i < values.length; i++) squares += values[i] ** 2;
    return Math.sqrt(squares);
  }

  // engine/sentences.js
  var LN2 = Math.log(2);
  var CALIBRATED = 1.15 * LN2;
  var EXPLODED = 20 * LN2;
  var [TELLS, GUESSES, WRONG] = [0.75, 0.6, 0.4];
  var RECENT = 50;
  var isDistance = ({ history }) => Number.isNaN(history.at(-1)?.domainAccuracy ?? 0);
  function recent(history, name) {
    const last2 = history.slice(-RECENT);
    return last2.reduce((sum, record) => sum + record[name], 0) / last2.length;
  }
  var distance = (method) => `${method.toUpperCase()}'s distance between the domains`;
  function aboutClassifier(accuracy, loss, oneAnswer) {
    const [right, size] = [percent(accuracy), lossText(loss)];
    const same = `The domain classifier gives one answer for everything: half of it is right, at a loss of ${size} where guessing gives 0.69`;
    if (!(loss <= EXPLODED))
      return oneAnswer ? same : `The domain loss has exploded: it is ${size}, where guessing gives 0.69`;
    if (loss > CALIBRATED) {
      if (accuracy < WRONG)
        return `The domain classifier is sure and wrong: right on ${right}, at a loss of ${size} where guessing gives 0.69`;
      if (oneAnswer) return same;
      return `The domain classifier is right on ${right}, but too sure of the rest: its loss of ${size} is above the 0.69 of guessing`;
    }
    if (accuracy >= TELLS)
      return `The domain classifier still tells the domains apart: right on ${right}`;
    if (accuracy >= GUESSES)
      return `The domain classifier can hardly tell the domains apart: right on ${right}, where 50 % is guessing`;
    return `The domain classifier is right on ${right}, close to guessing`;
  }
  function length({ rows, values }) {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += Math.hypot(values[2 * row], values[2 * row + 1]);
    return sum / rows;
  }
  function aboutMoons(run, pushes, lambda) {
    const { method, history, evaluations } = run;
    const [last2, now] = [evaluations[evaluations.length - 1], history.at(-1)];
    const reached = `source ${percent(last2.source)}, target ${percent(last2.target)} right`;
    if (!now)
      return `Untrained: ${reached}. The arrows show what the first step will do at the features.`;
    const half = Math.floor(pushes.label.rows / 2);
    const label = length(rowsOf(pushes.label, 0, half));
    const reversed = length(rowsOf(pushes.reversed, 0, half));
    const pulls = isDistance(run);
    const kind = pulls ? "distance" : "reversed";
    const oneAnswer = Math.abs(now.domainAccuracy - 0.5) < 1e-6;
    const state = pulls ? `${distance(method)} is ${general(now.domainLoss, 2)}` : aboutClassifier(last2.domain, now.domainLoss, oneAnswer);
    let arrows = "The label arrows have no length any more";
    if (lambda < 5e-3) arrows = `Lambda is 0, so the ${kind} arrows have no length`;
    else if (label > 0) {
      const times2 = fixed(reversed / label, 1);
      arrows = `The ${kind} arrows are ${times2} times as long as the label arrows`;
    }
    return `Step ${thousands(history.length)}: ${reached}. ${state}. ${arrows}.`;
  }
  function aboutLosses(run) {
    const { method, history } = run;
    if (!history.length) return "No losses yet. Press Play.";
    const steps = Math.min(RECENT, history.length);
    const means = steps > 1 ? ` (mean of the last ${steps} steps)` : "";
    const domain2 = recent(history, "domainLoss");
    const text = `Label loss ${lossText(recent(history, "labelLoss"))}`;
    if (isDistance(run))
      return `${text}, ${distance(method)} ${general(domain2, 2)}, which is to shrink${means}.`;
    let meaning = "below ln 2 = 0.69: better than guessing";
    if (domain2 > 1.15 * LN2) meaning = "above ln 2 = 0.69: worse than guessing";
    else if (domain2 > 0.85 * LN2) meaning = "close to ln 2 = 0.69, which is what guessing gives";
    return `${text}, domain loss ${lossText(domain2)}, ${meaning}${means}.`;
  }
  function aboutAccuracies({ evaluations }) {
    const last2 = evaluations[evaluations.length - 1];
    const text = `On ${last2.points} test points of each domain, after step ${thousands(last2.step)}: source ${percent(last2.source)}, target ${percent(last2.target)} right`;
    if (Number.isNaN(last2.domain)) return `${text}.`;
    return `${text}; domain classifier ${percent(last2.domain)} (50 % is guessing).`;
  }

  // engine/curves.js
  var POINTS = 240;
  var SMALL = 11;
  var LIGHT = {
    text: "#1f2933",
    grid: "#dde3ea",
    paper: "rgba(255,255,255,0.75)",
    blue: "#0072B2",
    orange: "#B84A00",
    green: "#00755A"
  };
  var DARK = {
    text: "#e6ebf1",
    grid: "#3a4450",
    paper: "rgba(28,35,43,0.75)",
    blue: "#56B4E9",
    orange: "#F0A030",
    green: "#35C79A"
  };
  function thin(values, one) {
    let size = 1;
    while (values.length > size * POINTS) size *= 2;
    const groups = [];
    for (let at = 0; at < values.length; at += size) groups.push(one(values.slice(at, at + size)));
    return groups;
  }
  var mean = (group) => group.reduce((sum, value) => sum + value, 0) / group.length;
  var last = (group) => group[group.length - 1];
  var lineOf = ({ x, y, name, colour, dash = "solid" }) => ({
    type: "scatter",
    mode: "lines",
    name,
    visible: !y.length || !y.every(Number.isNaN),
    x,
    y: y.map((value) => Number.isNaN(value) ? null : value),
    line: { color: colour, width: 2, dash },
    hovertemplate: "%{y:.3g}"
  });
  function figureOf(y, data, levels2, theme) {
    const axis = { gridcolor: theme.grid, zeroline: false, rangemode: "tozero" };
    const layout = {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: theme.text, size: 12, family: "system-ui, sans-serif" },
      legend: {
        orientation: "h",
        font: { size: SMALL },
        ...{ xref: "container", x: 0, yref: "container", y: 1, yanchor: "top" }
      },
      showlegend: true,
      margin: { l: 54, r: 10, t: 28, b: 38 },
      xaxis: { ...axis, title: { text: "step", standoff: 4 }, autorange: true },
      yaxis: { ...axis, title: { text: y, standoff: 6 } },
      hovermode: "x",
      uirevision: "keep",
      // a redraw keeps the reader's zoom
      shapes: levels2.map(([level]) => rule(theme.text, level)),
      annotations: levels2.map(([level, text]) => nameOf(level, text, theme))
    };
    return { data, layout };
  }
  var rule = (color, level) => ({
    type: "line",
    opacity: 0.75,
    line: { color, width: 1, dash: "dot" },
    ...{ xref: "paper", x0: 0, x1: 1, y0: level, y1: level }
  });
  var nameOf = (y, text, theme) => ({
    ...{ text, xref: "paper", x: 1, xanchor: "right", y, yanchor: "bottom" },
    showarrow: false,
    font: { size: SMALL },
    bgcolor: theme.paper
  });
  function losses(run, theme) {
    const { history } = run;
    const steps = history.map(({ step }) => step);
    const x = thin(steps, last);
    const label = thin(
      history.map(({ labelLoss }) => labelLoss),
      mean
    );
    const domain2 = thin(
      history.map(({ domainLoss }) => domainLoss),
      mean
    );
    const pulls = isDistance(run);
    const data = [
      lineOf({ x, y: label, name: pulls ? "label loss (left)" : "label loss", colour: theme.blue }),
      lineOf({
        ...{ x, y: domain2, name: pulls ? "distance (right)" : "domain loss" },
        ...{ colour: theme.green, dash: "dash" }
      })
    ];
    const levels2 = history.length ? [[Math.log(2), "ln 2: a domain classifier that guesses"]] : [];
    if (!pulls) return figureOf("loss (nats)", data, levels2, theme);
    Object.assign(data[1], { yaxis: "y2" });
    const { layout } = figureOf("loss (nats)", data, [], theme);
    layout.yaxis2 = {
      ...{ ...layout.yaxis, overlaying: "y", side: "right", showgrid: false },
      ...{ title: { text: "distance" }, tickmode: "auto" }
      // round numbers of its own
    };
    layout.margin.r = 62;
    return { data, layout };
  }
  function accuracies({ evaluations }, theme) {
    const x = evaluations.map(({ step }) => step);
    const looks = (
      /** @type {const} */
      [
        ["source", theme.blue, "circle"],
        ["target", theme.orange, "triangle-up"],
        ["domain", theme.green, "square-open"]
      ]
    );
    const data = looks.map(([name, colour, symbol]) => ({
      ...lineOf({ x, y: evaluations.map((one) => one[name]), name, colour }),
      mode: "lines+markers",
      hovertemplate: "%{y:.1%}",
      marker: { symbol, size: 7, color: colour }
    }));
    const figure = figureOf("right answers", data, [[0.5, "chance"]], theme);
    Object.assign(figure.layout.yaxis, { range: [0, 1.03], tickformat: ".0%" });
    return figure;
  }

  // engine/random.js
  var N = 624;
  var M = 397;
  var Twister = class {
    #state = new Uint32Array(N);
    #at = N;
    /** @type {number | null} */
    #kept = null;
    // the second of a pair of normal numbers
    /** @param {number} seed 0 to 2**32 - 1 */
    constructor(seed) {
      const state = this.#state;
      state[0] = seed;
      for (let k = 1; k < N; k++) {
        const before = state[k - 1] ^ state[k - 1] >>> 30;
        state[k] = Math.imul(1812433253, before) + k;
      }
    }
    #twist() {
      const state = this.#state;
      for (let k = 0; k < N; k++) {
        const mixed = state[k] & 2147483648 | state[(k + 1) % N] & 2147483647;
        state[k] = state[(k + M) % N] ^ mixed >>> 1 ^ (mixed & 1 ? 2567483615 : 0);
      }
      this.#at = 0;
    }
    /** A whole number of 32 bits. */
    bits() {
      if (this.#at === N) this.#twist();
      let y = this.#state[this.#at++];
      y ^= y >>> 11;
      y ^= y << 7 & 2636928640;
      y ^= y << 15 & 4022730752;
      y ^= y >>> 18;
      return y >>> 0;
    }
    /** From 0 to under 1, with 53 bits, as NumPy makes it of two numbers. */
    double() {
      const high = this.bits() >>> 5;
      const low = this.bits() >>> 6;
      return (high * 2 ** 26 + low) / 2 ** 53;
    }
    /** Of mean 0 and variance 1: NumPy's `RandomState.normal`, Marsaglia's polar method. */
    normal() {
      if (this.#kept !== null) {
        const kept = this.#kept;
        this.#kept = null;
        return kept;
      }
      for (; ; ) {
        const x = 2 * this.double() - 1;
        const y = 2 * this.double() - 1;
        const square = x * x + y * y;
        if (square >= 1 || square === 0) continue;
        const factor = Math.sqrt(-2 * Math.log(square) / square);
        this.#kept = factor * x;
        return factor * y;
      }
    }
    /**
     * The numbers from 0 to `count - 1` in some order: NumPy's `RandomState.shuffle`.
     * @param {number} count
     */
    order(count) {
      const order = Array.from({ length: count }, (_, k) => k);
      for (let k = count - 1; k > 0; k--) {
        const mask = 2 ** (32 - Math.clz32(k)) - 1;
        let other = (this.bits() & mask) >>> 0;
        while (other > k) other = (this.bits() & mask) >>> 0;
        [order[k], order[other]] = [order[other], order[k]];
      }
      return order;
    }
    /**
     * Numbers of single precision from -end to end: PyTorch's `uniform_` on a CPU.
     * @param {number} count
     * @param {number} end
     */
    uniform(count, end) {
      const width = Math.fround(end) - Math.fround(-end);
      return Float64Array.from({ length: count }, () => {
        const share = (this.bits() & 2 ** 24 - 1) / 2 ** 24;
        return Math.fround(share * width - Math.fround(end));
      });
    }
  };

  // engine/points.js
  var POINTS2 = 150;
  var NOISE = 0.08;
  var ROTATION = 35;
  function moons(seed, lower) {
    const random = new Twister(seed);
    const upper = POINTS2 - lower;
    const order = random.order(POINTS2);
    const points = matrix(POINTS2, 2);
    order.forEach((k, row) => {
      const [x, y] = k < upper ? onUpper(k, upper) : onLower(k - upper, lower);
      const at = 2 * row;
      points.values[at] = Math.fround(Math.fround(x + NOISE * random.normal()) - 0.5);
      points.values[at + 1] = Math.fround(Math.fround(y + NOISE * random.normal()) - 0.25);
    });
    return { points, labels: order.map((k) => k < upper ? 0 : 1) };
  }
  var angle = (k, count) => k === count - 1 && k ? Math.PI : k * (Math.PI / (count - 1));
  var onUpper = (k, count) => [Math.cos(angle(k, count)), Math.sin(angle(k, count))];
  var onLower = (k, count) => [1 - Math.cos(angle(k, count)), 1 - Math.sin(angle(k, count)) - 0.5];
  function domain(seed, number, change, lower = POINTS2 / 2) {
    const split = (k) => change(moons((seed * 10 + number + k) % 2 ** 32, lower));
    return { train: split(0), test: split(2) };
  }
  function turned(degrees) {
    const radians = degrees * Math.PI / 180;
    const cos = Math.fround(Math.cos(radians));
    const sin = Math.fround(Math.sin(radians));
    return ({ points, labels }) => {
      const there = matrix(points.rows, 2);
      for (let at = 0; at < there.values.length; at += 2) {
        const [x, y] = [points.values[at], points.values[at + 1]];
        there.values[at] = Math.fround(x * cos - y * sin);
        there.values[at + 1] = Math.fround(x * sin + y * cos);
      }
      return { points: there, labels };
    };
  }
  var moved = (up) => (split) => {
    const values = split.points.values.map(
      (value, at) => at % 2 ? Math.fround(value + Math.fround(up)) : value
    );
    return { ...split, points: { ...split.points, values } };
  };
  var swapped = ({ points, labels }) => ({ points, labels: Array.from(labels, (one) => 1 - one) });
  function shareOf(percent2) {
    const wanted = POINTS2 * percent2 / 100;
    const below = Math.floor(wanted);
    return wanted - below === 0.5 ? below + below % 2 : Math.round(wanted);
  }
  var TARGETS = {
    turned: (amount, seed) => domain(seed, 3, turned(amount)),
    moved: (amount, seed) => domain(seed, 3, moved(amount)),
    shares: (amount, seed) => domain(seed, 3, turned(ROTATION), shareOf(amount)),
    missing: (_, seed) => domain(seed, 3, turned(ROTATION), 0),
    swapped: (_, seed) => domain(seed, 3, swapped)
  };
  var USUAL = { turned: ROTATION, moved: 0.5, shares: 10 };
  var shiftedPair = (shift, amount, seed) => ({
    source: domain(seed, 0, (split) => split),
    target: TARGETS[shift](amount, seed)
  });

  // engine/drawn.js
  var BEGUN = 40;
  var RUBBER = 0.15;
  var MOST = POINTS2;
  var TooFewPoints = class extends Error {
    constructor() {
      super(
        "There is not enough to learn from yet: draw points of both classes of the source, and at least one of the target."
      );
    }
  };
  var drawnFrom = ({ source, target }) => [source, target].flatMap(
    ({ train: { points, labels } }, domain2) => Array.from({ length: Math.min(BEGUN, points.rows) }, (_, k) => ({
      x: points.values[2 * k],
      y: points.values[2 * k + 1],
      domain: domain2,
      label: labels[k]
    }))
  );
  function drawnPair(points) {
    const [ours, theirs] = [0, 1].map((domain2) => points.filter((one) => one.domain === domain2));
    const both = [0, 1].every((label) => ours.some((one) => one.label === label));
    if (!both || !theirs.length) throw new TooFewPoints();
    return { source: repeated(ours), target: repeated(theirs) };
  }
  function repeated(points) {
    const again = Array.from({ length: POINTS2 }, (_, k) => points[k % points.length]);
    const split = { points: placesOf(again), labels: again.map(({ label }) => label) };
    return { train: split, test: split };
  }
  var placesOf = (points) => matrix(
    points.length,
    2,
    points.flatMap(({ x, y }) => [Math.fround(x), Math.fround(y)])
  );
  function afterStroke(points, { pen, at }, plane) {
    if (!at) return [];
    const [x, y] = at.map((value) => Math.max(-plane, Math.min(plane, value)));
    if (pen === "rubber") return points.filter((one) => Math.hypot(one.x - x, one.y - y) > RUBBER);
    const [domain2, label] = [pen.startsWith("source") ? 0 : 1, Number(pen.slice(-1))];
    const same = points.filter((one) => one.domain === domain2);
    const kept = same.length < MOST ? points : points.filter((one) => one !== same[0]);
    return [...kept, { x, y, domain: domain2, label }];
  }

  // engine/losses.js
  function logSoftmax({ rows, columns, values }) {
    const out = matrix(rows, columns);
    for (let row = 0; row < rows; row++) {
      const at = row * columns;
      let most = -Infinity;
      for (let k = 0; k < columns; k++) most = Math.max(most, values[at + k]);
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += Math.exp(values[at + k] - most);
      const whole = most + Math.log(sum);
      for (let k = 0; k < columns; k++) out.values[at + k] = values[at + k] - whole;
    }
    return out;
  }
  function softmax(logits) {
    const out = logSoftmax(logits);
    for (let at = 0; at < out.values.length; at++) out.values[at] = Math.exp(out.values[at]);
    return out;
  }
  function crossEntropy(logits, labels, weight) {
    const { columns } = logits;
    const logarithms = logSoftmax(logits);
    let loss = 0;
    for (let row = 0; row < labels.length; row++)
      loss -= weight(row) * logarithms.values[row * columns + labels[row]];
    const back = () => {
      const gradient = matrix(logits.rows, columns);
      for (let row = 0; row < labels.length; row++)
        for (let k = 0; k < columns; k++) {
          const probability = Math.exp(logarithms.values[row * columns + k]);
          const right = k === labels[row] ? 1 : 0;
          gradient.values[row * columns + k] = weight(row) * (probability - right);
        }
      return gradient;
    };
    return { loss, back };
  }
  function guesses({ rows, columns, values }) {
    const found = new Uint8Array(rows);
    for (let row = 0; row < rows; row++)
      for (let k = 1; k < columns; k++)
        if (values[row * columns + k] > values[row * columns + found[row]]) found[row] = k;
    return found;
  }
  function numberRight(logits, labels) {
    const found = guesses(logits);
    let right = 0;
    for (let row = 0; row < labels.length; row++) right += found[row] === labels[row] ? 1 : 0;
    return right;
  }

  // engine/reversal.js
  var reversal = (lambda) => (features) => ({
    out: features,
    back: (gradient) => times(gradient, -lambda)
  });
  var scaling = (lambda) => (features) => ({
    out: features,
    back: (gradient) => times(gradient, lambda)
  });

  // engine/adversaries.js
  var domainsOf = (rows, sources) => new Uint8Array(rows).fill(1, sources);
  var asTheyAre = (features) => ({ out: features, back: (gradient) => gradient });
  function products(features, labelLogits) {
    const [f, c] = [features.columns, labelLogits.columns];
    const classes = softmax(labelLogits).values;
    const out = matrix(features.rows, f * c);
    for (let row = 0; row < features.rows; row++)
      for (let j = 0; j < f; j++)
        for (let k = 0; k < c; k++)
          out.values[(row * f + j) * c + k] = features.values[row * f + j] * classes[row * c + k];
    const back = (gradient) => {
      const atFeatures = matrix(features.rows, f);
      for (let row = 0; row < features.rows; row++)
        for (let j = 0; j < f; j++)
          for (let k = 0; k < c; k++)
            atFeatures.values[row * f + j] += gradient.values[(row * f + j) * c + k] * classes[row * c + k];
      return atFeatures;
    };
    return { out, back };
  }
  var alike = (labelLogits) => new Float64Array(labelLogits.rows).fill(1 / labelLogits.rows);
  function sureness(labelLogits, sources) {
    const { rows, columns } = labelLogits;
    const logarithms = logSoftmax(labelLogits).values;
    const weights = new Float64Array(rows);
    const total = [0, 0];
    for (let row = 0; row < rows; row++) {
      let entropy = 0;
      for (let at = row * columns; at < (row + 1) * columns; at++)
        entropy -= Math.exp(logarithms[at]) * logarithms[at];
      weights[row] = 1 + Math.exp(-entropy);
      total[row < sources ? 0 : 1] += weights[row];
    }
    return weights.map((weight, row) => weight / total[row < sources ? 0 : 1] / 2);
  }
  function adversary({ inputs, seen, weights }) {
    const domainLogits = (classifier, features, labelLogits) => {
      const given = seen(features, labelLogits);
      const judged = classifier(given.out);
      return { out: judged.out, back: (gradient) => given.back(judged.back(gradient)) };
    };
    return {
      hasClassifier: true,
      inputs,
      layer: reversal,
      domainLogits,
      added(classifier, features, labelLogits, sources) {
        const logits = domainLogits(classifier, features, labelLogits);
        const share = weights(labelLogits, sources);
        const domains = domainsOf(features.rows, sources);
        const { loss, back } = crossEntropy(logits.out, domains, (row) => share[row]);
        return { loss, domainLogits: logits.out, back: () => logits.back(back()) };
      }
    };
  }
  var dann = adversary({ inputs: (f) => f, seen: asTheyAre, weights: alike });
  var cdan = adversary({ inputs: (f, c) => f * c, seen: products, weights: alike });
  var cdanE = adversary({ inputs: (f, c) => f * c, seen: products, weights: sureness });

  // engine/distances.js
  var TINIEST = 2 ** -1022;
  function covariances({ columns, values }, from, to) {
    const centred = matrix(to - from, columns, values.subarray(from * columns, to * columns));
    const x = centred.values;
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let at = j; at < x.length; at += columns) sum += x[at];
      for (let at = j; at < x.length; at += columns) x[at] -= sum / centred.rows;
    }
    const freedom = Math.max(centred.rows - 1, 1);
    const found = matrix(columns, columns);
    for (let at = 0; at < x.length; at += columns)
      for (let j = 0; j < columns; j++)
        for (let k = 0; k < columns; k++)
          found.values[j * columns + k] += x[at + j] * x[at + k] / freedom;
    return { centred, freedom, found };
  }
  function coralLoss(features, sources) {
    const f = features.columns;
    const source = covariances(features, 0, sources);
    const target = covariances(features, sources, features.rows);
    const apart = source.found.values.map((value, at) => value - target.found.values[at]);
    const loss = apart.reduce((sum, value) => sum + value ** 2, 0) / (4 * f ** 2);
    const back = () => {
      const gradient = matrix(features.rows, f);
      for (let row = 0; row < features.rows; row++) {
        const [own, at, sign] = row < sources ? [source, row, 1] : [target, row - sources, -1];
        for (let j = 0; j < f; j++) {
          let sum = 0;
          for (let k = 0; k < f; k++) sum += own.centred.values[at * f + k] * apart[k * f + j];
          gradient.values[row * f + j] = sign * sum / own.freedom / f ** 2;
        }
      }
      return gradient;
    };
    return { loss, back };
  }
  function meanSquare({ rows, columns, values }) {
    let squares = 0;
    for (let k = 0; k < columns; k++) {
      let sum = 0;
      for (let at = k; at < values.length; at += columns) sum += values[at];
      for (let at = k; at < values.length; at += columns) squares += (values[at] - sum / rows) ** 2;
    }
    return Math.max(2 * squares / (rows - 1), TINIEST);
  }
  function kernel(s) {
    const e4 = Math.exp(-0.25 * s);
    const e2 = e4 * e4;
    const e1 = e2 * e2;
    const half = e1 * e1;
    const quarter = half * half;
    return {
      value: 0.2 * (e4 + e2 + e1 + half + quarter),
      slope: -0.2 * (0.25 * e4 + 0.5 * e2 + e1 + 2 * half + 4 * quarter)
    };
  }
  function mmdLoss(features, sources) {
    const { rows, values } = features;
    const targets = rows - sources;
    const inverse = 1 / meanSquare(features);
    const gradient = matrix(rows, 2);
    const pulled = gradient.values;
    const [ofSources, ofTargets, across] = [
      1 / sources ** 2,
      1 / targets ** 2,
      -1 / sources / targets
    ];
    let loss = 1 / sources + 1 / targets;
    for (let i = 0; i < rows; i++) {
      const x = values[2 * i];
      const y = values[2 * i + 1];
      let atX = 0;
      let atY = 0;
      for (let j = 0; j < i; j++) {
        const dx = x - values[2 * j];
        const dy = y - values[2 * j + 1];
        const { value, slope } = kernel((dx * dx + dy * dy) * inverse);
        const weight = i < sources ? ofSources : j < sources ? across : ofTargets;
        loss += 2 * weight * value;
        const pull = 4 * weight * slope * inverse;
        atX += pull * dx;
        atY += pull * dy;
        pulled[2 * j] -= pull * dx;
        pulled[2 * j + 1] -= pull * dy;
      }
      pulled[2 * i] += atX;
      pulled[2 * i + 1] += atY;
    }
    return { loss, back: () => gradient };
  }
  var distance2 = (lossOf) => ({
    hasClassifier: false,
    inputs: (features) => features,
    layer: scaling,
    domainLogits: (classifier, features) => classifier(features),
    added: (_, features, __, sources) => ({ ...lossOf(features, sources), domainLogits: null })
  });
  var coral = distance2(coralLoss);
  var mmd = distance2(mmdLoss);

  // engine/methods.js
  var METHODS = { dann, cdan, "cdan+e": cdanE, coral, mmd };

  // src/shared/encoding.js
  var base64 = (some) => btoa(String.fromCharCode(...some));

  // engine/packing.js
  var GRID = 48;
  var packedPoints = ({ values }) => base64(new Uint8Array(Float32Array.from(values).buffer));
  function reachOf({ rows, values }) {
    if (!rows) return [-1, 1, -1, 1];
    const [low, high] = [
      [Infinity, Infinity],
      [-Infinity, -Infinity]
    ];
    values.forEach((value, at) => {
      low[at % 2] = Math.min(low[at % 2], value);
      high[at % 2] = Math.max(high[at % 2], value);
    });
    const half = Math.max(Math.max(high[0] - low[0], high[1] - low[1]) * 0.65, 0.3);
    const [x, y] = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
    return [x - half, x + half, y - half, y + half];
  }
  function gridOf([left, right, low, high]) {
    const cells = matrix(GRID * GRID, 2);
    for (let row = 0; row < GRID; row++)
      for (let column = 0; column < GRID; column++) {
        const at = 2 * (row * GRID + column);
        cells.values[at] = left + (right - left) * column / (GRID - 1);
        cells.values[at + 1] = high + (low - high) * row / (GRID - 1);
      }
    return cells;
  }
  function levels(logits) {
    const { values } = softmax(logits);
    return base64(
      Uint8Array.from({ length: logits.rows }, (_, k) => Math.round(values[2 * k + 1] * 255))
    );
  }
  function packedGrids(network, reach, plane) {
    const seen = network.featureExtractor.forward(gridOf([-plane, plane, -plane, plane])).out;
    const both = (features) => [
      levels(network.labelPredictor.forward(features).out),
      network.method.hasClassifier ? levels(network.domainLogits(features)) : ""
    ];
    return { inputs: both(seen), features: both(gridOf(reach)) };
  }

  // engine/evaluation.js
  function evaluate(network, pair, step) {
    const featuresOf = ({ test }) => network.featureExtractor.forward(test.points).out;
    const [source, target] = [featuresOf(pair.source), featuresOf(pair.target)];
    const right = (features, { test }) => numberRight(network.labelPredictor.forward(features).out, test.labels) / features.rows;
    let domain2 = Number.NaN;
    if (network.method.hasClassifier) {
      const both = stacked(source, target);
      const domains = domainsOf(both.rows, source.rows);
      domain2 = numberRight(network.domainLogits(both), domains) / both.rows;
    }
    return {
      step,
      source: right(source, pair.source),
      target: right(target, pair.target),
      domain: domain2,
      points: target.rows
    };
  }

  // engine/layers.js
  var parameter = (values) => ({
    values: Float64Array.from(values),
    gradient: new Float64Array(values.length),
    velocity: new Float64Array(values.length)
  });
  var Linear = class {
    /**
     * @param {number} inputs
     * @param {number} outputs
     * @param {ArrayLike<number>} weight row by row
     * @param {ArrayLike<number>} bias
     */
    constructor(inputs, outputs, weight, bias) {
      this.inputs = inputs;
      this.outputs = outputs;
      this.weight = parameter(weight);
      this.bias = parameter(bias);
    }
    get parameters() {
      return [this.weight, this.bias];
    }
    /**
     * @param {Matrix} x
     * @returns {Result}
     */
    forward = (x) => {
      const { inputs, outputs } = this;
      const [w, b, from] = [this.weight.values, this.bias.values, x.values];
      const out = matrix(x.rows, outputs);
      for (let row = 0, to = 0; row < x.rows; row++)
        for (let o = 0, at = 0; o < outputs; o++, to++) {
          let sum = b[o];
          for (let i = row * inputs; i < (row + 1) * inputs; i++, at++) sum += w[at] * from[i];
          out.values[to] = sum;
        }
      return { out, back: (gradient) => this.#back(x, gradient) };
    };
    /**
     * With g the gradient at y: that of W is `g^T x`, of b the sum of g's rows, at x it is `g W`. Row
     * by row, so that each number is read beside the one before.
     * @param {Matrix} x
     * @param {Matrix} gradient
     */
    #back(x, { rows, values: g }) {
      const { inputs, outputs } = this;
      const [ofWeight, ofBias] = [this.weight.gradient, this.bias.gradient];
      const [w, from] = [this.weight.values, x.values];
      const atInput = matrix(rows, inputs);
      const to = atInput.values;
      for (let row = 0, at = 0; row < rows; row++)
        for (let o = 0, k = 0; o < outputs; o++, at++) {
          const part = g[at];
          ofBias[o] += part;
          for (let i = row * inputs; i < (row + 1) * inputs; i++, k++) {
            ofWeight[k] += part * from[i];
            to[i] += part * w[k];
          }
        }
      return atInput;
    }
  };
  function tanh(x) {
    const out = matrix(x.rows, x.columns);
    const [from, y] = [x.values, out.values];
    for (let at = 0; at < y.length; at++) y[at] = Math.tanh(from[at]);
    const back = ({ values: g }) => {
      const atInput = matrix(x.rows, x.columns);
      const to = atInput.values;
      for (let at = 0; at < y.length; at++) to[at] = g[at] * (1 - y[at] * y[at]);
      return atInput;
    };
    return { out, back };
  }
  var sequence = (operations) => (x) => {
    const results = [];
    for (const operation of operations) results.push(operation(results.at(-1)?.out ?? x));
    return {
      out: results.at(-1)?.out ?? x,
      back: (gradient) => results.reduceRight((g, { back }) => back(g), gradient)
    };
  };

  // engine/network.js
  var FEATURES = 2;
  var CLASSES = 2;
  var WIDTH = 16;
  function shapesOf(method) {
    const given = METHODS[method].inputs(FEATURES, CLASSES);
    return {
      featureExtractor: [
        [2, WIDTH],
        [WIDTH, WIDTH],
        [WIDTH, FEATURES]
      ],
      labelPredictor: [[FEATURES, CLASSES]],
      domainClassifier: [
        [given, WIDTH],
        [WIDTH, 2]
      ]
    };
  }
  var Chain = class {
    /** @param {Linear[]} layers */
    constructor(layers) {
      this.layers = layers;
      this.parameters = layers.flatMap((layer) => layer.parameters);
      const operations = layers.flatMap((layer, k) => k ? [tanh, layer.forward] : [layer.forward]);
      this.forward = sequence(operations);
    }
  };
  var Network = class {
    /**
     * @param {MethodName} method
     * @param {Record<PartName, Weights[]>} weights of each part's linear layers
     */
    constructor(method, weights) {
      const shapes = shapesOf(method);
      const chain = (part) => new Chain(
        shapes[part].map(([inputs, outputs], k) => {
          const { weight, bias } = weights[part][k];
          return new Linear(inputs, outputs, weight, bias);
        })
      );
      this.method = METHODS[method];
      this.featureExtractor = chain("featureExtractor");
      this.labelPredictor = chain("labelPredictor");
      this.domainClassifier = chain("domainClassifier");
    }
    /** Of all parts, in their order. */
    get parameters() {
      const { featureExtractor, labelPredictor, domainClassifier } = this;
      return [featureExtractor, labelPredictor, domainClassifier].flatMap((part) => part.parameters);
    }
    /**
     * @param {Matrix} features
     * @returns {Matrix} [B, 2]: which domain the classifier takes each for
     */
    domainLogits(features) {
      const labelLogits = this.labelPredictor.forward(features).out;
      return this.method.domainLogits(this.domainClassifier.forward, features, labelLogits).out;
    }
  };

  // engine/start.js
  function firstWeights(method, seed) {
    const random = new Twister(seed);
    const shapes = shapesOf(method);
    const drawn = (part) => shapes[part].map(([inputs, outputs]) => ({
      weight: random.uniform(outputs * inputs, 1 / Math.sqrt(inputs)),
      bias: random.uniform(outputs, 1 / Math.sqrt(inputs))
    }));
    const weights = {
      featureExtractor: drawn("featureExtractor"),
      labelPredictor: drawn("labelPredictor"),
      domainClassifier: drawn("domainClassifier")
    };
    return weights;
  }
  var firstNetwork = (method, seed) => new Network(method, firstWeights(method, seed));

  // engine/schedules.js
  var paperLambda = (progress) => 2 / (1 + Math.exp(-10 * progress)) - 1;
  var paperLearningRate = (progress, start) => start / (1 + 10 * progress) ** 0.75;

  // engine/sgd.js
  function forgetGradients(parameters) {
    for (const { gradient } of parameters) gradient.fill(0);
  }
  function descend(parameters, rate, momentum, factor) {
    for (const { values, gradient, velocity } of parameters)
      for (let at = 0; at < values.length; at++) {
        velocity[at] = momentum * velocity[at] + factor * gradient[at];
        values[at] -= rate * velocity[at];
      }
  }

  // engine/trainer.js
  var RECIPE = { steps: 1e3, learningRate: 0.2, momentum: 0.9 };
  var TrainingDiverged = class extends Error {
    /**
     * @param {{ step: number, lambda: number, learningRate: number }} record
     * @param {string} what
     */
    constructor({ step, lambda, learningRate }, what) {
      const values = `lambda ${general(lambda, 4)}, learning rate ${general(learningRate, 4)}`;
      super(
        `${what} is no longer finite at step ${step} (${values}). The weights of step ${step - 1} are kept. Try a smaller lambda, a smaller learning rate, or the paper's schedule, which starts lambda at 0.`
      );
    }
  };
  var Trainer = class {
    /** @type {Part} */
    part = "both";
    /** @type {Form} */
    form = "reverse";
    /** Asked once a step, with the progress from 0 to 1. @type {(progress: number) => number} */
    lambdaSource = paperLambda;
    /** @type {StepRecord[]} */
    history = [];
    /**
     * @param {Network} network
     * @param {Pair} pair
     */
    constructor(network, pair) {
      this.network = network;
      this.pair = pair;
    }
    get steps() {
      return this.history.length;
    }
    /**
     * One step, whole or not at all.
     * @returns {StepRecord}
     */
    step() {
      const { network, steps } = this;
      const progress = steps / RECIPE.steps;
      const lambda = this.lambdaSource(progress);
      const learningRate = paperLearningRate(progress, RECIPE.learningRate);
      forgetGradients(network.parameters);
      const record = { step: steps + 1, lambda, learningRate, ...this.#backpropagate(lambda) };
      this.#checkFinite(record);
      this.#descend(lambda, learningRate);
      this.history.push(record);
      return record;
    }
    /**
     * There and back: afterwards each parameter has its gradient of the label loss plus the domain
     * loss.
     * @param {number} lambda
     */
    #backpropagate(lambda) {
      const { network } = this;
      const { points, labels } = this.#training();
      const sources = labels.length;
      const extracted = network.featureExtractor.forward(points);
      const predicted = network.labelPredictor.forward(extracted.out);
      const label = crossEntropy(predicted.out, labels, () => 1 / sources);
      const behind = network.method.layer(lambda)(extracted.out);
      const classifier = network.domainClassifier.forward;
      const domain2 = network.method.added(classifier, behind.out, predicted.out, sources);
      const ofLabel = predicted.back(label.back());
      const before = domain2.back();
      const after = behind.back(before);
      extracted.back(plus(ofLabel, after));
      const domains = domainsOf(points.rows, sources);
      const seen = domain2.domainLogits;
      return {
        labelLoss: label.loss,
        domainLoss: domain2.loss,
        labelAccuracy: numberRight(predicted.out, labels) / sources,
        domainAccuracy: seen ? numberRight(seen, domains) / domains.length : Number.NaN,
        labelGradient: norm(ofLabel.values),
        domainGradientBefore: norm(before.values),
        domainGradientAfter: norm(after.values)
      };
    }
    /** The training points, the source's first, and the source's labels. */
    #training() {
      const { source, target } = this.pair;
      return {
        points: stacked(source.train.points, target.train.points),
        labels: source.train.labels
      };
    }
    /** @param {StepRecord} record */
    #checkFinite(record) {
      const watched = {
        "The label loss": record.labelLoss,
        "The label gradient": record.labelGradient,
        "The domain loss": record.domainLoss,
        "The domain gradient at the features": record.domainGradientAfter,
        "The weights' gradient": norm(...this.network.parameters.map(({ gradient }) => gradient))
      };
      for (const [what, value] of Object.entries(watched))
        if (!Number.isFinite(value)) throw new TrainingDiverged(record, what);
    }
    /**
     * At the same weights all forms give the features the same gradient; they differ in what reaches
     * the domain classifier.
     * @param {number} lambda
     * @param {number} learningRate
     */
    #descend(lambda, learningRate) {
      const { network, part, form } = this;
      const factor = { reverse: 1, subtract: -lambda, scale: lambda }[form];
      const classifier = network.method.hasClassifier ? network.domainClassifier.parameters : [];
      if (part !== "domain") {
        const others = [network.featureExtractor, network.labelPredictor];
        const theirs = others.flatMap(({ parameters }) => parameters);
        descend(theirs, learningRate, RECIPE.momentum, 1);
      }
      if (part !== "features") descend(classifier, learningRate, RECIPE.momentum, factor);
    }
    /**
     * What the next step would do to the features of all training points.
     * @param {number} lambda
     * @returns {Pushes}
     */
    pushes(lambda) {
      const { network } = this;
      const { points, labels } = this.#training();
      const features = network.featureExtractor.forward(points).out;
      const predicted = network.labelPredictor.forward(features);
      const label = predicted.back(crossEntropy(predicted.out, labels, () => 1).back());
      const behind = network.method.layer(lambda)(features);
      const classifier = network.domainClassifier.forward;
      const added = network.method.added(classifier, behind.out, predicted.out, labels.length);
      const domain2 = times(added.back(), features.rows);
      return {
        features,
        label: times(label, -1),
        domain: times(domain2, -1),
        reversed: times(behind.back(domain2), -1)
      };
    }
  };

  // engine/run.js
  var EVALUATE_EVERY = 10;
  var PlaygroundRun = class {
    /** @type {Evaluation[]} */
    evaluations = [];
    /**
     * @param {MethodName} method
     * @param {number} seed
     * @param {Pair} pair
     */
    constructor(method, seed, pair) {
      this.method = method;
      this.trainer = new Trainer(firstNetwork(method, seed), pair);
    }
    get history() {
      return this.trainer.history;
    }
    /**
     * Other points in the place of both domains'; the network stays as it is.
     * @param {Pair | null} pair null leaves them too
     */
    face(pair) {
      if (pair) this.trainer.pair = pair;
      if (this.evaluations.at(-1)?.step === this.trainer.steps) this.evaluations.pop();
      this.#evaluate();
    }
    /** @param {number} wanted */
    steps(wanted) {
      for (let left = Math.min(wanted, RECIPE.steps - this.trainer.steps); left > 0; left--) {
        const { step } = this.trainer.step();
        if (step % EVALUATE_EVERY === 0) this.#evaluate();
      }
    }
    #evaluate() {
      const { network, pair, steps } = this.trainer;
      this.evaluations.push(evaluate(network, pair, steps));
    }
  };

  // engine/session.js
  var MOST_STEPS = 20;
  var START = 60;
  var UNDO_DEPTH = 10;
  var SEEDS = 1e4;
  var START_AGAIN = "Press Reset to start again.";
  var REPEATED = `(What you drew, for training and test alike, repeated until there are ${POINTS2}.)`;
  var FIRST = {
    shift: "turned",
    amount: USUAL.turned,
    drawn: [],
    seed: 0,
    method: "dann",
    lambda_: null,
    part: "both",
    form: "reverse"
  };
  var Session = class {
    #knobs = FIRST;
    #problem = "";
    /** @type {Remembered[]} */
    #undo = [];
    #choices;
    #run;
    /** @param {PlaygroundChoices} choices */
    constructor(choices) {
      this.#choices = choices;
      this.#run = this.#begun();
    }
    /**
     * @param {Asked} message
     * @returns {PackedFrame}
     */
    hear(message) {
      this.#problem = "";
      try {
        this.#obey(message);
      } catch (error) {
        const known = error instanceof TrainingDiverged || error instanceof TooFewPoints;
        if (!known) throw error;
        this.#problem = `${error.message} ${START_AGAIN}`;
      }
      return this.#frame(message);
    }
    /** @param {Asked} message */
    #obey(message) {
      const { type } = message;
      if (type === "set") this.#set({ ...this.#knobs, .../** @type {Knobs} */
      message.knobs });
      else if (type === "draw") this.#draw(message);
      else if (type === "reset" || type === "seed") {
        this.#remember();
        const seed = 1 + Math.floor(Math.random() * (SEEDS - 1));
        if (type === "seed") this.#knobs = { ...this.#knobs, seed };
        this.#run = this.#begun();
      } else if (type === "undo") this.#bringBack();
      else if (type === "slow") this.#prepareSlowMotion();
      else if (type === "step") this.#steps(Math.min(message.steps, MOST_STEPS));
    }
    #begun() {
      const { method, seed } = this.#knobs;
      const pair = this.#pair() ?? shiftedPair(FIRST.shift, FIRST.amount, seed);
      const run = new PlaygroundRun(method, seed, pair);
      run.face(null);
      this.#takeKnobs(run);
      return run;
    }
    /** The points where the knobs say, null where too few are drawn: the frame says that. */
    #pair() {
      const { shift, amount, seed, drawn } = this.#knobs;
      if (shift !== DRAWN) return shiftedPair(shift, amount, seed);
      try {
        return drawnPair(drawn);
      } catch (error) {
        if (error instanceof TooFewPoints) return null;
        throw error;
      }
    }
    #takeKnobs(run = this.#run) {
      const { part, form } = this.#knobs;
      Object.assign(run.trainer, { part, form, lambdaSource: this.#lambda });
    }
    /** @param {number} progress */
    #lambda = (progress) => this.#knobs.lambda_ ?? paperLambda(progress);
    /** @param {Knobs} knobs */
    #set(knobs) {
      const former = this.#knobs;
      if (knobs.method !== former.method) {
        this.#remember();
        const { shift, amount, drawn, seed } = former;
        const { method } = knobs;
        const lambda_ = this.#usualLambda(method);
        this.#knobs = { ...FIRST, shift, amount, drawn, seed, method, lambda_ };
        this.#run = this.#begun();
      } else if (knobs.shift !== former.shift) {
        this.#remember(true);
        const drawn = knobs.shift === DRAWN ? drawnFrom(this.#run.trainer.pair) : [];
        this.#knobs = { ...knobs, amount: USUAL[knobs.shift] ?? 0, drawn };
        this.#run = this.#begun();
      } else {
        this.#knobs = knobs;
        if (knobs.amount !== former.amount) this.#run.face(this.#pair());
        this.#takeKnobs();
      }
    }
    /**
     * The paper's schedule, and for a distance the middle of its range.
     * @param {MethodName} method
     */
    #usualLambda(method) {
      if (METHODS[method].hasClassifier) return null;
      const [low, high] = this.#choices.lambda[method];
      return (low + high) / 2;
    }
    /** @param {Extract<Asked, { type: "draw" }>} message */
    #draw(message) {
      if (this.#knobs.shift !== DRAWN) return;
      if (message.begins) this.#remember(true);
      const drawn = afterStroke(this.#knobs.drawn, message, this.#choices.plane);
      this.#knobs = { ...this.#knobs, drawn };
      this.#run.face(this.#pair());
    }
    /**
     * In a run that is about to begin there is nothing to see of the reversal: lambda is 0 at first,
     * and the domain classifier knows nothing yet.
     */
    #prepareSlowMotion() {
      if (this.#run.trainer.steps || !METHODS[this.#knobs.method].hasClassifier) return;
      this.#remember(true);
      this.#knobs = { ...this.#knobs, lambda_: this.#knobs.lambda_ || 1 };
      this.#run = this.#begun();
      this.#run.trainer.lambdaSource = () => 0;
      this.#steps(START);
      this.#takeKnobs();
    }
    /** @param {number} wanted */
    #steps(wanted) {
      if (this.#knobs.shift === DRAWN) drawnPair(this.#knobs.drawn);
      this.#run.steps(wanted);
    }
    /** @param {boolean} [knobsToo] whether undo brings back what was set as well as the run */
    #remember(knobsToo = false) {
      const last2 = { knobs: this.#knobs, run: this.#run, knobsToo };
      this.#undo = [...this.#undo.slice(-UNDO_DEPTH + 1), last2];
    }
    #bringBack() {
      const last2 = this.#undo.pop();
      if (!last2) return;
      this.#run = last2.run;
      const { shift, amount, drawn, seed } = last2.knobs;
      const same = !last2.knobsToo && last2.knobs.method === this.#knobs.method;
      this.#knobs = same ? { ...this.#knobs, shift, amount, drawn, seed } : last2.knobs;
      if (shift === DRAWN) this.#run.face(this.#pair());
      this.#takeKnobs();
    }
    /**
     * How things stand, as the page draws it.
     * @param {Asked} message
     * @returns {PackedFrame}
     */
    #frame({ client, wish, figures, dark }) {
      const run = this.#run;
      const { history, evaluations, trainer } = run;
      const { drawn, ...knobs } = this.#knobs;
      const lambda = this.#lambda(trainer.steps / RECIPE.steps);
      const { points, labels, sources } = this.#points();
      const pushes = this.#pushes(lambda, points, sources);
      const reach = reachOf(pushes.features);
      const last2 = history.at(-1);
      return {
        ...{ type: "frame", client, wish, knobs },
        has_classifier: METHODS[knobs.method].hasClassifier,
        step: trainer.steps,
        steps: RECIPE.steps,
        lambda,
        losses: last2 ? [numberOf(last2.labelLoss), numberOf(last2.domainLoss)] : null,
        target: evaluations[evaluations.length - 1].target,
        undo: this.#undo.length > 0,
        problem: this.#problem,
        sentence: aboutMoons(run, pushes, lambda),
        ...{ sources, labels },
        inputs: packedPoints(points),
        features: packedPoints(pushes.features),
        pushes: {
          label: packedPoints(pushes.label),
          domain: packedPoints(pushes.domain),
          reversed: packedPoints(pushes.reversed)
        },
        reach,
        grids: packedGrids(trainer.network, reach, this.#choices.plane),
        ...figures ? this.#curves(dark) : {}
      };
    }
    /** @param {boolean} dark */
    #curves(dark) {
      const [run, theme] = [this.#run, dark ? DARK : LIGHT];
      const said = aboutAccuracies(run);
      return {
        figures: { losses: losses(run, theme), accuracies: accuracies(run, theme) },
        captions: {
          losses: aboutLosses(run),
          accuracies: this.#knobs.shift === DRAWN ? `${said} ${REPEATED}` : said
        }
      };
    }
    /** Where the shown points lie, their labels, and how many of them are the source's. */
    #points() {
      if (this.#knobs.shift !== DRAWN) {
        const { source, target } = this.#run.trainer.pair;
        const points = stacked(source.train.points, target.train.points);
        const labels = [...Array.from(source.train.labels), ...Array.from(target.train.labels)];
        return { points, labels, sources: source.train.points.rows };
      }
      const drawn = [...this.#knobs.drawn].sort((one, other) => one.domain - other.domain);
      return {
        points: placesOf(drawn),
        labels: drawn.map(({ label }) => label),
        sources: drawn.filter(({ domain: domain2 }) => domain2 === 0).length
      };
    }
    /**
     * @param {number} lambda
     * @param {Pushes["features"]} points
     * @param {number} sources
     * @returns {Pushes}
     */
    #pushes(lambda, points, sources) {
      const { trainer } = this.#run;
      if (this.#knobs.shift !== DRAWN) return trainer.pushes(lambda);
      if (this.#pair()) return once(trainer.pushes(lambda), sources, points.rows - sources);
      this.#problem = new TooFewPoints().message;
      const features = trainer.network.featureExtractor.forward(points).out;
      const still = matrix(features.rows, 2);
      return { features, label: still, domain: still, reversed: still };
    }
  };
  var numberOf = (value) => Number.isFinite(value) ? value : null;
  function once({ features, label, domain: domain2, reversed }, sources, targets) {
    const first = (all) => stacked(rowsOf(all, 0, sources), rowsOf(all, POINTS2, POINTS2 + targets));
    return {
      features: first(features),
      label: first(label),
      domain: first(domain2),
      reversed: first(reversed)
    };
  }

  // engine/worker.js
  var session = null;
  addEventListener("message", ({ data }) => {
    if (session) postMessage(session.hear(data));
    else session = new Session(data);
  });
})();
