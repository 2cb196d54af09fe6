// @ts-nocheck
// How a plane of the playground is painted.

import { contour } from "./contour.js";

const SHOWN = 4; // an arrow for every so many points
const LONGEST = 80; // px

export function palette(root) {
  const style = getComputedStyle(root);
  const colour = (name) => style.getPropertyValue(`--play-${name}`).trim();
  return Object.fromEntries(
    ["zero", "one", "target", "label", "domain", "reversed", "edge", "line"].map((name) => [
      name,
      colour(name),
    ]),
  );
}

// One square picture: background, both boundaries, points, arrows.
export function paint(canvas, colours, scene) {
  const size = canvas.clientWidth;
  if (!size) return;
  const ratio = devicePixelRatio || 1;
  if (canvas.width !== Math.round(size * ratio))
    canvas.width = canvas.height = Math.round(size * ratio);
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, size, size);

  const [labels, domains] = scene.grids;
  const n = Math.round(Math.sqrt(labels.length));
  const cell = size / (n - 1);
  const small = new OffscreenCanvas(n, n);
  const image = new ImageData(n, n);
  const rgb = [colours.zero, colours.one].map((c) =>
    [1, 3, 5].map((k) => parseInt(c.slice(k, k + 2), 16)),
  );
  for (let p = 0; p < n * n; p += 1) {
    const sure = Math.abs(labels[p] - 127.5) / 127.5;
    const [r, g, b] = rgb[labels[p] > 127.5 ? 1 : 0];
    image.data.set([r, g, b, 12 + 52 * sure], 4 * p);
  }
  small.getContext("2d").putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = true;
  pen.drawImage(small, 0.5, 0.5, n - 1, n - 1, 0, 0, size, size);
  const line = (grid, colour, dash, width) => {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash(dash);
    pen.beginPath();
    for (const [from, to] of contour(grid, n)) {
      pen.moveTo(from[0] * cell, from[1] * cell);
      pen.lineTo(to[0] * cell, to[1] * cell);
    }
    pen.stroke();
    pen.setLineDash([]);
  };
  line(labels, colours.line, [], 2);
  line(domains, colours.domain, [6, 5], 2.5);

  const [left, right, low, high] = scene.reach;
  const place = (k) => [
    ((scene.points[2 * k] - left) / (right - left)) * size,
    ((high - scene.points[2 * k + 1]) / (high - low)) * size,
  ];
  const half = scene.labels.length / 2;
  const r = size < 320 ? 2.6 : 3.4;
  for (let k = 0; k < 2 * half; k += 1) {
    const [x, y] = place(k);
    const class_ = scene.labels[k] ? colours.one : colours.zero;
    pen.beginPath();
    if (k < half) {
      pen.arc(x, y, r, 0, 7);
      pen.fillStyle = class_;
      pen.fill();
      pen.strokeStyle = colours.edge;
      pen.lineWidth = 0.7;
    } else {
      pen.moveTo(x, y - 1.4 * r);
      pen.lineTo(x + 1.25 * r, y + 0.9 * r);
      pen.lineTo(x - 1.25 * r, y + 0.9 * r);
      pen.closePath();
      pen.strokeStyle = scene.reveal ? class_ : colours.target;
      pen.lineWidth = 1.5;
    }
    pen.stroke();
  }
  for (const [name, pushes] of Object.entries(scene.arrows)) {
    pen.strokeStyle = pen.fillStyle = colours[name];
    pen.lineWidth = 1.8;
    for (let k = 0; k < 2 * half; k += SHOWN) {
      let [dx, dy] = [pushes[2 * k] * scene.scale, -pushes[2 * k + 1] * scene.scale];
      const length = Math.hypot(dx, dy);
      if (length < 1.5) continue;
      if (length > LONGEST) [dx, dy] = [(dx * LONGEST) / length, (dy * LONGEST) / length];
      const [x, y] = place(k);
      const angle = Math.atan2(dy, dx);
      const head = Math.min(6, 2 + length / 4);
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(x + dx, y + dy);
      pen.stroke();
      pen.beginPath();
      pen.moveTo(x + dx, y + dy);
      pen.lineTo(x + dx - head * Math.cos(angle - 0.5), y + dy - head * Math.sin(angle - 0.5));
      pen.lineTo(x + dx - head * Math.cos(angle + 0.5), y + dy - head * Math.sin(angle + 0.5));
      pen.fill();
    }
  }
}
