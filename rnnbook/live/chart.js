// A chart in SVG: axes, and named marks that a figure draws again whenever its state changes.

import { power } from "./numbers.js";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = { left: 46, right: 12, top: 8, bottom: 42 }; // explorer.css knows their sums
const FLAT = 0.75; // charts on a phone are as much flatter, so that more than one is seen; explorer.css too
const UNSEEN = 350; // the width of a chart that is drawn where nothing has a size

function element(parent, tag, attributes = {}, text = "") {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.textContent = text;
  parent.append(node);
  return node;
}

/** Whole powers of ten between 10^from and 10^to, about `count` of them or fewer. */
function powers(from, to, count) {
  const step = Math.max(1, Math.round((to - from) / count));
  const first = step * Math.ceil(from / step - 1e-9);
  const number = Math.floor((to - first) / step + 1e-9) + 1;
  const values = Array.from({ length: number }, (_, k) => first + k * step);
  return values.map((value) => ({ value, text: power(value) }));
}

/** Round numbers between the ends of a range, about `count` of them. */
export function ticks(from, to, count) {
  const rough = (to - from) / count;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * [1, 2, 5, 10].find((factor) => factor * unit >= 0.7 * rough);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) => {
    const value = (first + k) * step;
    return {
      value,
      text: value
        .toFixed(digits)
        .replace("-", "−")
        .replace(/^−(0\.?0*)$/, "$1"),
    };
  });
}

export class Chart {
  /**
   * @param parent  element that the chart fills in width
   * @param title   what the chart shows
   * @param x, y    axes: {label, from, to, log}; with `log`, all numbers are logarithms to base ten
   * @param ratio   height over width; or, with `equal`, one unit is as long on both axes
   * @param tall    where there is room for two columns, stand beside two others
   */
  constructor(parent, { title, x, y, ratio = 0.62, equal = false, tall = false }) {
    Object.assign(this, { x, y, ratio, equal, marks: new Map() });
    this.box = document.createElement("div");
    this.box.className = tall ? "rnnbook-chart rnnbook-tall" : "rnnbook-chart";
    // The label of y stands above the chart, where it can be read without turning one's head.
    this.legend = document.createElement("div");
    this.legend.className = "rnnbook-legend";
    const heading = document.createElement("strong");
    heading.textContent = title ?? y.label;
    this.legend.append(heading);
    if (title) {
      const upwards = document.createElement("span");
      upwards.textContent = `↑ ${y.label}`;
      this.legend.append(upwards);
    }
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("role", "img");
    this.svg.setAttribute("aria-label", `${title ?? "Chart"}: ${y.label} against ${x.label}`);
    this.axes = element(this.svg, "g", { class: "rnnbook-axes" });
    this.plot = element(this.svg, "svg", { class: "rnnbook-plot" }); // a nested svg clips
    this.below = element(this.plot, "g"); // curves that were kept
    this.box.append(this.legend, this.svg);
    parent.append(this.box);
    this.resize();
  }

  /** Fit the width that there is; the marks have to be drawn again. */
  resize() {
    this.width = Math.max(240, Math.floor(this.box.clientWidth || UNSEEN));
    this.inner = this.width - MARGIN.left - MARGIN.right;
    const ratio = this.equal ? (this.y.to - this.y.from) / (this.x.to - this.x.from) : this.ratio;
    const flat = !this.equal && globalThis.matchMedia?.("(max-width: 40rem)").matches ? FLAT : 1;
    this.depth = flat * ratio * this.inner;
    this.height = this.depth + MARGIN.top + MARGIN.bottom;
    // The style sheet makes the chart as wide as its place, and as high as belongs to that width.
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    this.svg.style.setProperty("--ratio", ratio);
    if (this.equal) this.svg.style.setProperty("--flat", 1);
    const frame = { x: MARGIN.left, y: MARGIN.top, width: this.inner, height: this.depth };
    for (const [name, value] of Object.entries(frame)) this.plot.setAttribute(name, value);
    this.drawAxes();
  }

  /** Change the range of an axis. */
  range(axis, from, to) {
    if (this[axis].from === from && this[axis].to === to) return;
    Object.assign(this[axis], { from, to });
    this.drawAxes();
  }

