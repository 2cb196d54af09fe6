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

// src/quiz/widget.js
function prose(text) {
  return text.split("`").map((part, i) => {
    if (i % 2 === 0) return part;
    const code = document.createElement("code");
    code.textContent = part;
    return code;
  });
}
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}
function askQuestion(question, number, chosen, choose) {
  const name = Math.random().toString(36).slice(2);
  const heading = make("legend", "", `${number}. `, ...prose(question.text));
  const feedback = make("p", "dann-feedback");
  feedback.setAttribute("aria-live", "polite");
  const box = make("fieldset", "dann-question", heading);
  const tell = (index) => {
    const { right, feedback: why } = question.answers[index];
    feedback.className = `dann-feedback ${right ? "dann-right" : "dann-bad"}`;
    feedback.replaceChildren(make("b", "", right ? "✓ Right. " : "✗ Not quite. "), ...prose(why));
  };
  const radios = question.answers.map((answer, index) => {
    const radio = make("input", "");
    Object.assign(radio, { type: "radio", name, checked: index === chosen });
    radio.addEventListener("change", () => {
      choose(index);
      tell(index);
    });
    box.append(make("label", "dann-answer", radio, make("span", "", ...prose(answer.text))));
    return radio;
  });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const at = radios.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    radios.at((at + step) % radios.length).focus();
  });
  box.append(feedback);
  if (chosen !== null) tell(chosen);
  return box;
}
function render({ model, el }) {
  const questions = model.get("questions");
  const root = make("div", "dann dann-quiz");
  const score = make("p", "dann-score");
  score.setAttribute("aria-live", "polite");
  const count = () => {
    const chosen = model.get("chosen");
    const right = questions.filter((q, i) => q.answers[chosen[i]]?.right).length;
    const open = chosen.filter((index) => index === null).length;
    const rest = open ? `, ${open} still open` : "";
    score.textContent = `${right} of ${questions.length} right${rest}.`;
  };
  questions.forEach((question, i) => {
    const choose = (index) => {
      model.set("chosen", model.get("chosen").with(i, index));
      model.save_changes();
      count();
    };
    root.append(askQuestion(question, i + 1, model.get("chosen")[i], choose));
  });
  root.append(score);
  count();
  el.append(root);
  const follow = () => root.classList.toggle("dann-dark", isDark());
  follow();
  return onThemeChange(follow);
}

// src/widgets/quiz.js
var quiz_default = { render };
export {
  quiz_default as default
};
