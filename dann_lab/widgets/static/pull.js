// What the lessons' widgets share: questions of which only the latest counts.

const QUIET = 300; // ms of silence before the page says that Python works
const LOST = 60000; // ms after which an unanswered question no longer holds up the next

// `question()` is asked as it stands when the answer before has come; `react` hears the answer.
function createPull(model, working, question, react) {
  const client = Math.random().toString(36).slice(2);
  let pending = false;
  let again = false;
  let asked = 0;
  let timer = 0;
  const ask = () => {
    again = pending && performance.now() - asked < LOST;
    if (again) return;
    pending = true;
    asked = performance.now();
    clearTimeout(timer);
    timer = setTimeout(() => { working.textContent = "Working…"; }, QUIET);
    model.send({ ...question(), client });
  };
  const hear = (message) => {
    if (message.client !== client) return;
    pending = false;
    clearTimeout(timer);
    working.textContent = "";
    react(message);
    if (again) ask();
  };
  model.on("msg:custom", hear);
  return {
    ask,
    remove() {
      clearTimeout(timer);
      model.off("msg:custom", hear);
    },
  };
}
