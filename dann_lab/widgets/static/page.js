// Built from js/src by `npm run build` in js/: change it there.

// src/alone/model.js
function createModel(traits, hear = () => {
}) {
  const values2 = { ...traits };
  const listeners = /* @__PURE__ */ new Map();
  const of = (event) => listeners.get(event) ?? /* @__PURE__ */ new Set();
  const tell = (event, ...words) => {
    for (const listener of of(event)) listener(...words);
  };
  return {
    get: (name) => values2[name],
    set(name, value) {
      values2[name] = value;
      tell(`change:${name}`);
      tell("change");
    },
    save_changes() {
    },
    send: (message) => hear(message, (answer) => tell("msg:custom", answer, [])),
    on: (event, listener) => void listeners.set(event, of(event).add(listener)),
    off(event, listener) {
      if (listener) of(event).delete(listener);
      else listeners.delete(event);
    }
  };
}

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

// src/shared/encoding.js
function bytes(base64) {
  const letters = atob(base64);
  const found = new Uint8Array(letters.length);
  for (let at = 0; at < found.length; at++) found[at] = letters.charCodeAt(at);
  return found;
}
var floats = (base64) => new Float32Array(bytes(base64).buffer);
var inflated = (packed) => new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
var unzipped = (base64) => inflated(bytes(base64)).text();
var unzippedBytes = async (base64) => new Uint8Array(await inflated(bytes(base64)).arrayBuffer());

// src/shared/pixels.js
var SIDE = 28;
function withAlpha(pixels) {
  const count = pixels.length / 3;
  const made = new Uint8ClampedArray(4 * count);
  for (let p = 0; p < count; p += 1) {
    made.set(pixels.subarray(3 * p, 3 * p + 3), 4 * p);
    made[4 * p + 3] = 255;
  }
  return made;
}
function pictureAt(pixels, index, { width, height }) {
  const values2 = 3 * width * height;
  return pixels.subarray(values2 * index, values2 * (index + 1));
}
function paintPixels(canvas, pixels) {
  const image = new ImageData(withAlpha(pixels), canvas.width, canvas.height);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

// src/reader/grounds.js
var INK = 115;
var BLENDS = {
  drawn: (ink) => ink,
  stripes: (ink, ground) => Math.min(255, Math.floor(ink * INK / 255) + ground),
  photo: (ink, ground) => Math.abs(ground - ink)
};
function picturesOf({ pictures }) {
  const all = bytes(pictures);
  const count = all.length / (3 * SIDE * SIDE);
  const size = { width: SIDE, height: SIDE };
  return Array.from({ length: count }, (_, index) => pictureAt(all, index, size));
}
var dressed = (ink, kind, ground) => ground.map((value, i) => BLENDS[kind](ink[Math.floor(i / 3)], value));

// src/reader/halves.js
var FRACTION = 1024;
var LEAST = 2 ** -24;
function number(half) {
  const sign = half & 32768 ? -1 : 1;
  const exponent = half >> 10 & 31;
  const fraction = half % FRACTION;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (!exponent) return sign * fraction * LEAST;
  return sign * (FRACTION + fraction) * 2 ** (exponent - 25);
}
function fromHalves(bytes2) {
  const view = new DataView(bytes2.buffer, bytes2.byteOffset, bytes2.byteLength);
  return Float32Array.from(
    { length: bytes2.length / 2 },
    (_, i) => number(view.getUint16(2 * i, true))
  );
}

// src/reader/layers.js
var EPSILON = 1e-5;
function normalised({ values: values2, channels, height, width }) {
  const area = height * width;
  const made = new Float64Array(values2.length);
  for (let channel = 0; channel < channels; channel += 1) {
    const plane = values2.subarray(area * channel, area * (channel + 1));
    const mean = plane.reduce((sum, value) => sum + value, 0) / area;
    const variance = plane.reduce((sum, value) => sum + (value - mean) ** 2, 0) / area;
    const scale = 1 / Math.sqrt(variance + EPSILON);
    for (const [i, value] of plane.entries()) made[area * channel + i] = scale * (value - mean);
  }
  return { values: made, channels, height, width };
}
function folded({ weight, bias, size }, norm) {
  const each = weight.length / bias.length;
  const scales = Float64Array.from(
    bias,
    (_, output) => norm ? norm.weight[output] / Math.sqrt(norm.variance[output] + EPSILON) : 1
  );
  const shifted = (output) => norm ? scales[output] * (bias[output] - norm.mean[output]) + norm.bias[output] : bias[output];
  return {
    weight: Float64Array.from(weight, (value, i) => value * scales[Math.floor(i / each)]),
    bias: Float64Array.from(bias, (_, output) => shifted(output)),
    size
  };
}
function convolved(planes, { weight, bias, size }) {
  const { channels, height, width } = planes;
  const [area, each] = [height * width, channels * size * size];
  const seen = windows(planes, size);
  const values2 = new Float64Array(bias.length * area);
  for (let output = 0; output < bias.length; output += AT_ONCE) {
    const rows = Array.from({ length: AT_ONCE }, (_, i) => Math.min(output + i, bias.length - 1));
    const [one, two, three, four] = rows.map(
      (row) => weight.subarray(each * row, each * (row + 1))
    );
    for (let place = 0; place < area; place += 1) {
      const from = each * place;
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let k = 0; k < each; k += 1) {
        const value = seen[from + k];
        a += one[k] * value;
        b += two[k] * value;
        c += three[k] * value;
        d += four[k] * value;
      }
      values2[area * rows[0] + place] = a + bias[rows[0]];
      values2[area * rows[1] + place] = b + bias[rows[1]];
      values2[area * rows[2] + place] = c + bias[rows[2]];
      values2[area * rows[3] + place] = d + bias[rows[3]];
    }
  }
  return { values: values2, channels: bias.length, height, width };
}
var AT_ONCE = 4;
function windows({ values: values2, channels, height, width }, size) {
  const reach2 = (size - 1) / 2;
  const seen = new Float64Array(height * width * channels * size * size);
  let k = -1;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        for (let y = row - reach2; y <= row + reach2; y += 1) {
          for (let x = column - reach2; x <= column + reach2; x += 1) {
            k += 1;
            if (y >= 0 && y < height && x >= 0 && x < width)
              seen[k] = values2[width * (height * channel + y) + x];
          }
        }
      }
    }
  }
  return seen;
}
function pooled({ values: values2, channels, height, width }) {
  const [rows, columns] = [height >> 1, width >> 1];
  const made = new Float64Array(channels * rows * columns);
  for (const i of made.keys()) {
    const [channel, rest] = [Math.floor(i / (rows * columns)), i % (rows * columns)];
    const [row, column] = [Math.floor(rest / columns), rest % columns];
    const at = width * (height * channel + 2 * row) + 2 * column;
    made[i] = Math.max(values2[at], values2[at + 1], values2[at + width], values2[at + width + 1]);
  }
  return { values: made, channels, height: rows, width: columns };
}
var rectified = (values2) => values2.map((value) => Math.max(value, 0));
function linear(values2, { weight, bias }) {
  return Float64Array.from(bias, (shift, output) => {
    let sum = shift;
    const from = output * values2.length;
    for (let i = 0; i < values2.length; i += 1) sum += weight[from + i] * values2[i];
    return sum;
  });
}
function softmax(values2) {
  const most = Math.max(...values2);
  const parts = values2.map((value) => Math.exp(value - most));
  const sum = parts.reduce((all, part2) => all + part2, 0);
  return parts.map((part2) => part2 / sum);
}

// src/reader/network.js
var POOLED = { tutorial: [true, true], deep: [false, true, false, true] };
var LINEAR = [0, 2, 4];
var CHANNELS = 3;
async function unpacked(plain) {
  const weights = byName(plain, fromHalves(await unzippedBytes(plain.weights)));
  const convolutions = POOLED[plain.network].map((_, i) => convolutionOf(weights, i + 1));
  const layers = LINEAR.map((i) => ({
    weight: there(weights, `label_predictor.${i}.weight`),
    bias: there(weights, `label_predictor.${i}.bias`)
  }));
  return (picture) => {
    let planes = prepared(picture, plain.mean);
    if (plain.instance_norm) planes = normalised(planes);
    for (const [i, convolution] of convolutions.entries()) {
      planes = convolved(planes, convolution);
      if (POOLED[plain.network][i]) planes = pooled(planes);
      planes = { ...planes, values: rectified(planes.values) };
    }
    const [first, ...others] = layers;
    const logits = others.reduce(
      (values2, layer) => linear(rectified(values2), layer),
      linear(planes.values, first)
    );
    return softmax(logits);
  };
}
function byName({ shapes }, all) {
  let at = 0;
  const found = new Map(
    shapes.map(({ name, shape }) => {
      const from = at;
      at += shape.reduce((product, side) => product * side, 1);
      return [name, all.subarray(from, at)];
    })
  );
  return (name) => found.get(name);
}
function there(weights, name) {
  const found = weights(name);
  if (!found) throw new Error(`The network has no ${name}.`);
  return found;
}
function convolutionOf(weights, number2) {
  const [convolution, norm] = ["conv", "norm"].map((kind) => `feature_extractor.${kind}${number2}`);
  const weight = there(weights, `${convolution}.weight`);
  const bias = there(weights, `${convolution}.bias`);
  const channels = number2 === 1 ? CHANNELS : there(weights, `feature_extractor.conv${number2 - 1}.bias`).length;
  const size = Math.sqrt(weight.length / bias.length / channels);
  const scale = weights(`${norm}.weight`);
  return folded(
    { weight, bias, size },
    scale ? {
      weight: scale,
      bias: there(weights, `${norm}.bias`),
      mean: there(weights, `${norm}.running_mean`),
      variance: there(weights, `${norm}.running_var`)
    } : null
  );
}
function prepared(picture, mean) {
  const area = SIDE * SIDE;
  const values2 = new Float64Array(CHANNELS * area);
  for (const [i, value] of picture.entries()) {
    const [pixel, channel] = [Math.floor(i / CHANNELS), i % CHANNELS];
    values2[area * channel + pixel] = (value - mean[channel]) / 255;
  }
  return { values: values2, channels: CHANNELS, height: SIDE, width: SIDE };
}

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

