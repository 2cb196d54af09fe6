// The token has let us in, and a cookie will: it is gone from the address before anybody copies it.
{
  const address = new URL(location.href);
  if (address.searchParams.has("token")) {
    address.searchParams.delete("token");
    history.replaceState(history.state, "", address);
  }
}

// Widgets read the theme from <body>, so it has to follow the system too, not just the colours.
{
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    document.body.classList.toggle("theme-dark", dark.matches);
    document.body.classList.toggle("theme-light", !dark.matches);
    document.body.dataset.jpThemeLight = String(!dark.matches);
    document.body.dataset.jpThemeName = dark.matches ? "JupyterLab Dark" : "JupyterLab Light";
  };
  dark.addEventListener("change", follow);
  follow();
}

// A page takes its Python along. Where a widget says that something would be lost (see
// js/src/dashboard/link.js), the browser asks first; Voila, which listens later, then leaves Python
// alone, and the server ends it once nobody is connected.
addEventListener("beforeunload", (event) => {
  if (document.body.dataset.dannLoses === undefined) return;
  event.preventDefault();
  event.stopImmediatePropagation();
});

// The four functions are Voila's side of the bargain: it calls them as cells finish and as its
// own script is ready (window.themeLoaded).
window.update_loading_text = () => {};
window.voila_heartbeat = () => {};
window.voila_process = () => {};
let line;
window.voila_finish = () => {
  document.getElementById("loading_text").textContent = "Drawing the page…";
  if (!window.themeLoaded) {
    window.cellLoaded = true;
    // The server soon ends an idle kernel that nobody is connected to, and a slow browser needs
    // a while until its widgets connect. This connection holds the line until they surely have.
    const page = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    const kernel = new URL(`${page.baseUrl}api/kernels/${page.kernelId}/channels?session_id=line-${Date.now()}`,
                           location.href);
    kernel.protocol = kernel.protocol.replace("http", "ws");
    line = new WebSocket(kernel);
    return;
  }
  const cells = document.getElementById("rendered_cells");
  cells.style.display = "";
  // The box stays until there is something to see; Voila's own goes before the widgets come.
  const watch = new ResizeObserver(() => {
    if (![...cells.querySelectorAll(".jp-OutputArea-output")].some((o) => o.offsetHeight > 0)) return;
    watch.disconnect();
    document.getElementById("loading").remove();
    // A widget that shows has a connection, and all that Python sends would come by both.
    const looking = setInterval(() => cells.querySelector(".dann") && close(), 50);
    const close = () => {
      clearInterval(looking);
      line.close();
    };
    setTimeout(close, 10_000);
  });
  watch.observe(cells);
};
window.display_cells = window.voila_finish;
