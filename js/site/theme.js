// The theme of the site, told in the words that the widgets read: JupyterLab's.

const chosen = () => {
  const { theme } = document.body.dataset;
  if (theme === "dark" || theme === "light") return theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
};

const tell = () => {
  document.body.dataset.jpThemeLight = String(!chosen());
};

export function tellTheme() {
  tell();
  new MutationObserver(tell).observe(document.body, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
}