// src/shared/button.js
var button = (action, { label, title }, act) => h("button", { type: "button", "data-action": action, title, onclick: () => act() }, label);

// src/drawing/ink.js
var BOX = 20;
var INK2 = 255;
var RADIUS = 1.7;
var ROOM = (SIDE - BOX) / 2;
function inkOf(strokes) {
  if (!strokes.length) return new Uint8Array(SIDE * SIDE);
  const sized = placed(strokes, sizing(strokes));
  const [x, y] = centreOfMass(painted(sized));
  const shift = [x, y].map((at) => Math.min(ROOM, Math.max(-ROOM, SIDE / 2 - at)));
  return painted(placed(sized, { scale: 1, across: shift[0], down: shift[1] }));
}
function sizing(strokes) {
  const [across, down] = [0, 1].map((axis) => {
    const values2 = strokes.flatMap((stroke) => stroke.map((point) => point[axis]));
    const [least, most] = [Math.min(...values2), Math.max(...values2)];
    return { size: most - least, middle: (least + most) / 2 };
  });
  const size = Math.max(across.size, down.size);
  const scale = size ? (BOX - 2 * RADIUS) / size : 1;
  const half = SIDE / 2;
  return { scale, across: half - scale * across.middle, down: half - scale * down.middle };
}
var placed = (strokes, { scale, across, down }) => strokes.map((stroke) => stroke.map(([x, y]) => [scale * x + across, scale * y + down]));
function painted(strokes) {
  const pixels = new Uint8Array(SIDE * SIDE);
  for (const stroke of strokes) {
    for (const [i, end] of stroke.entries()) paintLine(pixels, stroke[Math.max(0, i - 1)], end);
  }
  return pixels;
}
function paintLine(pixels, from, to) {
  const [left, right] = reach(from[0], to[0]);
  const [top, bottom] = reach(from[1], to[1]);
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      if (distance([column + 0.5, row + 0.5], from, to) <= RADIUS)
        pixels[SIDE * row + column] = INK2;
    }
  }
}
var reach = (from, to) => [
  Math.max(0, Math.floor(Math.min(from, to) - RADIUS)),
  Math.min(SIDE - 1, Math.ceil(Math.max(from, to) + RADIUS))
];
function distance([x, y], [fromX, fromY], [toX, toY]) {
  const [across, down] = [toX - fromX, toY - fromY];
  const length = across ** 2 + down ** 2;
  const along = length ? ((x - fromX) * across + (y - fromY) * down) / length : 0;
  const part2 = Math.min(1, Math.max(0, along));
  return Math.hypot(x - fromX - part2 * across, y - fromY - part2 * down);
}
function centreOfMass(pixels) {
  let [x, y, count] = [0, 0, 0];
  for (const [index, value] of pixels.entries()) {
    if (!value) continue;
    x += index % SIDE + 0.5;
    y += Math.floor(index / SIDE) + 0.5;
    count += 1;
  }
  return count ? [x / count, y / count] : [SIDE / 2, SIDE / 2];
}

// src/drawing/strokes.js
var EMPTY = { strokes: [], pen: { column: SIDE / 2, row: SIDE / 2, down: false } };
var LEAST2 = 0.3;
var WAYS = /* @__PURE__ */ new Map([
  ["ArrowLeft", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["ArrowUp", [0, -1]],
  ["ArrowDown", [0, 1]]
]);
var onSheet = (value) => Math.min(SIDE, Math.max(0, value));
var lifted = ({ strokes, pen }) => ({ strokes, pen: { ...pen, down: false } });
function begun(sheet, [across, down]) {
  const { strokes, pen } = lifted(sheet);
  return { strokes: [...strokes, [[onSheet(across), onSheet(down)]]], pen };
}
function drawnTo(sheet, [across, down]) {
  const last = sheet.strokes[sheet.strokes.length - 1];
  if (!last) return sheet;
  const [x, y] = [onSheet(across), onSheet(down)];
  const [fromX, fromY] = last[last.length - 1];
  if (Math.hypot(x - fromX, y - fromY) < LEAST2) return sheet;
  return { ...sheet, strokes: [...sheet.strokes.slice(0, -1), [...last, [x, y]]] };
}
var undone = (sheet) => ({ ...lifted(sheet), strokes: sheet.strokes.slice(0, -1) });
var cleared = (sheet) => ({ ...lifted(sheet), strokes: [] });
function afterKey(sheet, key) {
  if (key === " ") return toggled(sheet);
  if (key === "Delete") return cleared(sheet);
  const way = WAYS.get(key);
  return way ? moved(sheet, way) : null;
}
var middle = ({ column, row }) => [column + 0.5, row + 0.5];
function toggled(sheet) {
  if (sheet.pen.down) return lifted(sheet);
  return { ...begun(sheet, middle(sheet.pen)), pen: { ...sheet.pen, down: true } };
}
function moved(sheet, [across, down]) {
  const { column, row, down: draws } = sheet.pen;
  const last = SIDE - 1;
  const pen = {
    column: Math.min(last, Math.max(0, column + across)),
    row: Math.min(last, Math.max(0, row + down)),
    down: draws
  };
  return draws ? drawnTo({ ...sheet, pen }, middle(pen)) : { ...sheet, pen };
}

// src/drawing/words.js
var SHEET = "Sheet for your digit";
var DRAW_BY = "Draw with the mouse, a finger, or keys: arrows move the pen, Space puts it down and lifts it, Delete clears.";
var DRAW_SIZED = "What you draw is made as large as MNIST's digits are and put into the middle, as they were.";
var CLEAR = { label: "Clear", title: "Begin again on an empty sheet" };
var UNDO_STROKE = { label: "Undo stroke", title: "Take the last stroke back" };
var OTHER_GROUND = {
  label: "Other background",
  title: "Put something else of its kind behind the digit"
};
var headOf = (look) => look.slice(0, 1).toUpperCase() + look.slice(1);
var penAt = ({ column, row, down }) => `Row ${row + 1}, column ${column + 1}, pen ${down ? "down" : "up"}`;

// src/drawing/sheet.js
var CELL = 12;
var WIDTH = SIDE * CELL;
var GROUND = "#000000";
var LINE = "#ffffff";
var PEN = { up: "#7cc4f2", down: "#ffb000" };
function createSheet({ sheet, change, pen, help }) {
  let pointer = null;
  const node = h("canvas", {
    width: WIDTH,
    height: WIDTH,
    class: "dann-paper",
    tabindex: 0,
    role: "application",
    "aria-label": SHEET,
    "aria-describedby": help,
    "data-draw": "sheet",
    /** @param {KeyboardEvent} event */
    onkeydown: (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const next = afterKey(sheet(), event.key);
      if (!next) return;
      event.preventDefault();
      change(next);
      pen.textContent = penAt(next.pen);
    },
    /** @param {PointerEvent} event */
    onpointerdown: (event) => {
      if (pointer !== null || event.button) return;
      pointer = event.pointerId;
      node.setPointerCapture(pointer);
      change(begun(sheet(), placeOf(node, event)));
    },
    /** @param {PointerEvent} event */
    onpointermove: (event) => {
      if (event.pointerId !== pointer) return;
      const events = event.getCoalescedEvents?.() ?? [];
      const points = (events.length ? events : [event]).map((one) => placeOf(node, one));
      change(points.reduce(drawnTo, sheet()));
    },
    onlostpointercapture: () => {
      pointer = null;
    },
    onfocus: () => repaint(),
    onblur: () => repaint()
  });
  let shown = null;
  const repaint = () => paint(node, sheet(), shown);
  repaint();
  return {
    node,
    /**
     * @param {Uint8Array | null} ink what stands there of a drawing that was made elsewhere
     */
    paint(ink) {
      shown = ink;
      repaint();
    }
  };
}
function placeOf(canvas, { clientX, clientY }) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return [SIDE * (clientX - left) / width, SIDE * (clientY - top) / height];
}
function paint(canvas, { strokes, pen }, ink) {
  const context = canvas.getContext("2d");
  if (!context) return;
  context.fillStyle = GROUND;
  context.fillRect(0, 0, WIDTH, WIDTH);
  context.fillStyle = context.strokeStyle = LINE;
  for (const [index, value] of ink?.entries() ?? []) {
    if (value === INK2) context.fillRect(...cell(index % SIDE, Math.floor(index / SIDE)));
  }
  context.lineWidth = 2 * RADIUS * CELL;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) paintStroke(context, stroke);
  if (!canvas.matches(":focus-visible")) return;
  context.strokeStyle = pen.down ? PEN.down : PEN.up;
  context.lineWidth = 3;
  context.strokeRect(...cell(pen.column, pen.row));
}
var cell = (column, row) => [CELL * column, CELL * row, CELL, CELL];
function paintStroke(context, stroke) {
  context.beginPath();
  context.moveTo(CELL * stroke[0][0], CELL * stroke[0][1]);
  for (const [x, y] of stroke) context.lineTo(CELL * x, CELL * y);
  context.stroke();
}

