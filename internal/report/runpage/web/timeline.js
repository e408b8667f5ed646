// The timeline: stages over cycles, how full FIFOs were under them, and a small picture of all to move about in.

import { brushX } from "d3-brush";
import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";
import { byId, clip, colours, el, fitCanvas, svg, tooltip } from "./dom.js";
import { Fills } from "./fills.js";
import { drawAxis, drawFrames } from "./marks.js";
import { fifoChoices, fifosOf, rowsOf } from "./rows.js";
import { level, strip } from "./strip.js";
import { sentence, tipOf } from "./words.js";

const barHeight = 16;
const miniRow = 4;

export class Timeline {
  constructor(run, histories) {
    this.run = run;
    this.histories = histories;
    this.fills = new Fills(run, histories);
    this.host = byId("timeline");
    this.span = Math.max(1, run.cycles);
    this.from = 0;
    this.to = this.span;
    this.cursor = null;
    this.row = 0;
    this.open = new Set();
    this.every = false;
    this.waiting = 0;
    this.build();
    this.choices();
    this.keys();
    new ResizeObserver(() => this.plot.clientWidth !== this.width && this.layout()).observe(this.plot);
    for (const query of ["(prefers-color-scheme: dark)", "print"]) matchMedia(query).addEventListener("change", () => this.redraw());
    this.layout();
  }

  build() {
    this.labels = el("div", { class: "labels" });
    this.canvas = el("canvas", {});
    this.over = svg("svg", { class: "over" });
    this.axis = svg("g", { class: "axis" });
    this.marks = svg("g", { class: "frames" });
    this.line = svg("line", { class: "cursor", hidden: true });
    this.picked = svg("rect", { class: "picked" });
    this.over.append(this.picked, this.axis, this.marks, this.line);
    this.plot = el("div", { class: "plot" }, this.canvas, this.over);
    this.mini = el("canvas", {});
    this.window = svg("svg", { class: "over" });
    this.map = el("div", { class: "map" }, this.mini, this.window);
    this.host.append(this.labels, this.plot, el("div", { class: "map-label" }, "all cycles"), this.map);
    this.zooming = zoom().filter((event) => (event.type === "wheel" ? event.ctrlKey || event.metaKey || event.altKey : event.type.startsWith("touch") ? event.touches.length > 1 : !event.button))
      .on("zoom", (event) => this.zoomed(event));
    this.brush = brushX().on("brush end", (event) => this.brushed(event));
    this.plot.addEventListener("pointermove", (event) => this.hover(event));
    this.plot.addEventListener("pointerleave", () => this.leave());
  }