  drawAxes() {
    const { x, y, axes, inner, depth } = this;
    axes.replaceChildren();
    const [left, bottom] = [MARGIN.left, MARGIN.top + depth];
    for (const { value, text } of (x.log ? powers : ticks)(x.from, x.to, inner / 75)) {
      const at = left + this.toX(value);
      element(axes, "path", { d: `M${at} ${MARGIN.top}v${depth}` });
      element(axes, "text", { x: at, y: bottom + 17, "text-anchor": "middle" }, text);
    }
    for (const { value, text } of (y.log ? powers : ticks)(y.from, y.to, depth / 38)) {
      const at = MARGIN.top + this.toY(value);
      element(axes, "path", { d: `M${left} ${at}h${inner}` });
      element(axes, "text", { x: left - 7, y: at + 4, "text-anchor": "end" }, text);
    }
    element(axes, "rect", { x: left, y: MARGIN.top, width: inner, height: depth });
    const middle = { x: left + inner / 2, y: bottom + 36, "text-anchor": "middle", class: "label" };
    element(axes, "text", middle, x.label);
  }

  toX(value) {
    return ((value - this.x.from) / (this.x.to - this.x.from)) * this.inner;
  }

  toY(value) {
    return ((this.y.to - value) / (this.y.to - this.y.from)) * this.depth;
  }

  /** The values of x and y under the pointer. */
  locate(event) {
    const box = this.svg.getBoundingClientRect();
    const scale = box.width / this.width;
    const across = ((event.clientX - box.left) / scale - MARGIN.left) / this.inner;
    const down = ((event.clientY - box.top) / scale - MARGIN.top) / this.depth;
    return this.inside(
      this.x.from + across * (this.x.to - this.x.from),
      this.y.to - down * (this.y.to - this.y.from),
    );
  }

  /** A place, or the nearest one in the frame. */
  inside(...place) {
    return [this.x, this.y].map(({ from, to }, k) => {
      const [low, high] = from < to ? [from, to] : [to, from];
      return Math.min(high, Math.max(low, place[k]));
    });
  }

  /** Where a place is, as shares of the drawing's width and height. */
  shares(x, y) {
    return [(MARGIN.left + this.toX(x)) / this.width, (MARGIN.top + this.toY(y)) / this.height];
  }

  /** A layer over the drawing, of the same size. */
  over() {
    if (!this.layer) {
      this.layer = document.createElement("div");
      this.layer.className = "rnnbook-over";
      this.box.append(this.layer);
    }
    return this.layer;
  }

  /** A curve through the points (x[k], y[k]); it has a gap where a number is missing. */
  line(name, x, y, style) {
    let [d, pen] = ["", "M"];
    for (let k = 0; k < x.length; k++) {
      const point = this.point(x[k], y[k]);
      d += point && pen + point;
      pen = point ? "L" : "M";
    }
    this.mark(name, d, { x, y }, { width: 2, ...style });
    this.marks.get(name).drawn = ["line", x, y, style];
    if (style?.beyond) this.beyond(`${name} beyond`, x, y, style);
  }

  /** Arrows at the frame, each where a curve that leaves it is farthest outside. */
  beyond(name, xs, ys, { color }) {
    let d = "";
    let [far, at] = [0, null];
    for (let k = 0; k <= xs.length; k++) {
      const [across, down] = [this.toX(xs[k]), this.toY(ys[k])];
      const out = Math.max(-across, across - this.inner, -down, down - this.depth);
      if (out > far + 1e-6) [far, at] = [out, [across, down]];
      if (out > 0 || !at) continue;
      const [x, y] = [Math.min(this.inner, Math.max(0, at[0])), Math.min(this.depth, Math.max(0, at[1]))];
      const length = Math.hypot(at[0] - x, at[1] - y);
      const [cosine, sine] = [(at[0] - x) / length, (at[1] - y) / length];
      const corner = (along, aside) =>
        `${x + along * cosine - aside * sine} ${y + along * sine + aside * cosine}`;
      d += `M${corner(0, 0)}L${corner(-11, 6)}L${corner(-11, -6)}Z`;
      [far, at] = [0, null];
    }
    this.mark(name, d, { x: [], y: [] }, { color, fill: true });
  }