// src/drawing/desk.js
function createDesk(changed) {
  let sheet = EMPTY;
  let adopted = null;
  const isEmpty = () => !sheet.strokes.length && !adopted;
  const change = (next) => {
    const same = next.strokes === sheet.strokes;
    sheet = next;
    if (!same) adopted = null;
    show2();
    if (!same) changed();
  };
  const show2 = () => {
    paper.paint(adopted);
    undo.disabled = !sheet.strokes.length;
    clear.disabled = isEmpty();
  };
  const id = uniqueName();
  const help = h("p", { class: "dann-hint", id }, `${DRAW_BY} ${DRAW_SIZED}`);
  const pen = h("output", { class: "dann-applied", "aria-live": "polite", "data-draw": "pen" });
  const paper = createSheet({ sheet: () => sheet, change, pen, help: id });
  const takeBack = (less) => {
    change(less);
    if (!less.strokes.length) paper.node.focus({ preventScroll: true });
  };
  const undo = button("undo-stroke", UNDO_STROKE, () => takeBack(undone(sheet)));
  const clear = button("clear", CLEAR, () => takeBack(cleared(sheet)));
  show2();
  return {
    node: h(
      "div",
      { class: "dann-draws" },
      paper.node,
      h("div", { class: "dann-buttons" }, undo, clear, pen)
    ),
    help,
    isEmpty,
    /** What stands on the sheet, as one of MNIST's digits. */
    ink: () => adopted ?? inkOf(sheet.strokes),
    /** @param {readonly Stroke[]} strokes that take the place of what stands there */
    draw: (strokes) => change({ ...cleared(sheet), strokes }),
    /**
     * Show a digit that was drawn elsewhere.
     * @param {Uint8Array | null} ink null for none
     */
    adopt(ink) {
      sheet = EMPTY;
      adopted = ink;
      show2();
    }
  };
}

// src/map/points.js
var DOMAINS = ["source", "target"];
var UNKNOWN = 255;
var isLabelled = (label) => label !== UNKNOWN;
var isWrong = ({ labels, predictions }, index) => predictions !== null && isLabelled(labels[index]) && predictions[index] !== labels[index];
var labelled = ({ labels }, indices) => indices.filter((index) => isLabelled(labels[index]));
var everyIndex = ({ labels }) => Array.from(labels, (_, index) => index);
var canBeWrong = (points, domain) => points !== null && points.predictions !== null && labelled(points, everyIndex(points)).some((index) => points.domains[index] === domain);
var byDomain = (points, indices) => DOMAINS.map((_, domain) => indices.filter((index) => points?.domains[index] === domain));
var areOthers = (labels, before) => before !== null && String(labels) !== String(before);

// src/map/words.js
var DIGITS = Array.from({ length: 10 }, (_, digit) => `${digit}`);
var NOT_LABELLED = "not labelled";
var noun = (names) => names.length ? "example" : "digit";
var nameOf = (names, label) => names[label] ?? `${label}`;
function rules(points) {
  const names = points?.names ?? [];
  const all = [...(names.length ? names : DIGITS).keys()];
  const there2 = new Set(points && Array.from(points.labels));
  const is = names.length ? all.filter((label) => there2.has(label)) : all;
  const someUnknown = [...there2].some((label) => !isLabelled(label));
  return [
    ["", "none"],
    ["wrong-1", "wrong on the target"],
    ["wrong-0", "wrong on the source"],
    ...ofClasses(names, "class", "every", is),
    ...ofClasses(names, "says", "without a label, taken for", someUnknown ? all : []),
    ["lasso", "those chosen on the map"]
  ];
}
var ofClasses = (names, rule, words, labels) => labels.map((label) => [`${rule}-${label}`, `${words} ${nameOf(names, label)}`]);
var show = (names) => `Show ${noun(names)}s: `;
var COLOUR = "Colour by: ";
var COLOURINGS = [
  ["class", "class"],
  ["domain", "domain"]
];
var hint = (names) => `Draw round points, or click one, to see their ${noun(names)}s. Escape: none.`;
var galleryName = (names, domain) => `Chosen ${noun(names)}s of the ${domain}`;
var heading = (domain) => domain[0].toUpperCase() + domain.slice(1);
var andMore = (rest) => rest > 0 ? `and ${rest} more` : "";
var anyDigit = (digit) => `${digit === 8 ? "an" : "a"} ${digit}`;
function onSelection(points, rule, indices) {
  if (!points || !rule) return "";
  return indices.length ? selected(points, indices) : `No ${noun(points.names)}s of that kind now.`;
}
function selected(points, indices) {
  const [source, target] = byDomain(points, indices);
  const what = noun(points.names);
  const count = `${indices.length} ${what}${indices.length === 1 ? "" : "s"} selected`;
  const kinds = `${source.length} source, ${target.length} target`;
  if (!points.predictions) return `${count}: ${kinds}.`;
  const [of, name] = target.length ? [target, "target"] : [source, "source"];
  const known = labelled(points, of);
  if (!known.length) return `${count}: ${kinds}; those of the ${name} have no labels.`;
  const right = known.filter((index) => !isWrong(points, index)).length;
  const among = known.length < of.length ? "labelled " : "";
  return `${count}: ${kinds}; ${right} of ${known.length} ${among}${name} ${what}s right.`;
}
function onCard({ labels, domains, predictions, confidence, names }, index) {
  const is = labels[index];
  const what = `${whatItIs(names, is)} of the ${DOMAINS[domains[index]]}`;
  if (!predictions) return what;
  const says = predictions[index];
  const sure = confidence ? ` (${confidence[index].toFixed(2)})` : "";
  const verb = names.length ? "predicted" : "read as";
  return `${mark(is, says)} ${what}, ${verb} ${nameOf(names, says)}${sure}`;
}
function whatItIs(names, is) {
  if (!isLabelled(is)) return `${NOT_LABELLED},`;
  return names.length ? `class ${nameOf(names, is)}` : anyDigit(is);
}
function mark(is, says) {
  if (!isLabelled(is)) return "–";
  return is === says ? "✓" : "✗";
}
var VERDICTS = { "✓": "right", "✗": "wrong", "–": "nobody knows whether that is right" };
function onDigit(names, is, says, confidence) {
  const known = isLabelled(is);
  const name = known ? nameOf(names, is) : NOT_LABELLED;
  const digit = known && !names.length;
  const thisIs = `This is ${digit ? anyDigit(is) : name}`;
  if (says === void 0) return { caption: name, title: `${thisIs}.`, label: name };
  const sure = confidence === void 0 ? "" : ` with probability ${confidence.toFixed(2)}`;
  const said = nameOf(names, says);
  const verdict = mark(is, says);
  return {
    caption: `${verdict} ${said}`,
    title: `${thisIs}; the network says ${said}${sure}.`,
    label: `${name}, predicted ${said}, ${VERDICTS[verdict]}`
  };
}

// src/map/digits.js
function captionDigit(item, names, is, says, confidence) {
  const { caption, title, label } = onDigit(names, is, says, confidence);
  item.classList.toggle("dann-wrong", says !== void 0 && isLabelled(is) && is !== says);
  const words = (
    /** @type {ChildNode} */
    item.lastChild
  );
  if (words.textContent !== caption) words.textContent = caption;
  item.title = title;
  item.setAttribute("aria-label", label);
}
async function digitSheet({ sheet, columns, width, height }) {
  if (!sheet) return null;
  const image = new Image();
  image.src = `data:image/png;base64,${sheet}`;
  await image.decode();
  const on = (canvas, index) => {
    const [x, y] = placeInSheet(index, { columns, width, height });
    canvas.getContext("2d")?.drawImage(image, x, y, width, height, 0, 0, width, height);
  };
  return { width, height, on };
}
var placeInSheet = (index, { columns, width, height }) => [
  width * (index % columns),
  height * Math.floor(index / columns)
];
function createCanvas({ width, height }, paint2) {
  const canvas = h("canvas", { width, height, "aria-hidden": "true" });
  paint2(canvas);
  return canvas;
}
var createPicture = (paint2, index) => paint2 ? createCanvas(paint2, (canvas) => paint2.on(canvas, index)) : null;

// src/reader/answers.js
function answerIn(probabilities) {
  const all = Array.from(probabilities);
  const sure = Math.max(...all);
  return { digit: all.indexOf(sure), sure };
}

// src/reader/examples.js
var EXAMPLES = [
  [
    [
      [8, 7],
      [20, 7],
      [17, 13],
      [13, 22]
    ]
  ],
  [
    [
      [8, 9],
      [11, 6],
      [16, 6],
      [19, 9],
      [18, 13],
      [13, 18],
      [8, 22],
      [20, 22]
    ]
  ],
  [
    [
      [12, 5],
      [9, 11],
      [7, 16],
      [21, 16]
    ],
    [
      [17, 9],
      [16, 16],
      [15, 24]
    ]
  ],
  [
    [
      [8, 7],
      [13, 5],
      [18, 7],
      [18, 11],
      [13, 13],
      [19, 15],
      [20, 19],
      [16, 23],
      [8, 21]
    ]
  ]
];

// src/reader/words.js
var LOOKS = { drawn: "as drawn", stripes: "behind stripes", photo: "over a photo" };
var BEHIND = { drawn: "nothing", stripes: "stripes", photo: "a photo" };
var BEHIND_IT = "Behind it";
var EXAMPLE = { label: "An example", title: "Draw a digit for you, another each time" };
var EMPTY2 = "Draw a digit, or take an example. Here you see it as the networks get it, and what each of them reads.";
var NETWORKS_GET = "What the networks get";
var PROBABILITIES = "How probable each network takes each digit to be";
var DIGIT = "Digit";
var READS = "Reads";
var percent = (share) => `${Math.round(100 * share)} %`;
var told = ({ digit, sure }) => `${digit} (${percent(sure)})`;
var sentence = (look, answers) => `${look}: ${answers.map(({ name, answer }) => `${name} reads ${told(answer)}`).join(", ")}.`;
var BROKEN = "The networks could not be read. Load the page again.";

