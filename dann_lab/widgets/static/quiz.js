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

// src/quiz/words.js
var VERDICTS = { right: "✓ Right. ", wrong: "✗ Not quite. " };
var numbered = (number) => `${number}. `;
function score(right, questions, open) {
  const rest = open ? `, ${open} still open` : "";
  return `${right} of ${questions} right${rest}.`;
}

// src/quiz/decisions.js
var pieces = (text) => text.split("`").map((piece, i) => ({ text: piece, code: i % 2 === 1 }));
function scoreText(questions, chosen) {
  const right = questions.filter(({ answers }, i) => {
    const index = chosen[i];
    return index !== null && answers[index]?.right;
  });
  const open = chosen.filter((index) => index === null);
  return score(right.length, questions.length, open.length);
}
var feedbackOn = ({ right, feedback }) => ({
  look: right ? "dann-right" : "dann-bad",
  verdict: right ? VERDICTS.right : VERDICTS.wrong,
  why: feedback
});
var STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
function answerAfterKey(key, at, count) {
  const step = STEPS[key];
  if (step === void 0 || at < 0) return null;
  return (at + step + count) % count;
}

// src/quiz/question.js
var prose = (text) => pieces(text).map((piece) => piece.code ? h("code", {}, piece.text) : piece.text);
function createQuestion(question, number, chosen, choose) {
  const feedback = createFeedback();
  const name = uniqueName();
  const radios = question.answers.map((answer, index) => {
    const changed = () => {
      choose(index);
      feedback.show(answer);
    };
    const radio = h("input", { type: "radio", name, onchange: changed });
    radio.checked = index === chosen;
    return radio;
  });
  const labels = question.answers.map(
    ({ text }, index) => h("label", { class: "dann-answer" }, radios[index], h("span", {}, ...prose(text)))
  );
  const heading = h("legend", {}, numbered(number), ...prose(question.text));
  if (chosen !== null) feedback.show(question.answers[chosen]);
  return h(
    "fieldset",
    { class: "dann-question", onkeydown: keysMove(radios) },
    heading,
    ...labels,
    feedback.node
  );
}
function createFeedback() {
  const node = h("p", { class: "dann-feedback", "aria-live": "polite" });
  return {
    node,
    /** @param {QuizAnswer} answer */
    show(answer) {
      const { look, verdict, why } = feedbackOn(answer);
      node.className = `dann-feedback ${look}`;
      node.replaceChildren(h("b", {}, verdict), ...prose(why));
    }
  };
}
var keysMove = (radios) => (event) => {
  const at = radios.indexOf(
    /** @type {HTMLInputElement} */
    event.target
  );
  const to = answerAfterKey(event.key, at, radios.length);
  if (to === null) return;
  event.preventDefault();
  radios[to].focus();
};

// src/quiz/widget.js
function render({ model, el }) {
  const questions = model.get("questions");
  const chosen = () => (
    /** @type {Chosen} */
    model.get("chosen")
  );
  const score2 = h("p", { class: "dann-score", "aria-live": "polite" });
  const count = () => {
    score2.textContent = scoreText(questions, chosen());
  };
  const asked = questions.map(
    (question, i) => createQuestion(question, i + 1, chosen()[i], (index) => {
      model.set("chosen", chosen().with(i, index));
      model.save_changes();
      count();
    })
  );
  const root = h("div", { class: "dann dann-quiz" }, ...asked, score2);
  count();
  el.append(root);
  return followTheme(root);
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

// src/widgets/quiz.js
var quiz_default = inNotebook({ render });
export {
  quiz_default as default
};
