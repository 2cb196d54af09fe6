// Built from js/src by `npm run build` in js/: change it there.

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
var inflated = (packed) => new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
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
  const values = 3 * width * height;
  return pixels.subarray(values * index, values * (index + 1));
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
function normalised({ values, channels, height, width }) {
  const area = height * width;
  const made = new Float64Array(values.length);
  for (let channel = 0; channel < channels; channel += 1) {
    const plane = values.subarray(area * channel, area * (channel + 1));
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
  const values = new Float64Array(bias.length * area);
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
      values[area * rows[0] + place] = a + bias[rows[0]];
      values[area * rows[1] + place] = b + bias[rows[1]];
      values[area * rows[2] + place] = c + bias[rows[2]];
      values[area * rows[3] + place] = d + bias[rows[3]];
    }
  }
  return { values, channels: bias.length, height, width };
}
var AT_ONCE = 4;
function windows({ values, channels, height, width }, size) {
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
              seen[k] = values[width * (height * channel + y) + x];
          }
        }
      }
    }
  }
  return seen;
}
function pooled({ values, channels, height, width }) {
  const [rows, columns] = [height >> 1, width >> 1];
  const made = new Float64Array(channels * rows * columns);
  for (const i of made.keys()) {
    const [channel, rest] = [Math.floor(i / (rows * columns)), i % (rows * columns)];
    const [row, column] = [Math.floor(rest / columns), rest % columns];
    const at = width * (height * channel + 2 * row) + 2 * column;
    made[i] = Math.max(values[at], values[at + 1], values[at + width], values[at + width + 1]);
  }
  return { values: made, channels, height: rows, width: columns };
}
var rectified = (values) => values.map((value) => Math.max(value, 0));
function linear(values, { weight, bias }) {
  return Float64Array.from(bias, (shift, output) => {
    let sum = shift;
    const from = output * values.length;
    for (let i = 0; i < values.length; i += 1) sum += weight[from + i] * values[i];
    return sum;
  });
}
function softmax(values) {
  const most = Math.max(...values);
  const parts = values.map((value) => Math.exp(value - most));
  const sum = parts.reduce((all, part) => all + part, 0);
  return parts.map((part) => part / sum);
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
      (values, layer) => linear(rectified(values), layer),
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
  const values = new Float64Array(CHANNELS * area);
  for (const [i, value] of picture.entries()) {
    const [pixel, channel] = [Math.floor(i / CHANNELS), i % CHANNELS];
    values[area * channel + pixel] = (value - mean[channel]) / 255;
  }
  return { values, channels: CHANNELS, height: SIDE, width: SIDE };
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
    const values = strokes.flatMap((stroke) => stroke.map((point) => point[axis]));
    const [least, most] = [Math.min(...values), Math.max(...values)];
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
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(x - fromX - part * across, y - fromY - part * down);
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
    show();
    if (!same) changed();
  };
  const show = () => {
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
  show();
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
      show();
    }
  };
}

// src/map/words.js
var DIGITS = Array.from({ length: 10 }, (_, digit) => `${digit}`);

// src/map/digits.js
function createCanvas({ width, height }, paint2) {
  const canvas = h("canvas", { width, height, "aria-hidden": "true" });
  paint2(canvas);
  return canvas;
}

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
var placeOf2 = (el) => el.closest(SCROLLS) ?? el;
var barOf = (el) => placeOf2(el).querySelector(`:scope > .${BAR}`);
function showEnd(el, text) {
  barOf(el)?.remove();
  const words = h("p", { class: "dann-message dann-bad" }, text);
  const bar = h("div", { class: `dann ${BAR}`, role: "alert" }, words);
  showTheme(bar);
  const forget = onThemeChange(() => bar.isConnected ? showTheme(bar) : forget());
  placeOf2(el).prepend(bar);
}

// src/widgets/reader.js
var reader_default = inNotebook({ render });
export {
  reader_default as default
};