// src/reader/view.js
function createView({ title, caption, networks, kinds, changed }) {
  let pattern = 0;
  let example = 0;
  const desk = createDesk(changed);
  const behind = createChoice(kinds, changed);
  const other = button("other", OTHER_GROUND, () => {
    pattern += 1;
    changed();
  });
  const draw = button("example", EXAMPLE, () => {
    desk.draw(EXAMPLES[example % EXAMPLES.length]);
    example += 1;
  });
  const empty = h("p", { class: "dann-hint", "data-draw": "empty" }, EMPTY2);
  const read = createRead(networks, other);
  const lines = [caption, ...networks.map(({ about }) => about)].filter(Boolean);
  const figure = h(
    "figure",
    { class: "dann-wide dann-draw dann-reader", "data-draw": "card" },
    h("h3", {}, title),
    desk.help,
    h(
      "div",
      { class: "dann-desk" },
      h("div", { class: "dann-draws" }, desk.node, h("div", { class: "dann-buttons" }, draw)),
      h("div", { class: "dann-read" }, behind.node, empty, read.node)
    ),
    h("figcaption", {}, ...lines.map((line) => h("p", { class: "dann-hint" }, line)))
  );
  return {
    root: h("div", { class: "dann" }, figure),
    ink: () => desk.isEmpty() ? null : desk.ink(),
    kind: behind.chosen,
    pattern: () => pattern,
    /**
     * @param {Uint8Array} picture
     * @param {Float64Array[]} probabilities of each network
     */
    show(picture, probabilities) {
      empty.hidden = true;
      other.hidden = behind.chosen() === "drawn";
      read.show(picture, probabilities, headOf(LOOKS[behind.chosen()]));
    },
    showNothing() {
      empty.hidden = false;
      read.forget();
    },
    /** @param {string} problem */
    tell(problem) {
      empty.textContent = problem;
      empty.classList.add("dann-message", "dann-bad");
    }
  };
}
function createChoice(kinds, changed) {
  const name = uniqueName();
  const radios = kinds.map(
    (kind, i) => h("input", { type: "radio", name, value: kind, checked: i === 0, onchange: changed })
  );
  return {
    node: h(
      "fieldset",
      { class: "dann-behind", "data-draw": "behind" },
      h("legend", {}, BEHIND_IT),
      ...radios.map((radio, i) => h("label", {}, radio, ` ${BEHIND[kinds[i]]}`))
    ),
    chosen: () => kinds[radios.findIndex((radio) => radio.checked)]
  };
}
function createRead(networks, other) {
  const canvas = createCanvas({ width: SIDE, height: SIDE }, () => {
  });
  const look = h("b", {});
  const sentence2 = h("p", { "aria-live": "polite", "data-draw": "sentence" });
  const names = networks.map(({ name }) => name);
  const table = createTable(names);
  const node = h(
    "div",
    { class: "dann-read", hidden: true, "data-draw": "read" },
    h(
      "div",
      { class: "dann-given" },
      canvas,
      h("div", {}, h("span", { class: "dann-domain" }, NETWORKS_GET), look, other)
    ),
    sentence2,
    table.node
  );
  let timer;
  return {
    node,
    forget() {
      clearTimeout(timer);
      node.hidden = true;
      sentence2.textContent = "";
    },
    /**
     * @param {Uint8Array} picture
     * @param {Float64Array[]} probabilities
     * @param {string} name of the look
     */
    show(picture, probabilities, name) {
      node.hidden = false;
      paintPixels(canvas, picture);
      look.textContent = name;
      table.show(probabilities);
      const answers = names.map((one, i) => ({ name: one, answer: answerIn(probabilities[i]) }));
      clearTimeout(timer);
      timer = setTimeout(() => {
        sentence2.textContent = sentence(name, answers);
      }, AT_REST);
    }
  };
}
var AT_REST = 400;
function createTable(names) {
  const cells = Array.from(
    { length: 10 },
    () => names.map(() => h("td", {}, h("span", { class: "dann-bar" }), h("span", {})))
  );
  const answers = names.map(() => h("td", {}));
  const row = (head, others) => h("tr", {}, h("th", { scope: "row" }, head), ...others);
  return {
    node: h(
      "table",
      { class: "dann-odds", "aria-label": PROBABILITIES, "data-draw": "odds" },
      h(
        "thead",
        {},
        h("tr", {}, ...[DIGIT, ...names].map((name) => h("th", { scope: "col" }, name)))
      ),
      h("tbody", {}, row(READS, answers), ...cells.map((some, digit) => row(digit, some)))
    ),
    /** @param {Float64Array[]} probabilities of each network */
    show(probabilities) {
      for (const [i, some] of probabilities.entries()) {
        const answer = answerIn(some);
        answers[i].textContent = told(answer);
        for (const [digit, share] of some.entries()) {
          const cell2 = cells[digit][i];
          const [bar, text] = cell2.children;
          bar.style.setProperty("--share", String(share));
          text.textContent = percent(share);
          cell2.classList.toggle("dann-most", digit === answer.digit);
        }
      }
    }
  };
}

// src/reader/widget.js
var BETWEEN = 40;
function render({ model, el }) {
  const networks = model.get("networks");
  const grounds = model.get("grounds");
  const pictures = new Map(grounds.map((ground) => [ground.kind, picturesOf(ground)]));
  let readers = [];
  let timer;
  const read = () => {
    timer = void 0;
    const ink = view.ink();
    if (!ink || !readers.length) return view.showNothing();
    const kind = view.kind();
    const some = pictures.get(kind) ?? [];
    const picture = dressed(ink, kind, some[view.pattern() % some.length]);
    view.show(
      picture,
      readers.map((reader) => reader(picture))
    );
  };
  const changed = () => {
    timer ??= setTimeout(read, BETWEEN);
  };
  const view = createView({
    title: model.get("title"),
    caption: model.get("caption"),
    networks,
    kinds: grounds.map(({ kind }) => kind),
    changed
  });
  Promise.all(networks.map(unpacked)).then(
    (found) => {
      readers = found;
      changed();
    },
    (error) => {
      console.error(error);
      view.tell(BROKEN);
    }
  );
  el.append(view.root);
  const forgetTheme = followTheme(view.root);
  return () => {
    clearTimeout(timer);
    forgetTheme();
  };
}

// src/player/choices.js
var FIRST_METHOD = "t-SNE";
var FIRST_CURVE = "target_accuracy";
function methodsOf(runs) {
  const methods = new Set(runs.flatMap((run) => Object.keys(run.maps)));
  return [...methods].map((name) => [name, name]);
}
var curvesOf = (curves) => Object.entries(curves).map(([name, { title }]) => [name, title]);
var methodToKeep = (chosen) => chosen || FIRST_METHOD;
var curveToKeep = (chosen) => chosen || FIRST_CURVE;
var stillChosen = (options, chosen) => options.some(([value]) => value === chosen) ? chosen : options[0]?.[0] ?? "";
function offer(select, options, chosen) {
  select.replaceChildren(...options.map(([value, words]) => h("option", { value }, words)));
  select.value = stillChosen(options, chosen);
  select.hidden = options.length < 2;
}

// src/shared/plotly.js
function askForPlotly(model) {
  globalThis.dannPlotly ??= new Promise((resolve, reject) => {
    const listen = async (message) => {
      if (message.type !== "plotly") return;
      model.off("msg:custom", listen);
      try {
        const text = await unzipped(message.gzip);
        const script = document.createElement("script");
        const alone = ["(function (define, module, exports) {", text, "\n}).call(window);"];
        script.src = URL.createObjectURL(new Blob(alone, { type: "text/javascript" }));
        script.onload = () => resolve(
          /** @type {PlotlyLibrary} */
          globalThis.Plotly
        );
        script.onerror = () => reject(new Error("Plotly's script did not load."));
        document.head.append(script);
      } catch (error) {
        reject(error);
      }
    };
    model.on("msg:custom", listen);
    model.send({ type: "plotly" });
  });
  return globalThis.dannPlotly;
}

// src/shared/plot.js
function createPlot({ model, title, caption, attributes }) {
  caption.id = `caption-${uniqueName()}`;
  const box = h("div", {
    class: "dann-plot",
    role: "img",
    "aria-label": title,
    "aria-describedby": caption.id,
    ...attributes
  });
  const resize = new ResizeObserver(async () => {
    if (!box.data || !box.offsetWidth) return;
    (await askForPlotly(model)).Plots.resize(box);
  });
  resize.observe(box);
  const draw = async (figure) => {
    const Plotly = await askForPlotly(model);
    if (!box.isConnected) return;
    const layout = { ...figure.layout, height: void 0, autosize: true };
    await Plotly.react(box, figure.data, layout, { displayModeBar: false });
    for (const svg of box.querySelectorAll("svg")) svg.setAttribute("aria-hidden", "true");
  };
  return {
    box,
    draw,
    /**
     * Draws in a box as high as the figure.
     * @param {Figure} figure
     */
    drawWhole(figure) {
      const { height } = figure.layout;
      if (height) box.style.height = `${height}px`;
      return draw(figure);
    },
    remove() {
      resize.disconnect();
      globalThis.Plotly?.purge(box);
    }
  };
}

// src/shared/words.js
var KIND_OF_MAP = "Kind of map";
var written = (number2) => number2.toLocaleString("en");
var stepOf = (step, steps) => `Step ${written(step)} of ${written(steps)}`;

// src/player/moments.js
function lastAt(steps, step) {
  let found = -1;
  for (let i = 0; i < steps.length; i += 1) if (steps[i] <= step) found = i;
  return found;
}
var lastStep = (runs) => Math.max(...runs.map((run) => Math.max(run.steps, ...run.moments)));
function replayed(runs, step, last) {
  const moments = new Set(runs.flatMap((run) => run.moments).concat(last));
  const steps = [...moments].sort((a, b) => a - b);
  return step >= last ? steps : steps.filter((moment) => moment > step);
}
var within = (step, last) => Math.min(Math.max(0, step), last);
var stepAfter = (was, last, same) => same && was.step < was.last ? was.step : last;
var areSame = (runs, before) => titles(runs) === titles(before);
var titles = (runs) => JSON.stringify(runs.map(({ title }) => title));
function valueAt(run, name, step) {
  const { x, y } = run.curves[name] ?? { x: [], y: [] };
  const found = lastAt(x, step);
  return found < 0 || Number.isNaN(y[found]) ? null : y[found];
}

