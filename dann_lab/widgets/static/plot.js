// One still picture with its title and the sentence that says what it shows.

function render({ model, el }) {
  const id = Math.random().toString(36).slice(2);
  const root = document.createElement("div");
  root.className = "dann";
  const figure = document.createElement("figure");
  const title = document.createElement("h3");
  title.textContent = model.get("title");
  const box = document.createElement("div");
  box.className = "dann-plot";
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", model.get("title"));
  box.setAttribute("aria-describedby", id);
  const caption = document.createElement("figcaption");
  caption.id = id;
  caption.textContent = model.get("caption");
  figure.append(title, box, caption);
  root.append(figure);
  el.append(root);

  const plot = createPlot(box, model);
  const draw = () => {
    root.classList.toggle("dann-dark", isDark());
    const picture = model.get(isDark() ? "dark" : "light");
    if (picture.layout.height) box.style.height = `${picture.layout.height}px`;
    plot.draw(picture);
  };
  const forgetTheme = onThemeChange(draw);
  requestAnimationFrame(draw); // once the box is on the page
  return () => {
    forgetTheme();
    plot.remove();
  };
}

export default { render };
