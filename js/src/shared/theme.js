// Light or dark: JupyterLab and Colab say which theme they show; elsewhere the reader's system
// decides.

const systemDark = () => matchMedia("(prefers-color-scheme: dark)");

export function isDark() {
  if (globalThis.google?.colab) return document.querySelector("[theme=dark]") !== null;
  const lab = document.body.dataset.jpThemeLight;
  return lab === undefined ? systemDark().matches : lab === "false";
}

/**
 * @param {() => void} react
 * @returns {() => void} what stops it
 */
export function onThemeChange(react) {
  const observer = new MutationObserver(react);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  const system = systemDark(); // the same one is needed to stop listening
  system.addEventListener("change", react);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", react);
  };
}

/** @param {HTMLElement} root of a widget */
export const showTheme = (root) => root.classList.toggle("dann-dark", isDark());

/**
 * A widget in the theme of its page, now and from now on.
 * @param {HTMLElement} root
 * @param {() => void} [changed] what else there is to do when the theme changes
 * @returns {() => void} what stops it
 */
export function followTheme(root, changed = () => {}) {
  showTheme(root);
  return onThemeChange(() => {
    showTheme(root);
    changed();
  });
}