// src/player/words.js
var PLAYER = "Runs side by side";
var SLIDER = "Moment of these runs, in steps";
var REPLAY = "Show these runs from their beginning";
var PLAY = "Play";
var STOP = "Stop";
var MAPS = "Maps of the features, side by side";
var CURVE = "Curve";
var CURVES = "Curves in one picture";
var CURVES_BOX = "Curves of these runs";
var DIFFERENCES = "What differs";
var READINGS = "What each network reads";
var rightOf = ({ title }, right, known) => known ? `${title}: ${right} of these ${known} right` : title;
var mapTitle = (run) => `Map of ${run.title}`;
var aboutRuns = (runs) => [...new Set(runs.map((run) => run.about).filter(Boolean))].map((about) => `${about}.`).join(" ");
var sliderValue = (step) => `step ${step}`;
var aboutMoment = (step, last) => `${stepOf(step, last)}.`;
var onRuns = (runs, step) => `Step ${written(step)}. Right on the target: ${values(runs, "target_accuracy", true, step)}.`;
var onCurve = (runs, name, { title, share }, step) => `${title} at step ${written(step)}, where the upright line is. ${values(runs, name, share, step)}.${forks(runs)}`;
var forks = (runs) => runs.filter(({ fork }) => fork).map(({ title, fork = 0 }) => ` ${title} left another run after step ${written(fork)}.`).join("");
var nothing = (share) => share ? "–" : "none";
var values = (runs, name, share, step) => runs.map((run) => {
  const value = run.curves[name] ? oneValue(valueAt(run, name, step), share) : nothing(share);
  return `${run.title}: ${value}`;
}).join("; ");
function oneValue(value, share) {
  if (value === null) return "none yet";
  return share ? `${Math.round(100 * value)} %` : value.toFixed(2);
}
function onMap(maps, row, method) {
  if (!maps) {
    return `There is no ${method} map of this run. Maps are drawn while one is chosen on its page.`;
  }
  return row < 0 ? `The first ${method} map of this run comes later.` : maps.captions[row];
}

// src/player/curves.js
function curveFigure(overlay, step, dark) {
  const { data, layout } = dark ? overlay.dark : overlay.light;
  const cursor = {
    type: "line",
    yref: "paper",
    x0: step,
    x1: step,
    y0: 0,
    y1: 1,
    line: { color: layout.font.color, width: 1.5 }
  };
  return { data, layout: { ...layout, shapes: [...layout.shapes, cursor] } };
}
var CurvePicture = class {
  #select;
  #caption;
  #plot;
  /**
   * @param {WidgetModel} model
   * @param {() => void} redraw
   */
  constructor(model, redraw) {
    this.#caption = h("figcaption", { "data-caption": "player-curves" });
    this.#plot = createPlot({
      model,
      title: CURVES_BOX,
      caption: this.#caption,
      attributes: { "data-plot": "player-curves" }
    });
    this.#select = h("select", {
      "data-choice": "player-curve",
      "aria-label": CURVE,
      onchange: redraw
    });
    this.node = h(
      "figure",
      { class: "dann-wide" },
      h("div", { class: "dann-named" }, h("h3", {}, CURVES), this.#select),
      this.#plot.box,
      this.#caption
    );
  }
  /** @param {Bundle["curves"]} curves */
  offer(curves) {
    offer(this.#select, curvesOf(curves), curveToKeep(this.#select.value));
  }
  /**
   * @param {Bundle["curves"]} curves
   * @param {Run[]} runs
   * @param {number} step
   */
  async draw(curves, runs, step) {
    const name = this.#select.value;
    if (!name) return;
    this.#caption.textContent = onCurve(runs, name, curves[name], step);
    await this.#plot.draw(curveFigure(curves[name], step, isDark()));
  }
  remove() {
    this.#plot.remove();
  }
};

// src/player/maps.js
var MARGIN = 1.06;
function mapAt(run, method, step) {
  const maps = run.maps[method];
  const steps = maps ? maps.rows.map((row) => run.moments[row]) : [];
  return { maps, row: lastAt(steps, step) };
}
var pointsAt = (run, moment) => ({
  labels: run.labels,
  domains: run.domains,
  predictions: run.predictions(moment),
  confidence: Float32Array.from(run.confidence(moment), (share) => share / 255),
  names: run.classes
});
function reachAt(runs, method, step) {
  let most = 0;
  for (const run of runs) {
    const { maps, row } = mapAt(run, method, step);
    if (!maps || row < 0) continue;
    for (const place of maps.flat.subarray(2 * row * run.points, 2 * (row + 1) * run.points)) {
      most = Math.max(most, Math.abs(place) * maps.scale);
    }
  }
  return Math.max(0.5, Math.ceil(2 * MARGIN * most) / 2);
}
function mapFigure(run, maps, row, dark, reach2) {
  const { data, layout } = run.templates[dark ? "dark" : "light"];
  const at = positionsOf(maps, row, run.points);
  const range = [-reach2, reach2];
  return {
    data: data.map((trace) => placedTrace(trace, at)),
    layout: {
      ...layout,
      annotations: layout.annotations.map(
        (annotation) => placedNumber(annotation, run.labels, at)
      ),
      xaxis: { ...layout.xaxis, range: [...range] },
      yaxis: { ...layout.yaxis, range: [...range] }
    }
  };
}
var positionsOf = (maps, row, points) => (point, axis) => maps.flat[2 * (row * points + point) + axis] * maps.scale;
function placedTrace(trace, at) {
  if (!trace.customdata) return trace;
  const points = trace.customdata;
  return {
    ...trace,
    x: points.map((point) => at(point, 0)),
    y: points.map((point) => at(point, 1))
  };
}
function placedNumber(annotation, labels, at) {
  const label = labelOf(annotation);
  const own = [...labels.keys()].filter((point) => labels[point] === label);
  const [x, y] = [0, 1].map((axis) => middle2(own.map((point) => at(point, axis))));
  const far = (point) => Math.abs(at(point, 0) - x) + Math.abs(at(point, 1) - y);
  const nearest = own.reduce((best, point) => far(point) < far(best) ? point : best, own[0]);
  return { ...annotation, x: at(nearest, 0), y: at(nearest, 1) };
}
var labelOf = (annotation) => Number(annotation.name);
var middle2 = (values2) => [...values2].sort((a, b) => a - b)[values2.length >> 1];

// src/player/readings.js
var MOST = 12;
var TARGET = 1;
var Readings = class {
  node = h("div", { class: "dann-readings", role: "group", "aria-label": READINGS });
  /** @type {Row[]} */
  #rows = [];
  /**
   * @param {Run[]} runs
   * @param {Record<string, Paint>} paints by the data's id
   */
  show(runs, paints) {
    this.#rows = runs.map((run) => createRow(run, paints[run.data]));
    this.node.replaceChildren(
      ...this.#rows.map(
        ({ title, items }) => h("div", {}, title, h("ul", { class: "dann-digits" }, ...items))
      )
    );
  }
  /** @param {number} step */
  draw(step) {
    for (const row of this.#rows) drawRow(row, step);
  }
};
function createRow(run, paint2) {
  const places = [...run.domains.keys()].filter((place) => run.domains[place] === TARGET);
  const shown = places.slice(0, MOST);
  const items = shown.map((place) => h("li", {}, createPicture(paint2, place) ?? "", h("span", {})));
  return { run, places: shown, title: h("h4", {}), items };
}
function drawRow({ run, places, title, items }, step) {
  const moment = lastAt(run.moments, step);
  if (moment < 0) {
    title.textContent = run.title;
    return;
  }
  const [says, confidence] = [run.predictions(moment), run.confidence(moment)];
  for (const [k, place] of places.entries()) {
    const sure = confidence[place] / 255;
    captionDigit(items[k], run.classes, run.labels[place], says[place], sure);
  }
  const known = places.filter((place) => isLabelled(run.labels[place]));
  const right = known.filter((place) => says[place] === run.labels[place]).length;
  title.textContent = rightOf(run, right, known.length);
}

// src/map/place.js
var EDGE = 2;
var BESIDE = 14;
var whereIs = ({ x, y, xaxis, yaxis }) => ({
  x: xaxis.l2p(x) + xaxis._offset,
  y: yaxis.l2p(y) + yaxis._offset
});
function placeCard({ x, y }, card, frame) {
  const fits = x + BESIDE + card.width <= frame.width - EDGE;
  const left = fits ? x + BESIDE : x - BESIDE - card.width;
  const top = left >= EDGE ? y - card.height / 2 : aboveOrBelow(y, card, frame);
  return {
    left: within2(left, card.width, frame.width),
    top: within2(top, card.height, frame.height)
  };
}
var aboveOrBelow = (y, card, frame) => y + BESIDE + card.height < frame.height ? y + BESIDE : y - BESIDE - card.height;
var within2 = (at, size, room) => Math.max(EDGE, Math.min(at, room - size - EDGE));

// src/map/card.js
var Card = class {
  node = h("div", {
    class: "dann-hover",
    "data-map": "card",
    "aria-hidden": "true",
    hidden: true
  });
  /** The index of the digit that it shows. */
  get index() {
    const { digit } = this.node.dataset;
    return digit === void 0 ? null : Number(digit);
  }
  /**
   * @param {Points} points
   * @param {number} index
   * @param {Paint | null | undefined} paint
   */
  fill(points, index, paint2) {
    const picture = createPicture(paint2, index);
    const words = h("span", {}, onCard(points, index));
    this.node.dataset.digit = String(index);
    this.node.classList.toggle("dann-wrong", isWrong(points, index));
    this.node.replaceChildren(...picture ? [picture, words] : [words]);
  }
  /**
   * Shows what it was filled with beside a point. Only once it is shown it has a size.
   * @param {{ x: number, y: number }} point
   * @param {Size} frame
   */
  showBeside(point, frame) {
    this.node.hidden = false;
    const size = { width: this.node.offsetWidth, height: this.node.offsetHeight };
    const { left, top } = placeCard(point, size, frame);
    this.node.style.left = `${left}px`;
    this.node.style.top = `${top}px`;
  }
  hide() {
    this.node.hidden = true;
    delete this.node.dataset.digit;
  }
};

