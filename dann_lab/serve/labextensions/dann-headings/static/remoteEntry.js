// A link to a section of another notebook opens it at that section. JupyterLab looks for the section
// before the notebook is drawn, and so opens a notebook that was closed at its top.
//
// It is written in the form in which JupyterLab takes extensions that were built apart, by hand,
// because it needs nothing of JupyterLab's own code.

(() => {
  const LOOK_EVERY = 200; // ms
  const PATIENCE = 20000; // ms for a notebook to be drawn
  const SETTLED = 600; // ms in which what stands above may still grow

  /** The heading of this name in a tab, once the tab is drawn. */
  function headingIn(tab, name) {
    const headings = tab.node.querySelectorAll(":is(h1, h2, h3, h4, h5, h6)");
    return [...headings].find((one) => [one.id, one.dataset.jupyterId].includes(name));
  }

  function goTo(shell, path, name, until) {
    const tab = [...shell.widgets("main")].find((one) => one.context?.path === path);
    const heading = tab?.isVisible && headingIn(tab, name);
    if (heading) {
      heading.scrollIntoView();
      setTimeout(() => heading.isConnected && heading.scrollIntoView(), SETTLED);
    } else if (Date.now() < until) {
      setTimeout(() => goTo(shell, path, name, until), LOOK_EVERY);
    }
  }

  /** The notebook and the heading that a click asks for: JupyterLab writes such links as files. */
  function wishOf(event) {
    const link = event.target.closest?.(".jp-RenderedMarkdown a[href*='.ipynb']");
    const { pathname, hash } = new URL(link?.href ?? "about:blank");
    const [, path] = pathname.match(/\/files\/(.+\.ipynb)$/) ?? [];
    return path && hash ? [path, hash.slice(1)].map(decodeURIComponent) : null;
  }

  const plugin = {
    id: "dann-headings:links",
    autoStart: true,
    activate({ shell }) {
      const listen = (event) => {
        const wish = wishOf(event);
        if (wish) goTo(shell, ...wish, Date.now() + PATIENCE);
      };
      document.addEventListener("click", listen, true);
    },
  };

  globalThis._JUPYTERLAB = globalThis._JUPYTERLAB ?? {};
  globalThis._JUPYTERLAB["dann-headings"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: [plugin] }),
  };
})();
