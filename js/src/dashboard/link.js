// @ts-nocheck
// The live page pulls: a tick asks, the kernel answers with what is new.

import { digitSheet } from "../map/digits.js";
import { bytes, unzipped } from "../shared/encoding.js";
import { isDark, onThemeChange } from "../shared/theme.js";
import { saveAs } from "./files.js";

const TICK = 400; // ms between two questions; a wish is answered at once
const PATIENCE = 2000; // ms before an unanswered question is asked again
const LOST = 5000; // ms without an answer before the page says so
const DRAW = [500, 2000]; // ms between two drawings of the pictures, at least and at most
const DRAW_SHARE = 0.05; // of the time may go into drawing: the training needs the processor too

// What all views of one model share: the ticker, the last answer, the count of wishes.
export function createLink(model) {
  const standalone = document.body.dataset.voila !== undefined;
  const link = {
    client: Math.random().toString(36).slice(2),
    wish: 0, // the last thing wished for
    told: 0, // the last wish that was sent: a dragged slider waits a moment
    run: null,
    at: null, // the step that is looked at; null: now
    last: null,
    digits: null,
    figures: null,
    captions: null,
    map: null, // the figure of the map, its caption, and what its points are
    images: null, // the pictures of the map's points, and what does not change about them
    offered: null, // the runs that can be compared
    views: new Set(),
  };
  let drawAt = 0;
  let asked = 0;
  let answered = performance.now();
  let waiting = false;
  let moved = false; // to another moment, while an answer is awaited

  const send = (message) => {
    try {
      model.send({
        client: link.client,
        wish: link.told,
        run: link.run,
        at: link.at,
        map: link.map?.version ?? null,
        offered: link.offered?.version ?? null,
        dark: isDark(),
        figures: performance.now() >= drawAt,
        ...message,
      });
    } catch (error) {
      console.warn("dann: the kernel cannot be reached", error);
    }
  };
  link.send = send;
  link.ask = (message) => {
    link.wish += 1;
    link.told = link.wish;
    send(message);
  };
  link.look = (at) => {
    link.at = at;
    drawAt = 0;
    moved = waiting;
    tick();
  };
  const tick = () => {
    const now = performance.now();
    if (document.hidden || !link.views.size) {
      answered = now;
      waiting = false;
      return;
    }
    const silence = now - answered;
    link.views.forEach((view) => view.connection(silence > LOST ? silence : 0));
    if (waiting && now - asked < PATIENCE) return;
    waiting = true;
    asked = now;
    send({ type: "tick" });
  };
  const hearMap = (figure, { captions, points }) => {
    link.map = {
      figure,
      caption: captions.map,
      version: points.version,
      images: points.images,
      predictions: bytes(points.predictions),
      confidence: Float32Array.from(bytes(points.confidence), (percent) => percent / 100),
    };
    const { name, paint, since } = link.images ?? {};
    const now = performance.now();
    if (name === points.images && (paint || now - since < LOST)) return;
    link.images = { name: points.images, paint: null, since: now };
    send({ type: "images" });
  };
  const hearImages = async (message) => {
    const { name, columns } = message;
    const paint = await digitSheet(`data:image/png;base64,${message.sheet}`, columns);
    if (name !== link.images.name) return; // of a pair that is not shown any more
    link.images = { name, paint, labels: bytes(message.labels), domains: bytes(message.domains) };
    link.views.forEach((view) => view.map());
  };
  const hear = (message) => {
    if (message.client === link.client) {
      if (message.type === "images") hearImages(message);
      if (message.type === "compare") link.views.forEach((view) => view.compare(message));
      if (message.type === "file") {
        saveAs(message.name, unzipped(message.gzip));
        link.views.forEach((view) => view.saved(message.name));
      }
    }
    if (message.type !== "state" || message.client !== link.client) return;
    waiting = false;
    answered = performance.now();
    link.last = message;
    link.offered = message.offered ?? link.offered;
    if (message.digits) {
      if (link.run !== null && link.run !== message.digits.run) link.at = null; // another run
      link.run = message.digits.run;
      link.digits = { labels: message.digits.labels, pixels: bytes(message.digits.pixels) };
    }
    if (message.figures) {
      const { map, ...curves } = message.figures;
      link.figures = curves;
      link.captions = message.captions;
      if (map) hearMap(map, message);
    }
    if (standalone && message.wish === link.wish) {
      history.replaceState(null, "", `#${message.state.text}`);
    }
    const drawn = [...link.views].map((view) => view.update(message));
    if (message.figures) pace(Promise.all(drawn));
    if (moved) {
      moved = false;
      drawAt = 0;
      tick();
    }
  };
  const pace = async (drawn) => {
    const [least, most] = DRAW;
    const begun = performance.now();
    drawAt = begun + most;
    await drawn;
    requestAnimationFrame(() =>
      setTimeout(() => {
        // once it is painted
        const now = performance.now();
        drawAt = begun + Math.min(most, Math.max(least, (now - begun) / DRAW_SHARE));
      }),
    );
  };
  const redraw = () => {
    link.run = null; // the next answer then brings everything, in the other colours
    link.views.forEach((view) => view.theme());
  };

  model.on("msg:custom", hear);
  const timer = setInterval(tick, TICK);
  document.addEventListener("visibilitychange", tick);
  const forgetTheme = onThemeChange(redraw);
  if (standalone && location.hash.length > 1) {
    link.ask({ type: "restore", text: location.hash });
  }
  link.close = () => {
    clearInterval(timer);
    model.off("msg:custom", hear);
    document.removeEventListener("visibilitychange", tick);
    forgetTheme();
  };
  return link;
}