// src/map/figure.js
var drawnFigure = ({ data, layout }, points, marked, revision) => ({
  data: data.map((trace) => points ? askedTrace(trace, marked) : trace),
  layout: {
    ...layout,
    dragmode: points ? "lasso" : false,
    selections: [],
    // the line drawn: where the points go, it would not follow
    uirevision: "map",
    // a class that the reader hides stays hidden
    selectionrevision: revision,
    newselection: { line: { color: layout.font.color, width: 1.5 } }
  }
});
function askedTrace(trace, marked) {
  if (!trace.customdata) return trace;
  const { hovertemplate, ...kept } = trace;
  return {
    ...kept,
    hoverinfo: "none",
    selectedpoints: marked && placesOf(trace.customdata, marked),
    selected: { marker: { opacity: 1, size: 8 } },
    unselected: { marker: { opacity: 0.16 } }
  };
}
var placesOf = (indices, marked) => indices.flatMap((index, place) => marked.has(index) ? [place] : []);

// src/map/hand.js
var alsoLate = (late, byPerson) => ({ byPerson: byPerson || Boolean(late?.byPerson) });
var Hand = class {
  /** Whether it draws now. What is drawn meanwhile would break the line: it waits. */
  drawing = false;
  #drew = false;
  #released;
  /**
   * @param {HTMLElement} box
   * @param {() => void} pressed
   * @param {() => void} released
   */
  constructor(box, pressed, released) {
    this.#released = released;
    box.addEventListener("pointerdown", () => {
      this.drawing = this.#drew = true;
      pressed();
    });
    addEventListener("pointerup", this.#release);
    addEventListener("pointercancel", this.#release);
  }
  /** Whether it has drawn since this was asked last: Plotly tells of selections after a redraw too. */
  hasDrawn() {
    const drew = this.#drew;
    this.#drew = false;
    return drew;
  }
  remove() {
    removeEventListener("pointerup", this.#release);
    removeEventListener("pointercancel", this.#release);
  }
  #release = () => {
    if (!this.drawing) return;
    setTimeout(() => {
      this.drawing = false;
      this.#released();
    });
  };
};

// src/map/labels.js
var ROUNDS = 60;
var AIR = 2;
function apart(names) {
  const moved2 = names.map((name) => ({ ...name }));
  for (let round = 0; round < ROUNDS; round++) {
    let touched = false;
    for (const [i, one] of moved2.entries()) {
      for (const other of moved2.slice(i + 1)) touched = part(one, other) || touched;
    }
    if (!touched) break;
  }
  return moved2;
}
function part(one, other) {
  const missing = {
    x: (one.width + other.width) / 2 + AIR - Math.abs(one.x - other.x),
    y: (one.height + other.height) / 2 + AIR - Math.abs(one.y - other.y)
  };
  if (missing.x <= 0.01 || missing.y <= 0.01) return false;
  const axis = missing.x < missing.y ? "x" : "y";
  const half = (one[axis] <= other[axis] ? 1 : -1) * missing[axis] / 2;
  one[axis] -= half;
  other[axis] += half;
  return true;
}
function layoutApart({ data, layout }, box) {
  const { annotations, margin } = layout;
  if (!annotations?.length || !box.width) return layout;
  const scale = Math.min(
    (box.width - margin.l - margin.r) / spanOf(data, layout, "x"),
    (box.height - margin.t - margin.b) / spanOf(data, layout, "y")
  );
  const names = annotations.map(({ x, y, text, font }) => ({
    x: x * scale,
    y: -y * scale,
    width: 0.72 * font.size * text.replace(/<.*?>/g, "").length + 6,
    height: font.size + 6
  }));
  const moved2 = apart(names);
  return {
    ...layout,
    annotations: annotations.map(
      (annotation, k) => ({
        ...annotation,
        xshift: (annotation.xshift ?? 0) + Math.round(moved2[k].x - names[k].x),
        yshift: (annotation.yshift ?? 0) - Math.round(moved2[k].y - names[k].y)
      })
    )
  };
}
var PADDED = 1.1;
function spanOf(data, layout, axis) {
  const { range } = layout[`${axis}axis`];
  if (range) return range[1] - range[0];
  let [low, high] = [Infinity, -Infinity];
  for (const trace of data) {
    if (!trace.customdata) continue;
    const values2 = trace[axis];
    for (const value of values2.bdata ? floats(values2.bdata) : values2) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return PADDED * Math.max(high - low, 1e-9);
}

// src/map/selection.js
var NOTHING = { rule: "", chosen: /* @__PURE__ */ new Set() };
var byRule = (selection, rule) => ({
  rule,
  chosen: rule === "lasso" ? selection.chosen : NOTHING.chosen
});
var byHand = (indices) => indices.length ? { rule: "lasso", chosen: new Set(indices) } : NOTHING;
function byClick({ chosen }, index) {
  const again = chosen.size === 1 && chosen.has(index);
  return byHand(again ? [] : [index]);
}
var hasChosen = ({ chosen }) => chosen.size > 0;
function asked(points, { rule, chosen }) {
  if (!points || !rule) return [];
  const { labels, domains, predictions } = points;
  const [kind, number2] = rule.split("-");
  const which = Number(number2);
  const rules2 = {
    lasso: (index) => chosen.has(index),
    class: (index) => labels[index] === which,
    says: (index) => !isLabelled(labels[index]) && predictions?.[index] === which,
    wrong: (index) => domains[index] === which && isWrong(points, index)
  };
  return everyIndex(points).filter(rules2[kind]);
}

// src/map/colouring.js
var Colouring = class {
  #select;
  /** @param {() => void} redraw */
  constructor(redraw) {
    this.#select = h(
      "select",
      { "data-map": "colour", onchange: redraw },
      ...COLOURINGS.map(([value, words]) => h("option", { value }, words))
    );
    this.node = h("label", { class: "dann-inline", hidden: true }, COLOUR, this.#select);
  }
  /**
   * As its reader wants it; the select is there for a map alone.
   * @param {Figure} figure
   * @returns {Figure}
   */
  of(figure) {
    this.node.hidden = !figure.data.some(({ meta }) => meta?.domain);
    return this.#select.value === "domain" ? colouredByDomain(figure) : figure;
  }
};
var colouredByDomain = ({ data, layout }) => ({ data: data.map(domainTrace), layout });
function domainTrace(trace) {
  const color = trace.meta?.domain;
  if (!color) return trace;
  const marker = { ...trace.marker, color };
  if (!trace.customdata) return { ...trace, marker };
  return { ...trace, marker: { ...marker, line: { ...marker.line, color } }, showlegend: false };
}

// src/map/gallery.js
var ROOM2 = 60;
function fitting(points, indices) {
  const both = byDomain(points, indices);
  return both.map((own, domain) => {
    const room = Math.max(ROOM2 / 2, ROOM2 - both[1 - domain].length);
    return { shown: own.slice(0, room), rest: Math.max(0, own.length - room) };
  });
}
var areOtherPictures = (now, before) => now.paint !== before.paint || JSON.stringify(now.groups) !== JSON.stringify(before.groups);
var Gallery = class {
  /** @type {Content} */
  #content = { groups: fitting(null, []), paint: null, names: [] };
  /** @type {Map<number, HTMLElement>} */
  #items = /* @__PURE__ */ new Map();
  // by the digit's index
  #groups = DOMAINS.map(createGroup);
  nodes = this.#groups.map((group) => group.node);
  /**
   * @param {Points | null} points
   * @param {number[]} indices
   * @param {Paint | null | undefined} paint
   */
  show(points, indices, paint2) {
    const content = { groups: fitting(points, indices), paint: paint2, names: points?.names ?? [] };
    if (areOtherPictures(content, this.#content)) this.#fill(content);
    if (!points) return;
    for (const [index, item] of this.#items) captionItem(item, points, index);
  }
  /** @param {Content} content */
  #fill(content) {
    this.#content = content;
    this.#items.clear();
    for (const [domain, { shown, rest }] of content.groups.entries()) {
      const { node, list, more } = this.#groups[domain];
      list.setAttribute("aria-label", galleryName(content.names, DOMAINS[domain]));
      node.hidden = !shown.length;
      more.hidden = !rest;
      more.textContent = andMore(rest);
      for (const index of shown) this.#items.set(index, createItem(index, content.paint));
      list.replaceChildren(...shown.map((index) => (
        /** @type {Node} */
        this.#items.get(index)
      )));
    }
  }
};
function createGroup(domain) {
  const list = h("ul", {
    class: "dann-digits dann-gallery",
    "data-gallery": domain,
    "aria-label": galleryName([], domain)
  });
  const more = h("p", { class: "dann-domain" });
  const name = h("p", { class: "dann-domain" }, heading(domain));
  return { list, more, node: h("div", { hidden: true }, name, list, more) };
}
var createItem = (index, paint2) => h("li", { "data-digit": index }, createPicture(paint2, index), h("span", {}));
var captionItem = (item, { labels, predictions, confidence, names }, index) => captionDigit(item, names, labels[index], predictions?.[index], confidence?.[index]);

// src/map/tools.js
var Tools = class {
  gallery = new Gallery();
  /** @type {HTMLOptionElement[]} */
  #options = [];
  #offered = "";
  // the rules, as JSON
  #selection = NOTHING;
  #select;
  #label = h("span", {});
  #hint = h("p", { class: "dann-hint", "data-map": "hint" });
  #sentence = h("p", { class: "dann-chosen", "aria-live": "polite", "data-map": "sentence" });
  /**
   * @param {(rule: string) => void} choose hears which rule the reader takes
   * @param {() => void} redraw for other colours
   */
  constructor(choose, redraw) {
    this.colouring = new Colouring(redraw);
    this.#select = h("select", {
      "data-map": "show",
      onchange: () => choose(this.#select.value)
    });
    const label = h("label", { class: "dann-inline" }, this.#label, this.#select);
    this.node = h(
      "div",
      { class: "dann-tools", hidden: true },
      h("div", { class: "dann-named" }, this.colouring.node, label, this.#hint),
      this.#sentence,
      ...this.gallery.nodes
    );
    this.offer(null);
  }
  /**
   * The rules that there are for these points.
   * @param {Points | null} points
   */
  offer(points) {
    const offered = rules(points);
    const text = JSON.stringify(offered);
    if (text !== this.#offered) {
      this.#offered = text;
      const names = points?.names ?? [];
      this.#options = offered.map(([value, words]) => h("option", { value }, words));
      this.#select.replaceChildren(...this.#options);
      this.#label.textContent = show(names);
      this.#hint.textContent = hint(names);
      this.follow(this.#selection);
    }
    for (const option of this.#options) {
      const [rule, domain] = option.value.split("-");
      if (rule === "wrong") option.disabled = !canBeWrong(points, Number(domain));
    }
  }
  /** @param {Selection} selection */
  follow(selection) {
    this.#selection = selection;
    const drawn = (
      /** @type {HTMLOptionElement} */
      this.#options.at(-1)
    );
    drawn.hidden = drawn.disabled = !hasChosen(selection);
    this.#select.value = selection.rule;
  }
  /**
   * @param {Points | null} points
   * @param {string} rule
   * @param {number[]} indices
   * @param {boolean} aloud a frame's news is not read aloud; what the reader has asked for is
   */
  say(points, rule, indices, aloud) {
    this.#sentence.setAttribute("aria-live", aloud ? "polite" : "off");
    const words = onSelection(points, rule, indices);
    if (this.#sentence.textContent !== words) this.#sentence.textContent = words;
  }
};

// src/map/map.js
var FeatureMap = class {
  caption;
  node;
  #box;
  #plot;
  #pictures;
  #hand;
  #card = new Card();
  #tools = new Tools(
    (rule) => this.#choose(byRule(this.#selection, rule)),
    () => this.#paint(true)
  );
  /** @type {Figure | null} */
  #figure = null;
  /** @type {Points | null} */
  #points = null;
  /** @type {Numbers | null} the labels of the points that were there last */
  #known = null;
  /** @type {Selection} */
  #selection = NOTHING;
  /** @type {Late} */
  #late = null;
  #listening = false;
  /** @param {MapOptions} options */
  constructor({ model, title, pictures, name = "map" }) {
    this.#pictures = pictures;
    this.caption = h("p", { class: "dann-caption", "data-caption": name });
    this.#plot = createPlot({
      model,
      title,
      caption: this.caption,
      attributes: { class: "dann-plot dann-map", tabindex: -1, "data-plot": name, hidden: true }
    });
    this.#box = this.#plot.box;
    this.node = h(
      "div",
      { class: "dann-asked", onkeydown: this.#press },
      h("div", { class: "dann-frame" }, this.#box, this.#card.node),
      this.caption,
      this.#tools.node
    );
    this.#hand = new Hand(this.#box, this.#pressed, this.#released);
  }
  /**
   * @param {Figure | null} figure of scatter_map in dann_lab/figures/feature_maps.py; null shows no
   *   map
   * @param {Points | null} [points] null until they are known
   */
  async draw(figure, points = null) {
    this.#figure = figure;
    this.#points = points;
    if (points && areOthers(points.labels, this.#known)) {
      this.#select(NOTHING);
      this.#card.hide();
    }
    this.#known = points?.labels ?? this.#known;
    this.#box.hidden = !figure;
    const canBeAsked = figure && points;
    this.#tools.node.hidden = !canBeAsked;
    if (!canBeAsked) this.#card.hide();
    if (points) this.#tools.offer(points);
    await this.#paint(false);
  }
  remove() {
    this.#hand.remove();
    this.#plot.remove();
  }
  /**
   * Draws everything as it is now.
   * @param {boolean} byPerson whether the reader has asked for it, not a frame
   */
  async #paint(byPerson) {
    if (!this.#figure) return;
    if (this.#hand.drawing) {
      this.#late = alsoLate(this.#late, byPerson);
      return;
    }
    const points = this.#points;
    const { rule } = this.#selection;
    const indices = asked(points, this.#selection);
    this.#tools.say(points, rule, indices, byPerson);
    this.#tools.gallery.show(points, indices, this.#pictures());
    const { index } = this.#card;
    if (points && index !== null) this.#card.fill(points, index, this.#pictures());
    const marked = points && rule ? new Set(indices) : null;
    const box = { width: this.#box.clientWidth, height: this.#box.clientHeight };
    const figure = drawnFigure(
      { data: this.#figure.data, layout: layoutApart(this.#figure, box) },
      points,
      marked,
      Math.random()
    );
    await this.#plot.draw(this.#tools.colouring.of(figure));
    this.#listen();
  }
  #listen() {
    if (this.#listening || !this.#box.on) return;
    this.#listening = true;
    this.#box.on("plotly_hover", this.#hover);
    this.#box.on("plotly_unhover", () => this.#card.hide());
    this.#box.on("plotly_click", this.#click);
    this.#box.on("plotly_selected", this.#lasso);
    this.#box.on("plotly_deselect", this.#clear);
  }
  /** @param {Selection} selection */
  #choose(selection) {
    this.#select(selection);
    this.#paint(true);
  }
  /** @param {Selection} selection */
  #select(selection) {
    this.#selection = selection;
    this.#tools.follow(selection);
  }
  #clear = () => {
    if (this.#selection.rule) this.#choose(NOTHING);
  };
  /** @param {KeyboardEvent} event */
  #press = (event) => {
    if (event.key !== "Escape" || !this.#selection.rule) return;
    event.stopPropagation();
    this.#clear();
  };
  #pressed = () => {
    this.#card.hide();
    this.#box.focus({ preventScroll: true });
  };
  #released = () => {
    const late = this.#late;
    this.#late = null;
    if (late) this.#paint(late.byPerson);
  };
  /** @param {PlotlyEvent | undefined} event */
  #lasso = (event) => {
    const byPerson = this.#hand.hasDrawn();
    if (!this.#points || !event || !byPerson) return;
    this.#choose(byHand(event.points.map((point) => (
      /** @type {number} */
      point.customdata
    ))));
  };
  /** @param {PlotlyEvent} event */
  #click = (event) => {
    const index = event.points[0]?.customdata;
    if (this.#points && index !== void 0) this.#choose(byClick(this.#selection, index));
  };
  /** @param {PlotlyEvent} event */
  #hover = (event) => {
    const [point] = event.points;
    if (!this.#points || this.#hand.drawing || point?.customdata === void 0) return;
    this.#card.fill(this.#points, point.customdata, this.#pictures());
    this.#card.showBeside(whereIs(point), this.#box.getBoundingClientRect());
  };
};

// src/player/side.js
var SideBySide = class {
  #model;
  #pictures;
  /** @type {Slot[]} */
  #slots = [];
  #title = h("h3", {}, MAPS);
  #select;
  #side = h("div", { class: "dann-side" });
  /**
   * @param {WidgetModel} model
   * @param {Pictures} pictures
   * @param {() => void} redraw
   */
  constructor(model, pictures, redraw) {
    this.#model = model;
    this.#pictures = pictures;
    this.#select = h("select", {
      "data-choice": "player-map",
      "aria-label": KIND_OF_MAP,
      onchange: redraw
    });
    this.nodes = [h("div", { class: "dann-named" }, this.#title, this.#select), this.#side];
  }
  /** The kind of map that the reader has chosen. */
  get method() {
    return this.#select.value;
  }
  /** @param {Options} methods */
  offer(methods) {
    offer(this.#select, methods, methodToKeep(this.method));
    this.#title.hidden = this.#side.hidden = !methods.length;
  }
  /**
   * The maps of the same runs stay, with what is chosen on them.
   * @param {Run[]} runs
   */
  show(runs) {
    const shown = this.#slots.map(({ run }) => run);
    if (!areSame(runs, shown)) this.#replace(runs);
    for (const [place, slot] of this.#slots.entries()) slot.run = runs[place];
  }
  /**
   * @param {number} step
   * @param {number} reach
   */
  draw(step, reach2) {
    return this.#slots.map((slot) => drawSlot(slot, this.method, step, reach2));
  }
  remove() {
    for (const { map } of this.#slots) map.remove();
  }
  /** @param {Run[]} runs */
  #replace(runs) {
    this.remove();
    this.#slots = runs.map((run, place) => createSlot(this.#model, run, place, this.#pictures));
    this.#side.style.setProperty("--runs", String(runs.length));
    this.#side.replaceChildren(...this.#slots.map(({ node }) => node));
  }
};
function createSlot(model, run, place, pictures) {
  const map = new FeatureMap({
    model,
    title: mapTitle(run),
    name: "player-map",
    pictures: () => pictures(slot.run.data)
    // the same run may have other data by now
  });
  const words = h("figcaption", { "data-caption": `player-run-${place}` });
  const title = h("h4", {}, run.title);
  const node = h("figure", { class: "dann-wide", "data-run": place }, title, words, map.node);
  const slot = { run, map, words, node };
  return slot;
}
function drawSlot({ run, map, words }, method, step, reach2) {
  const { maps, row } = mapAt(run, method, step);
  const moment = lastAt(run.moments, step);
  words.textContent = moment < 0 ? "" : run.sentences[moment];
  map.caption.textContent = onMap(maps, row, method);
  if (!maps || row < 0) return map.draw(null);
  return map.draw(mapFigure(run, maps, row, isDark(), reach2), pointsAt(run, maps.rows[row]));
}

// src/player/table.js
var tableOf = (runs, differences) => ({
  head: ["", ...runs.map(({ title }) => title)],
  rows: differences.map(([what, ...values2]) => ({ what, values: values2 }))
});
var Differences = class {
  #table = h("table", { class: "dann-table", "data-show": "differences" });
  node = h(
    "figure",
    { class: "dann-wide" },
    h("h3", {}, DIFFERENCES),
    h(
      "div",
      { class: "dann-scroll", tabindex: 0, role: "region", "aria-label": DIFFERENCES },
      this.#table
    )
  );
  /**
   * @param {{ title: string }[]} runs
   * @param {string[][]} differences
   */
  show(runs, differences) {
    const { head, rows } = tableOf(runs, differences);
    this.#table.replaceChildren(
      h("thead", {}, h("tr", {}, ...head.map(createHead))),
      h("tbody", {}, ...rows.map(createRow2))
    );
  }
};
var createHead = (cell2) => cell2 ? h("th", { scope: "col" }, cell2) : h("td", {}, cell2);
var createRow2 = ({ what, values: values2 }) => h("tr", {}, h("th", { scope: "row" }, what), ...values2.map((cell2) => h("td", {}, cell2)));

// src/player/timeline.js
var FRAME_TIME = 250;
var TimeLine = class {
  #goTo;
  #steps;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #playing;
  #words = h("output", { class: "dann-applied", "data-show": "player-moment" });
  #slider = h("input", {
    type: "range",
    min: 0,
    max: 0,
    step: 1,
    value: 0,
    "data-time": "player",
    "aria-label": SLIDER,
    oninput: () => {
      this.stop();
      this.#goTo(Number(this.#slider.value));
    }
  });
  #button = h(
    "button",
    {
      type: "button",
      "data-action": "play",
      title: REPLAY,
      onclick: () => this.#playing === void 0 ? this.#play() : this.stop()
    },
    PLAY
  );
  node = h(
    "div",
    { class: "dann-card dann-time" },
    h(
      "div",
      { class: "dann-named" },
      this.#words,
      h("div", { class: "dann-buttons" }, this.#button)
    ),
    this.#slider
  );
  /** @param {TimeLineOptions} options */
  constructor({ goTo, steps }) {
    this.#goTo = goTo;
    this.#steps = steps;
  }
  /** @param {number} last step that the slider reaches */
  set last(last) {
    this.#slider.max = String(last);
  }
  /**
   * @param {number} step
   * @param {number} last
   */
  show(step, last) {
    this.#slider.value = String(step);
    this.#slider.setAttribute("aria-valuetext", sliderValue(step));
    this.#words.textContent = aboutMoment(step, last);
  }
  stop() {
    clearInterval(this.#playing);
    this.#playing = void 0;
    this.#button.textContent = PLAY;
  }
  #play() {
    const [first, ...rest] = this.#steps();
    this.#button.textContent = STOP;
    this.#goTo(first);
    this.#playing = setInterval(() => {
      const next = rest.shift();
      if (next === void 0 || !this.node.isConnected) this.stop();
      else this.#goTo(next);
    }, FRAME_TIME);
  }
};

// src/player/unpack.js
var views = {
  uint8: (buffer) => new Uint8Array(buffer),
  int16: (buffer) => new Int16Array(buffer),
  int64: (buffer) => Array.from(new BigInt64Array(buffer), Number),
  float32: (buffer) => new Float32Array(buffer)
};
var unpackArray = ({ dtype, data }) => views[dtype](bytes(data).buffer);
function unpackRun(run) {
  const [points] = run.labels.shape;
  return {
    ...run,
    points,
    maps: mapped(run.maps, unpackMaps),
    curves: mapped(run.curves, ({ x, y }) => ({ x: unpackArray(x), y: unpackArray(y) })),
    moments: unpackArray(run.moments),
    labels: unpackArray(run.labels),
    domains: unpackArray(run.domains),
    predictions: rowsOf(unpackArray(run.predictions), points),
    confidence: rowsOf(unpackArray(run.confidence), points)
  };
}
var unpackMaps = ({ rows, moves, scale, captions }) => ({
  rows: unpackArray(rows),
  flat: placesOf2(unpackArray(moves), moves.shape[1] * moves.shape[2]),
  scale,
  captions
});
function placesOf2(flat, length) {
  for (let at = length; at < flat.length; at += 1) flat[at] += flat[at - length];
  return flat;
}
var rowsOf = (flat, length) => (row) => flat.subarray(row * length, (row + 1) * length);
var mapped = (values2, change) => Object.fromEntries(Object.entries(values2).map(([name, value]) => [name, change(value)]));

// src/player/player.js
var USUAL = ["maps", "curves", "differences"];
var Player = class {
  /** @type {Run[]} */
  #runs = [];
  /** @type {Bundle | null} */
  #bundle = null;
  /** @type {string | null} */
  #shown = null;
  // the bundle as JSON, so that the same one again changes nothing
  #placed = "";
  // the parts that are on the page
  #step = 0;
  #last = 0;
  /** @type {Record<string, Paint>} */
  #paints = {};
  // of the digits, by the data's id
  #heading = h("h3", {});
  #about = h("p", { class: "dann-status" });
  #sentence = h("p", {
    class: "dann-sentence",
    "aria-live": "polite",
    "data-show": "player-sentence"
  });
  #time = new TimeLine({
    goTo: (step) => this.#goTo(step),
    steps: () => replayed(this.#runs, this.#step, this.#last)
  });
  #readings = new Readings();
  #table = new Differences();
  #maps;
  #curves;
  /** @param {WidgetModel} model */
  constructor(model) {
    const pictures = (data) => this.#paints[data];
    this.#maps = new SideBySide(model, pictures, () => this.#draw());
    this.#curves = new CurvePicture(model, () => this.#drawCurves());
    this.node = h("section", { class: "dann-player", "aria-label": PLAYER });
    this.#place(USUAL);
  }
  /** @param {Bundle} bundle */
  async show(bundle) {
    const text = JSON.stringify(bundle);
    if (text === this.#shown) return this.#draw();
    this.#shown = text;
    this.#bundle = bundle;
    this.#take(bundle);
    const paints = await paintsOf(bundle);
    if (this.#bundle !== bundle) return;
    this.#paints = paints;
    this.#readings.show(this.#runs, paints);
    this.#maps.show(this.#runs);
    this.#table.show(this.#runs, bundle.differences);
    return this.#draw();
  }
  /** Draws anew in the page's theme. */
  theme() {
    if (this.#bundle) return this.#draw();
  }
  remove() {
    this.#bundle = null;
    this.#time.stop();
    this.#curves.remove();
    this.#maps.remove();
  }
  /**
   * All that needs no pictures.
   * @param {Bundle} bundle
   */
  #take(bundle) {
    const same = areSame(bundle.runs, this.#runs);
    const was = { step: this.#step, last: this.#last };
    this.#runs = bundle.runs.map(unpackRun);
    this.#last = lastStep(this.#runs);
    this.#time.last = this.#last;
    this.#step = stepAfter(was, this.#last, same);
    this.#heading.textContent = bundle.title ?? "";
    this.#heading.hidden = !bundle.title;
    this.#about.textContent = aboutRuns(this.#runs);
    this.#about.hidden = !this.#about.textContent;
    this.#maps.offer(methodsOf(this.#runs));
    this.#curves.offer(bundle.curves);
    this.#place(this.#parts);
  }
  get #parts() {
    return this.#bundle?.parts ?? USUAL;
  }
  /** @param {Part[]} parts */
  #place(parts) {
    if (parts.join() === this.#placed) return;
    this.#placed = parts.join();
    const nodes = {
      readings: [this.#readings.node],
      maps: this.#maps.nodes,
      curves: [this.#curves.node],
      differences: [this.#table.node]
    };
    const [time, sentence2] = [this.#time.node, this.#sentence];
    const below = parts.flatMap((part2) => nodes[part2]);
    this.node.replaceChildren(this.#heading, this.#about, time, sentence2, ...below);
  }
  /** @param {number} step */
  #goTo(step) {
    this.#step = within(step, this.#last);
    this.#draw();
  }
  async #draw() {
    this.#time.show(this.#step, this.#last);
    this.#sentence.textContent = onRuns(this.#runs, this.#step);
    this.#readings.draw(this.#step);
    await Promise.all([...this.#drawMaps(), this.#drawCurves()]);
  }
  #drawMaps() {
    if (!this.#parts.includes("maps")) return [];
    const reach2 = reachAt(this.#runs, this.#maps.method, this.#step);
    return this.#maps.draw(this.#step, reach2);
  }
  async #drawCurves() {
    if (this.#bundle && this.#parts.includes("curves"))
      await this.#curves.draw(this.#bundle.curves, this.#runs, this.#step);
  }
};
async function paintsOf({ pictures }) {
  const loading = Object.entries(pictures).map(async ([data, sheet]) => [
    data,
    await digitSheet(sheet)
  ]);
  return Object.fromEntries(await Promise.all(loading));
}

// src/player/widget.js
function render2({ model, el }) {
  const root = h("div", { class: "dann" });
  el.append(root);
  const player = new Player(model);
  const show2 = () => player.show(model.get("bundle"));
  root.append(player.node);
  const forgetTheme = followTheme(root, () => player.theme());
  model.on("change:bundle", show2);
  requestAnimationFrame(show2);
  return () => {
    forgetTheme();
    model.off("change:bundle", show2);
    player.remove();
  };
}

// src/player/page.js
function showPage() {
  globalThis.dannPlotly = Promise.resolve(
    /** @type {PlotlyLibrary} */
    globalThis.Plotly
  );
  const el = (
    /** @type {HTMLElement} */
    document.querySelector("main")
  );
  render2({ model: createModel({ bundle: dataIn("runs") }), el });
  const reader = dataIn("reader");
  if (reader) render({ model: createModel(reader), el });
}
var dataIn = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");

// src/widgets/page.js
showPage();
