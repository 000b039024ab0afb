// Ties a figure to the state of its widget: it is drawn now, and again whenever a value changes.

import { Chart } from "./chart.js";

/**
 * The widget of a figure. `build(stage)` makes the charts and returns a function that draws a state,
 * an object of values by name, and returns a sentence that says what is seen.
 */
export function explorer(build) {
  return {
    render({ model, el }) {
      const stage = new Stage(model, el);
      const draw = build(stage);
      return stage.run(draw);
    },
  };
}

class Stage {
  constructor(model, el) {
    this.model = model;
    this.defaults = model.get("defaults");
    this.figure = add(el, "div", "rnnbook-figure");
    this.figure.dataset.figure = model.get("figure");
    this.buttons = add(this.figure, "div", "rnnbook-buttons");
    this.charts = add(this.figure, "div", "rnnbook-charts");
    this.says = add(this.figure, "p", "rnnbook-says");
    this.says.setAttribute("role", "status");
    this.all = [];
    this.onEnd = [];
  }

  /** Values of the figure by name. */
  get state() {
    const names = Object.keys(this.defaults);
    return Object.fromEntries(names.map((name) => [name, this.model.get(name)]));
  }

  get constants() {
    return this.model.get("constants");
  }

  /** Change values; sliders that are tied to them move along. */
  set(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.model.save_changes();
  }

  /** Numbers that the cell has sent along, as a Float32Array. */
  data(name) {
    const { buffer, byteOffset, byteLength } = this.model.get("data")[name];
    return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  }

  chart(options) {
    const chart = new Chart(this.charts, options);
    this.all.push(chart);
    return chart;
  }

  button(text, action) {
    const button = add(this.buttons, "button", "rnnbook-button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", action);
    return button;
  }

  /** Call `place(x, y)` where the reader clicks in a chart, and along a drag with the mouse. */
  onPlace(chart, place) {
    const moved = (event) => place(...chart.locate(event));
    chart.svg.classList.add("rnnbook-place");
    chart.svg.addEventListener("click", moved);
    chart.svg.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" && event.buttons === 1) moved(event);
    });
  }

  /** A button that runs the value `name` from its least to its greatest, and stops it. */
  player(text, name, from, to, seconds) {
    let frame = 0;
    const stop = () => {
      cancelAnimationFrame(frame);
      frame = 0;
      button.textContent = text;
    };
    const button = this.button(text, () => {
      if (frame) return stop();
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const now = this.model.get(name);
      const first = calm ? to : now < to ? now : from;
      const started = performance.now() - ((first - from) / (to - from)) * seconds * 1000;
      button.textContent = "Pause";
      const advance = (time) => {
        const share = Math.min(1, Math.max(0, (time - started) / (seconds * 1000)));
        this.set({ [name]: from + share * (to - from) });
        if (share < 1) frame = requestAnimationFrame(advance);
        else stop();
      };
      frame = requestAnimationFrame(advance);
    });
    this.onEnd.push(stop);
    return button;
  }

  /** Draw, and go on drawing when a value or the width changes; returns what ends it. */
  run(draw) {
    this.button("Reset", () => this.set(this.defaults));
    let [frame, width] = [0, 0];
    const redraw = () => {
      frame = 0;
      const start = performance.now();
      let sentence;
      try {
        this.figure.state = this.state;
        sentence = draw(this.figure.state);
      } catch (error) {
        sentence = `This state cannot be drawn: ${error.message}.`;
        console.error(error);
      }
      if (this.says.textContent !== sentence) this.says.textContent = sentence;
      this.figure.dataset.drawn = Number(this.figure.dataset.drawn ?? 0) + 1;
      // Who measures sees each redraw; nothing is kept.
      performance.measure("rnnbook redraw", { start });
      performance.clearMeasures("rnnbook redraw");
    };
    const schedule = () => {
      frame ||= requestAnimationFrame(redraw);
    };
    const events = Object.keys(this.defaults).map((name) => `change:${name}`);
    for (const event of events) this.model.on(event, schedule);
    const resized = new ResizeObserver(([entry]) => {
      if (Math.round(entry.contentRect.width) === width) return;
      width = Math.round(entry.contentRect.width);
      for (const chart of this.all) chart.resize();
      schedule();
    });
    resized.observe(this.figure);
    redraw();
    return () => {
      cancelAnimationFrame(frame);
      for (const stop of this.onEnd) stop();
      for (const event of events) this.model.off(event, schedule);
      resized.disconnect();
    };
  }
}

function add(parent, tag, name) {
  const node = document.createElement(tag);
  node.className = name;
  parent.append(node);
  return node;
}
