// @ts-nocheck
// A window dragged over a photograph; the kernel answers with the patch and the blend.

import { h, uniqueName } from "../shared/elements.js";
import { bytes } from "../shared/encoding.js";
import { Pull } from "../shared/pull.js";
import { isDark, onThemeChange } from "../shared/theme.js";

const PATIENCE = 60000; // ms after which an unanswered question no longer holds up the next
const SIDE = 28;
const PICTURES = { ink: "digit", patch: "patch", image: "|patch − digit|" };

function paint(canvas, text) {
  const pixels = bytes(text);
  const image = new ImageData(SIDE, SIDE);
  for (let p = 0; p < SIDE * SIDE; p += 1) {
    for (let c = 0; c < 3; c += 1) image.data[4 * p + c] = pixels[3 * p + c];
    image.data[4 * p + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

export function render({ model, el }) {
  const id = uniqueName();
  const photos = model.get("photos");
  const { photo, row, column, digit, signed } = model.get("first");
  const state = { photo, row, column, digit, signed };
  const pictures = photos.map(({ url }) =>
    Object.assign(new Image(), { src: url, onload: () => draw() }),
  );

  const canvas = h("canvas", {
    class: "dann-photo",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "movable window",
    "aria-describedby": id,
    "data-show": "photo",
  });
  const place = (name, label) => {
    const input = h("input", {
      type: "number",
      min: 0,
      step: 1,
      "data-control": name,
      oninput: () => {
        if (input.value !== "") move({ [name]: Math.round(input.value) });
      },
      onblur: () => {
        input.value = state[name];
      },
    });
    return { input, node: h("label", { class: "dann-field" }, label, input) };
  };
  const places = { row: place("row", "Row"), column: place("column", "Column") };
  const choice = h(
    "select",
    { "data-control": "photo", onchange: () => move({ photo: Number(choice.value) }) },
    ...photos.map(({ name }, i) => h("option", { value: i }, name)),
  );
  const arithmetic = h(
    "select",
    { "data-control": "signed", onchange: () => move({ signed: arithmetic.value === "signed" }) },
    h("option", { value: "signed" }, "signed (right)"),
    h("option", { value: "unsigned" }, "unsigned, 0 to 255 (the classic bug)"),
  );
  const buttons = Array.from({ length: 10 }, (_, name) =>
    h(
      "button",
      {
        type: "button",
        "data-digit": name,
        "aria-label": `Digit ${name}`,
        onclick: () => move({ digit: name }),
      },
      name,
    ),
  );
  const shown = Object.fromEntries(
    Object.entries(PICTURES).map(([name, label]) => [
      name,
      h("canvas", {
        width: SIDE,
        height: SIDE,
        role: "img",
        "aria-label": label,
        "aria-describedby": id,
        "data-show": name,
      }),
    ]),
  );
  const sentence = h("figcaption", { id, "aria-live": "polite", "data-show": "sentence" });
  const working = h("span", { class: "dann-working", role: "status" });

  const root = h(
    "div",
    { class: "dann" },
    h(
      "figure",
      { class: "dann-wide" },
      h("div", { class: "dann-named" }, h("h3", {}, "Blend a digit with a photograph"), working),
      h(
        "div",
        { class: "dann-buttons dann-tens", role: "group", "aria-label": "Digit" },
        ...buttons,
      ),
      h(
        "div",
        { class: "dann-blend" },
        h(
          "div",
          {},
          canvas,
          h(
            "p",
            { class: "dann-domain" },
            "Drag the window, or focus the photograph and press the arrow keys (with Shift: 10 pixels).",
          ),
        ),
        h(
          "div",
          { class: "dann-three" },
          ...Object.entries(PICTURES).map(([name, label]) =>
            h("div", {}, shown[name], h("span", {}, label)),
          ),
        ),
      ),
      h(
        "div",
        { class: "dann-knobs" },
        h("label", { class: "dann-field" }, "Photograph", choice),
        h("div", { class: "dann-pair" }, places.row.node, places.column.node),
        h("label", { class: "dann-field" }, "Arithmetic", arithmetic),
      ),
      sentence,
    ),
  );
  el.append(root);

  const draw = () => {
    const { width, height } = photos[state.photo];
    canvas.width = width;
    canvas.height = height;
    const brush = canvas.getContext("2d");
    if (pictures[state.photo].complete) brush.drawImage(pictures[state.photo], 0, 0);
    // Black and white, so that the frame is seen on any photograph.
    const unit = width / (canvas.clientWidth || width);
    for (const [colour, thick] of [
      ["#000", 5],
      ["#fff", 2.5],
    ]) {
      brush.strokeStyle = colour;
      brush.lineWidth = thick * unit;
      brush.strokeRect(state.column, state.row, SIDE, SIDE);
    }
    canvas.setAttribute(
      "aria-label",
      `${photos[state.photo].name}; window at row ${state.row}, column ${state.column}`,
    );
    buttons.forEach((button, name) => button.setAttribute("aria-pressed", name === state.digit));
    for (const [name, side] of [
      ["row", height],
      ["column", width],
    ]) {
      places[name].input.max = side - SIDE;
      if (document.activeElement !== places[name].input) places[name].input.value = state[name];
    }
    choice.value = state.photo;
    arithmetic.value = state.signed ? "signed" : "unsigned";
  };
  const hear = (answer) => {
    Object.entries(shown).forEach(([name, picture]) => paint(picture, answer[name]));
    sentence.textContent = answer.sentence;
    root.dataset.at = answer.at.join(",");
  };
  const pull = new Pull(model, {
    answer: "blended",
    question: () => ({ type: "blend", ...state }),
    react: hear,
    working: (busy) => {
      working.textContent = busy ? "Working…" : "";
    },
    patience: PATIENCE,
  });
  const move = (change) => {
    Object.assign(state, change);
    const { width, height } = photos[state.photo];
    state.row = Math.min(Math.max(state.row, 0), height - SIDE);
    state.column = Math.min(Math.max(state.column, 0), width - SIDE);
    draw();
    pull.ask();
  };

  const drag = (event) => {
    const { left, top, width } = canvas.getBoundingClientRect();
    const unit = photos[state.photo].width / width;
    move({
      row: Math.round((event.clientY - top) * unit - SIDE / 2),
      column: Math.round((event.clientX - left) * unit - SIDE / 2),
    });
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    drag(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) drag(event);
  });
  canvas.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook has its own use for arrow keys
    const size = event.shiftKey ? 10 : 1;
    move({ row: state.row + size * step[0], column: state.column + size * step[1] });
  });

  const look = () => root.classList.toggle("dann-dark", isDark());
  const forgetTheme = onThemeChange(look);
  look();
  hear(model.get("first"));
  requestAnimationFrame(draw); // once the canvas has its size
  return () => {
    forgetTheme();
    pull.remove();
  };
}
