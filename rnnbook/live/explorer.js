// Ties a figure to the state of its widget: it is drawn now, and again whenever a value changes.

import { Chart } from "./chart.js";
import { Grip } from "./grip.js";
import { Kept } from "./keep.js";
import { Prediction } from "./predict.js";

const LONGEST_STEP = 0.1; // from one picture of a run that plays to the next, as a share of the run

/**
 * The widget of a figure. `build(stage)` makes the charts and returns a function that draws a state,
 * an object of values by name, and returns a sentence that says what is seen. With a prediction it
 * returns {says, hidden, answer}: a sentence, what it must not say before, and the answer in a few words.
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
    this.grips = [];
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
    const shares = new Uint16Array(buffer.slice(byteOffset, byteOffset + byteLength));
    const [least, most] = this.model.get("ranges")[name];
    return Float32Array.from(shares, (share) => least + ((most - least) * share) / 65535);
  }

  chart(options) {
    const chart = new Chart(this.charts, options);
    this.all.push(chart);
    return chart;
  }

  button(text, action, row = this.buttons) {
    const button = add(row, "button", "rnnbook-button");
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

  /**
   * A point that can be dragged, and put where the reader clicks: {label, at, says, step} are those of a
   * Grip, and `set(x, y)` returns the values that belong to a place in the chart. Of several in one
   * chart, all but one have `place: false`.
   */
  drag(chart, { set, place = true, ...options }) {
    const moved = (x, y) => this.set(set(x, y));
    const grip = new Grip(chart, () => this.state, { ...options, set: moved });
    this.grips.push(grip);
    if (place) this.onPlace(chart, moved);
    return grip;
  }

  /** Let the reader keep what some marks show: pairs of chart and name, and (state) => a few words. */
  keep(curves, says) {
    this.kept = new Kept(this, curves, says);
  }

  /**
   * Ask for a prediction, made by dragging the point that `drag` describes; {question, guess, over} are
   * those of a Prediction. Marks with `veil: true` are hidden until it is revealed.
   */
  predict(chart, { drag, ...options }) {
    const grip = this.drag(chart, { ...drag, place: false });
    grip.node.classList.add("rnnbook-guess");
    this.prediction = new Prediction(this, { ...options, grip });
  }

  /** A button that runs the value `name` from its least to its greatest, and stops it. */
  player(text, name, from, to, seconds) {
    let frame = 0;
    let paused = null; // where a reader stopped it
    const stop = () => {
      cancelAnimationFrame(frame);
      frame = 0;
      button.textContent = text;
      // Screen readers are told how it ended, and not of each picture on the way.
      this.says.textContent = "";
      this.says.setAttribute("role", "status");
      this.schedule();
    };
    const button = this.button(text, () => {
      if (frame) {
        paused = this.model.get(name);
        return stop();
      }
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.set({ [name]: to });
      const first = paused === this.model.get(name) ? paused : from;
      let share = (first - from) / (to - from);
      let shown = null; // the first picture is the first state, however late it comes
      let last = this.model.get(name);
      paused = null;
      button.textContent = "Pause";
      this.says.removeAttribute("role");
      const advance = (time) => {
        // Who moves the slider, or asks for the first state, has taken over.
        if (this.model.get(name) !== last) return stop();
        // Where pictures come late the run takes longer, and still shows what happens on the way.
        const step = (time - (shown ?? time)) / (seconds * 1000);
        share = Math.min(1, share + Math.min(step, LONGEST_STEP));
        shown = time;
        last = from + share * (to - from);
        this.set({ [name]: last });
        if (share < 1) frame = requestAnimationFrame(advance);
        else stop();
      };
      frame = requestAnimationFrame(advance);
    });
    this.onEnd.push(() => cancelAnimationFrame(frame));
    return button;
  }

  /** Show a sentence, and what is hidden of it until a prediction is revealed. */
  tell(sentence, hidden = "") {
    if (this.says.textContent === sentence + hidden) return;
    this.says.textContent = sentence;
    if (hidden) add(this.says, "span", "rnnbook-veil").textContent = hidden;
  }

  /** Draw, and go on drawing when a value or the width changes; returns what ends it. */
  run(draw) {
    this.button("Reset", () => {
      this.set(this.defaults);
      this.prediction?.veil(true);
    });
    let [frame, width] = [0, 0];
    const redraw = () => {
      frame = 0;
      const start = performance.now();
      let sentence;
      delete this.figure.dataset.failed;
      try {
        this.figure.state = this.state;
        this.prediction?.see(this.figure.state);
        sentence = draw(this.figure.state);
        this.prediction?.draw(this.figure.state, sentence.answer);
        this.kept?.draw();
        for (const grip of this.grips) grip.show(this.figure.state);
      } catch (error) {
        sentence = `This state cannot be drawn: ${error.message}.`;
        this.figure.dataset.failed = "";
        console.error(error);
      }
      this.tell(sentence.says ?? sentence, sentence.hidden);
      this.figure.dataset.drawn = Number(this.figure.dataset.drawn ?? 0) + 1;
      // Who measures sees each redraw; nothing is kept.
      performance.measure("rnnbook redraw", { start });
      performance.clearMeasures("rnnbook redraw");
    };
    const schedule = (this.schedule = () => {
      frame ||= requestAnimationFrame(redraw);
    });
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
