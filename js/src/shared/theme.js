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