  // choices says which FIFOs are drawn.
  choices() {
    this.fifos = fifosOf(this.run);
    const box = byId("fills");
    const options = fifoChoices(this.fifos);
    box.append(...options.map(([value, text]) => el("option", { value }, text)));
    box.addEventListener("change", () => this.layout());
    for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => this.command(button.dataset.zoom));
  }

  layout() {
    const { rows, height } = rowsOf(this);
    this.list = rows;
    this.height = height;
    this.row = Math.min(this.row, this.list.length - 1);
    this.labels.replaceChildren(...this.list.map((row, i) => this.label(row, i)));
    this.labels.style.paddingTop = rows[0].y + "px";
    const sight = [this.from, this.to];
    this.width = Math.max(80, this.plot.clientWidth);
    this.plot.style.height = this.height + "px";
    this.over.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    this.zooming.scaleExtent([1, Math.max(1, this.span / 8)]).extent([[0, 0], [this.width, this.height]]).translateExtent([[0, 0], [this.width, this.height]]);
    select(this.plot).call(this.zooming).on("dblclick.zoom", (event) => this.scaleAt(3, event.offsetX));
    const stages = this.list.filter((r) => r.stage !== undefined && !r.inner).length;
    this.miniHeight = Math.max(22, Math.min(90, stages * miniRow + 2));
    this.map.style.height = this.miniHeight + "px";
    this.window.setAttribute("viewBox", `0 0 ${this.width} ${this.miniHeight}`);
    this.brush.extent([[0, 0], [this.width, this.miniHeight]]);
    select(this.window).call(this.brush);
    this.show(...sight);
    this.redraw();
  }

  label(row, i) {
    const attributes = { class: "label" + (row.inner ? " inner" : "") + (row.heading ? " heading" : ""), style: { height: row.height + "px" }, title: row.name };
    if (row.heading) return el("div", attributes, row.heading);
    if (row.more) {
      return el("button", { ...attributes, type: "button", tabindex: -1, "aria-expanded": String(row.open), onclick: () => this.toggle(row) }, el("span", {}, row.open ? "▾ " : "▸ "), clip(row.name, 40));
    }
    return el("div", { ...attributes, onclick: () => this.choose(i) }, clip(row.name, 40));
  }

  toggle(row) {
    if (!this.open.delete(row.layer)) this.open.add(row.layer);
    this.layout();
  }

  choose(i) {
    this.row = i;
    this.redraw();
  }

  // pick shows the row of a stage.
  pick(stage) {
    const layer = this.run.layers && this.run.layers.find((l) => l.name === this.run.nodes[this.run.stages[stage].node].layer);
    if (layer && layer.stage !== stage) this.open.add(layer.name);
    this.layout();
    this.row = Math.max(0, this.list.findIndex((r) => r.stage === stage));
    this.redraw();
    this.host.scrollIntoView({ block: "nearest" });
    this.host.focus({ preventScroll: true });
  }

  // show moves the window, at least a few cycles wide, into the run.
  show(from, to) {
    const size = Math.min(this.span, Math.max(Math.min(8, this.span), to - from));
    const start = Math.max(0, Math.min(this.span - size, from));
    const scale = this.span / size;
    select(this.plot).call(this.zooming.transform, zoomIdentity.scale(scale).translate((-start / this.span) * this.width, 0));
  }

  zoomed({ transform }) {
    this.from = Math.max(0, (-transform.x / transform.k / this.width) * this.span);
    this.to = Math.min(this.span, this.from + this.span / transform.k);
    tooltip.hide();
    this.redraw();
  }

  brushed({ sourceEvent, selection, type }) {
    if (!sourceEvent) return;
    if (!selection) {
      if (type === "end" && sourceEvent.offsetX !== undefined) {
        const middle = (sourceEvent.offsetX / this.width) * this.span;
        const half = (this.to - this.from) / 2;
        this.show(middle - half, middle + half);
      }
      return;
    }
    this.show((selection[0] / this.width) * this.span, (selection[1] / this.width) * this.span);
  }

  scaleAt(factor, x) {
    const at = this.from + (x / this.width) * (this.to - this.from);
    this.show(at - (at - this.from) / factor, at + (this.to - at) / factor);
  }

  command(name) {
    const size = this.to - this.from;
    const middle = this.cursor !== null && this.cursor >= this.from && this.cursor < this.to ? this.cursor : this.from + size / 2;
    const x = ((middle - this.from) / size) * this.width;
    if (name === "in") this.scaleAt(2, x);
    if (name === "out") this.scaleAt(0.5, x);
    if (name === "left") this.show(this.from - size / 2, this.to - size / 2);
    if (name === "right") this.show(this.from + size / 2, this.to + size / 2);
    if (name === "all") this.show(0, this.span);
  }

  keys() {
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    const commands = { "+": "in", "=": "in", "-": "out", _: "out", 0: "all" };
    this.host.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { key } = event;
      if (commands[key]) this.command(commands[key]);
      else if (steps[key] && event.shiftKey) this.command(steps[key] < 0 ? "left" : "right");
      else if (steps[key]) this.step(steps[key]);
      else if (key === "Home") this.point(0);
      else if (key === "End") this.point(this.span - 1);
      else if (key === "ArrowUp" || key === "ArrowDown") this.turn(key === "ArrowUp" ? -1 : 1);
      else if (key === "f" || key === "F") this.nextFrame();
      else if (key === "Enter" && this.list[this.row].more) this.toggle(this.list[this.row]);
      else if (key === "Escape") this.leave();
      else return;
      event.preventDefault();
    });
  }

  turn(by) {
    do this.row = (this.row + by + this.list.length) % this.list.length;
    while (this.list[this.row].heading);
    this.point(this.cursor ?? Math.floor(this.from));
  }

  step(by) {
    const cycles = Math.max(1, Math.round(((this.to - this.from) / this.width) * 8));
    this.point((this.cursor ?? Math.floor((this.from + this.to) / 2)) + by * cycles);
  }

  nextFrame() {
    const at = this.cursor ?? -1;
    const next = this.run.frames.find((f) => f.last_out > at) || this.run.frames[0];
    if (next) this.point(next.last_out);
  }

  // point moves the cursor to a cycle, in sight.
  point(cycle) {
    this.cursor = Math.max(0, Math.min(this.span - 1, Math.round(cycle)));
    const size = this.to - this.from;
    if (this.cursor < this.from || this.cursor >= this.to) this.show(this.cursor - size / 2, this.cursor + size / 2);
    this.redraw();
    this.say();
  }

  // say tells the row and cycle at hand in words.
  say() {
    byId("readout").textContent = sentence(this, this.list[this.row], this.cursor);
  }

  redraw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.draw();
    });
  }

  draw() {
    const { width, from, to } = this;
    const theme = colours();
    const context = fitCanvas(this.canvas, width, this.height);
    for (const row of this.list) {
      if (row.edge) level(context, this.fills, row.edge, from, to, width, row.y, row.height, theme);
      else if (row.stage !== undefined) strip(context, this.histories[row.stage], from, to, width, row.y + 3, barHeight, theme.causes);
    }
    drawAxis(this);
    drawFrames(this);
    this.drawCursor();
    this.drawMini(theme);
    this.host.dataset.from = from;
    this.host.dataset.to = to;
  }

  drawCursor() {
    const row = this.list[this.row];
    this.picked.setAttribute("y", row.y);
    this.picked.setAttribute("width", this.width);
    this.picked.setAttribute("height", row.height);
    [...this.labels.children].forEach((label, i) => label.classList.toggle("picked", i === this.row));
    const x = this.cursor === null ? -9 : ((this.cursor + 0.5 - this.from) / (this.to - this.from)) * this.width;
    for (const [name, value] of Object.entries({ x1: x, x2: x, y1: 20, y2: this.height })) this.line.setAttribute(name, value);
  }

  drawMini(theme) {
    const rows = this.list.filter((r) => r.stage !== undefined && !r.inner);
    const key = [this.width, this.miniHeight, rows.length, theme.surface].join();
    if (key !== this.miniKey) {
      this.miniKey = key;
      const context = fitCanvas(this.mini, this.width, this.miniHeight);
      const high = (this.miniHeight - 2) / rows.length;
      rows.forEach((row, i) => strip(context, this.histories[row.stage], 0, this.span, this.width, 1 + i * high, Math.max(0.6, high - 1), theme.causes));
    }
    const place = [this.from, this.to].map((t) => (t / this.span) * this.width);
    if (place[1] - place[0] < 2) place[1] = place[0] + 2;
    select(this.window).call(this.brush.move, place);
  }

  hover(event) {
    if (event.buttons) return;
    const box = this.plot.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const i = this.list.findIndex((r) => y >= r.y && y < r.y + r.height && !r.heading);
    const per = (this.to - this.from) / this.width;
    const at = this.from + x * per;
    this.cursor = Math.max(0, Math.min(this.span - 1, Math.floor(at)));
    if (i >= 0) this.row = i;
    this.redraw();
    if (i < 0) return tooltip.hide();
    tooltip.show(event.clientX, event.clientY, tipOf(this, this.list[i], Math.max(0, Math.floor(at - per / 2)), Math.min(this.span, Math.ceil(at + per / 2))));
  }

  leave() {
    tooltip.hide();
    this.cursor = null;
    byId("readout").textContent = "";
    this.redraw();
  }
}