  /** The region between two curves over the same x. */
  area(name, x, low, high, style) {
    const there = x.map((value, k) => this.point(value, high[k]));
    const back = x.map((value, k) => this.point(value, low[k])).reverse();
    const d = x.length ? `M${[...there, ...back].join("L")}Z` : "";
    this.mark(name, d, { x, low, high }, { fill: true, ...style });
  }

  /** A disc at each point, or a ring if `hollow`. */
  dots(name, x, y, { radius = 4, hollow = false, ...style } = {}) {
    let d = "";
    for (let k = 0; k < x.length; k++) {
      const point = this.point(x[k], y[k]);
      const ring = `m${-radius} 0a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`;
      d += point && `M${point}${ring}`;
    }
    this.mark(name, d, { x, y }, { width: hollow ? 2.5 : 0, fill: !hollow, dot: true, ...style });
    this.marks.get(name).drawn = ["dots", x, y, { radius, hollow, ...style }];
  }

  /** Draw a line or dots once more under another name, below all else; `mark` is what was drawn. */
  again(name, [kind, x, y, style], changes) {
    this[kind](name, x, y, { ...style, label: undefined, beyond: false, below: true, ...changes });
  }

  erase(name) {
    this.marks.get(name)?.path.remove();
    this.marks.delete(name);
  }

  /** Several curves as one mark, each a list of points [x, y]. */
  curves(name, curves, style) {
    const d = curves.map((curve) => `M${curve.map(([x, y]) => this.point(x, y)).join("L")}`);
    this.mark(name, d.join(""), { curves }, { width: 2, ...style });
  }

  /** A few words at a place in the chart. */
  note(name, x, y, text, { color = "ink", anchor = "start" } = {}) {
    if (!this.marks.has(name)) this.marks.set(name, { path: element(this.plot, "text") });
    const { path } = this.marks.get(name);
    const attributes = { x: this.toX(x), y: this.toY(y), "text-anchor": anchor };
    for (const [key, value] of Object.entries(attributes)) path.setAttribute(key, value);
    path.style.fill = `var(--${color})`;
    path.textContent = text;
  }

  point(x, y) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return "";
    // Far outside of the frame nothing is seen, and browsers draw huge coordinates wrongly.
    const limit = (pixels) => Math.max(-5000, Math.min(5000, pixels)).toFixed(2);
    return `${limit(this.toX(x))} ${limit(this.toY(y))}`;
  }

  /** Draw the path `d` under a name, and keep the numbers it shows as its property `points`. */
  mark(name, d, points, style) {
    const { color = "network", width, dash = "", fill = false, dot, opacity, label } = style;
    if (!this.marks.has(name)) {
      const path = element(style.below ? this.below : this.plot, "path", { "data-mark": name });
      if (style.veil) path.classList.add("rnnbook-veil");
      path.style.fill = fill ? `var(--${color})` : "none";
      path.style.stroke = width ? `var(--${color})` : "none";
      if (width) path.style.strokeWidth = `${width}px`;
      if (dash) path.style.strokeDasharray = dash;
      if (opacity) path.style.opacity = opacity;
      const key = label && this.addKey(path, dot, fill && !dot);
      this.marks.set(name, { path, key });
    }
    const { path, key } = this.marks.get(name);
    path.setAttribute("d", d);
    path.points = points;
    if (key && key.textContent !== label) key.textContent = label;
  }

  /** An entry of the legend that looks like the mark; returns where its text goes. */
  addKey(path, dot, area) {
    const entry = document.createElement("span");
    const sample = document.createElementNS(SVG, "svg");
    sample.setAttribute("width", 26);
    sample.setAttribute("height", 12);
    sample.setAttribute("aria-hidden", "true");
    const shapes = { dot: "M9 6a4 4 0 1 0 8 0a4 4 0 1 0 -8 0", area: "M2 1h22v10h-22z", line: "M1 6h24" };
    const shape = dot ? "dot" : area ? "area" : "line";
    element(sample, "path", { d: shapes[shape], style: path.getAttribute("style") });
    if (path.classList.contains("rnnbook-veil")) entry.className = "rnnbook-veil";
    const text = document.createElement("span");
    entry.append(sample, text);
    this.legend.append(entry);
    return text;
  }
}
