// Curves that a reader keeps, to compare them with later ones on the same axes.

const MOST = 3; // more of them cannot be told apart
const DASHES = ["", "9 4", "2 4"];
const OPACITY = 0.45;

export class Kept {
  /**
   * @param stage  of the figure
   * @param curves pairs of a chart and the name of a mark in it
   * @param says   (state) => what tells this state from others, in a few words
   */
  constructor(stage, curves, says) {
    Object.assign(this, { stage, curves, says, list: [] });
    this.button = stage.button("Keep this curve", () => this.add());
    this.row = document.createElement("div");
    this.row.className = "rnnbook-kept";
    this.row.hidden = true;
    stage.buttons.after(this.row);
    this.note = document.createElement("span");
    this.note.setAttribute("role", "status");
    this.row.append(this.note);
    stage.button("Forget", () => this.clear(), this.row);
  }

  add() {
    if (this.list.length === MOST) this.erase(this.list.shift());
    const place = DASHES.findIndex((_, k) => !this.list.some((kept) => kept.place === k));
    const drawn = this.curves.map(([chart, name]) => ({ chart, name, drawn: chart.marks.get(name).drawn }));
    this.list.push({ place, drawn, says: this.says(this.stage.state) });
    this.show();
  }

  clear() {
    for (const kept of this.list) this.erase(kept);
    this.list = [];
    this.show();
    this.button.focus(); // the one that was pressed is gone
  }

  erase({ place, drawn }) {
    for (const { chart, name } of drawn) chart.erase(`kept ${place} ${name}`);
  }

  /** Draw them; the charts may have another size than when they were kept. */
  draw() {
    for (const { place, drawn } of this.list)
      for (const { chart, name, drawn: mark } of drawn)
        chart.again(`kept ${place} ${name}`, mark, { dash: DASHES[place], opacity: OPACITY });
  }

  show() {
    this.row.hidden = !this.list.length;
    this.note.replaceChildren("Kept: ");
    for (const { place, says } of this.list) {
      const entry = document.createElement("span");
      entry.innerHTML = `<svg width="30" height="12" aria-hidden="true"><path d="M1 6h28"/></svg>`;
      entry.querySelector("path").style.strokeDasharray = DASHES[place];
      entry.append(says);
      this.note.append(entry);
    }
    this.draw();
  }
}
