// A point in a chart that is dragged: with the mouse, with a finger, or by the arrow keys.

const STEPS = 100; // of the arrow keys across a chart, if the figure gives no step
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Grip {
  /**
   * @param chart  where the point is
   * @param label  what it is, for those who do not see it
   * @param at     (state) => [x, y], its place in the numbers of the chart
   * @param set    (x, y), called when the reader has moved it there
   * @param says   (state) => where it is, in words
   * @param step   what one press of an arrow key moves, [across, up]
   */
  constructor(chart, { label, at, set, says, step }) {
    Object.assign(this, { chart, at, set, says });
    this.step = step ?? [(chart.x.to - chart.x.from) / STEPS, (chart.y.to - chart.y.from) / STEPS];
    // Not a part of the drawing: to those who listen that is one picture, and has no parts.
    this.node = document.createElement("div");
    const attributes = {
      class: "rnnbook-grip",
      role: "slider",
      tabindex: "0",
      "aria-label": `${label}: drag it, or press the arrow keys`,
      "aria-roledescription": "point",
      "aria-valuemin": chart.x.from,
      "aria-valuemax": chart.x.to,
      "data-lm-suppress-shortcuts": "true", // JupyterLab would take the arrows for its own
    };
    for (const [name, value] of Object.entries(attributes)) this.node.setAttribute(name, value);
    this.node.addEventListener("pointerdown", (event) => this.grab(event));
    this.node.addEventListener("pointermove", (event) => this.pull(event));
    for (const end of ["pointerup", "pointercancel"])
      this.node.addEventListener(end, () => {
        this.held = null;
      });
    this.node.addEventListener("keydown", (event) => this.press(event));
    chart.over().append(this.node);
  }

  grab(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    const box = this.node.getBoundingClientRect();
    // It keeps its place under the finger, which need not be its middle.
    this.held = [event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2];
    this.node.setPointerCapture(event.pointerId);
  }

  pull({ clientX, clientY, isPrimary }) {
    if (!this.held || !isPrimary) return;
    const [across, down] = this.held;
    this.set(...this.chart.locate({ clientX: clientX - across, clientY: clientY - down }));
  }

  press(event) {
    const way = WAYS[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // the page would scroll
    const [x, y] = this.place;
    const many = event.shiftKey ? 10 : 1;
    this.set(...this.chart.inside(x + many * way[0] * this.step[0], y + many * way[1] * this.step[1]));
  }

  /** Go to where the state says. */
  show(state) {
    const { chart, node } = this;
    this.place = chart.inside(...this.at(state));
    const [across, down] = chart.shares(...this.place);
    node.style.left = `${100 * across}%`;
    node.style.top = `${100 * down}%`;
    node.setAttribute("aria-valuenow", this.place[0]);
    node.setAttribute("aria-valuetext", this.says(state));
  }
}
