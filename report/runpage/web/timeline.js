// The timeline: stages over cycles, how full FIFOs were under them, and a small picture of all to move about in.

import { axisTop } from "d3-axis";
import { brushX } from "d3-brush";
import { scaleLinear } from "d3-scale";
import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";
import { byId, clip, colours, el, fitCanvas, group, lines, percent, short, svg, time, title, tooltip } from "./dom.js";
import { fill, kinds, meanFill } from "./history.js";

const rowHeight = 22;
const barHeight = 16;
const fillHeight = 26;
const headHeight = 40; // axis and frames
const miniRow = 4;
const busyFew = 8; // FIFOs shown when not all are

export class Timeline {
  constructor(run, histories) {
    this.run = run;
    this.histories = histories;
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
    this.fifos = this.run.edges.filter((e) => e.depth).sort((a, b) => b.full - a.full || b.most / b.depth - a.most / a.depth);
    const box = byId("fills");
    const few = Math.min(busyFew, this.fifos.length);
    const options = this.fifos.length > busyFew ? [["few", `${few} fullest`], ["all", `all ${this.fifos.length}`], ["none", "none"]] : [["all", "all"], ["none", "none"]];
    box.append(...options.map(([value, text]) => el("option", { value }, text)));
    box.addEventListener("change", () => this.layout());
    for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => this.command(button.dataset.zoom));
  }

  // rows are what is drawn, from top to bottom.
  rows() {
    const { run } = this;
    const rows = [];
    if (run.layers) {
      for (const layer of run.layers) {
        const open = this.open.has(layer.name);
        const stages = run.stages.map((s, i) => i).filter((i) => run.nodes[run.stages[i].node].layer === layer.name);
        rows.push({ stage: layer.stage, name: layer.name, layer: layer.name, open, more: stages.length > 1 });
        if (open) rows.push(...stages.map((i) => ({ stage: i, name: run.stages[i].name.slice(layer.name.length + 1), inner: true })));
      }
    } else {
      run.stages.forEach((s, i) => rows.push({ stage: i, name: s.name }));
    }
    const shown = byId("fills").value;
    const chosen = shown === "none" ? [] : shown === "few" ? this.fifos.slice(0, busyFew) : this.fifos;
    const list = run.edges.filter((e) => chosen.includes(e));
    if (list.length) rows.push({ heading: "FIFO fill" });
    rows.push(...list.map((edge) => ({ edge, name: edge.name })));
    let y = headHeight;
    for (const row of rows) {
      row.y = y;
      row.height = row.edge ? fillHeight : rowHeight;
      y += row.height;
    }
    this.height = y + 4;
    return rows;
  }

  layout() {
    this.list = this.rows();
    this.row = Math.min(this.row, this.list.length - 1);
    this.labels.replaceChildren(...this.list.map((row, i) => this.label(row, i)));
    this.labels.style.paddingTop = headHeight + "px";
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
    const row = this.list[this.row];
    const at = `Cycle ${group(this.cursor)} (${time(this.cursor, this.run.clock_mhz)}), ${row.name}: `;
    byId("readout").textContent = at + (row.edge ? `holds ${short(this.filled(row.edge, this.cursor))} of ${group(row.edge.depth)} beats` : this.words(row.stage, this.cursor));
  }

  filled(edge, t) {
    return fill(this.histories[edge.in], this.histories[edge.out], t);
  }

  meanFill(edge, t, u) {
    return meanFill(this.histories[edge.in], this.histories[edge.out], t, u);
  }

  // words say what a stage does in a cycle.
  words(i, t) {
    const one = this.histories[i].at(t);
    const cause = one.indexOf(Math.max(...one));
    const { run } = this;
    const on = cause === 1 ? run.stages[i].starved_on : cause === 2 ? run.stages[i].blocked_on : "";
    if (one[cause] < 0.999) return `mostly ${run.causes[cause].name}: known to ${group(this.histories[i].fine)} cycles`;
    return run.causes[cause].name + (on ? " by " + on : "");
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
      if (row.edge) this.drawFill(context, row, theme);
      else if (row.stage !== undefined) strip(context, this.histories[row.stage], from, to, width, row.y + 3, barHeight, theme.causes);
    }
    this.drawAxis();
    this.drawFrames();
    this.drawCursor();
    this.drawMini(theme);
    this.host.dataset.from = from;
    this.host.dataset.to = to;
  }

  drawFill(context, row, theme) {
    const { width, from, to } = this;
    const base = row.y + row.height - 3;
    const high = row.height - 7;
    context.fillStyle = theme.grid;
    context.fillRect(0, row.y + 3, width, high + 1);
    context.fillStyle = theme.fill;
    const per = (to - from) / width;
    for (let x = 0; x < width; x++) {
      const t = Math.floor(from + x * per);
      const u = Math.max(t + 1, Math.floor(from + (x + 1) * per));
      const h = (high * this.meanFill(row.edge, t, u)) / row.edge.depth;
      if (h > 0) context.fillRect(x, base - h, 1, h);
    }
    context.fillStyle = theme.line;
    context.fillRect(0, base, width, 1);
  }

  drawAxis() {
    const x = scaleLinear([this.from, this.to], [0, this.width]);
    const whole = x.ticks(Math.max(2, Math.floor(this.width / 110))).filter(Number.isInteger);
    const far = this.to >= 1e7 && this.to - this.from >= 1e6;
    select(this.axis).attr("transform", "translate(0,20)").call(axisTop(x).tickValues(whole).tickFormat((v) => (far ? v / 1e6 + " M" : group(v))).tickSizeOuter(0));
    for (const text of this.axis.querySelectorAll("text")) { // none is cut at the ends
      const at = x(text.__data__ ?? text.parentNode.__data__);
      text.setAttribute("text-anchor", at < 24 ? "start" : at > this.width - 24 ? "end" : "middle");
    }
    for (const line of this.axis.querySelectorAll(".tick line")) line.setAttribute("y2", this.height - 20);
  }

  // drawFrames draws when each frame goes in and comes out; those too narrow to see are left out.
  drawFrames() {
    const x = scaleLinear([this.from, this.to], [0, this.width]);
    const marks = [];
    let seen = -Infinity;
    this.run.frames.forEach((frame, i) => {
      const a = Math.max(-2, x(frame.first_in));
      const b = Math.min(this.width + 2, x(frame.last_out + 1));
      if (b < 0 || a > this.width || b - seen < 3) return;
      seen = b;
      const lane = i % 2;
      marks.push(svg("rect", { class: "frame", x: a, y: 22 + 8 * lane, width: Math.max(1, b - a - 1), height: 7, rx: 1.5 }));
      if (x(frame.last_out + 1) <= this.width) marks.push(svg("line", { class: "frame-end", x1: b, x2: b, y1: 23, y2: this.height }));
      if (b - Math.max(0, a) > 56) marks.push(svg("text", { class: "frame-name", x: Math.max(0, a) + 4, y: 28.6 + 8 * lane }, "frame " + i));
    });
    this.marks.replaceChildren(...marks);
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
    tooltip.show(event.clientX, event.clientY, this.tip(this.list[i], Math.max(0, Math.floor(at - per / 2)), Math.min(this.span, Math.ceil(at + per / 2))));
  }

  leave() {
    tooltip.hide();
    this.cursor = null;
    byId("readout").textContent = "";
    this.redraw();
  }

  // tip says what is under the pointer: a cycle, or a few where one is too narrow to point at.
  tip(row, t, u) {
    const { run } = this;
    const one = u - t <= 3;
    const name = el("p", { class: "tip-cycle" }, one ? "cycle " + group(this.cursor) : `cycles ${group(t)} to ${group(u - 1)}`);
    if (row.edge) {
      const now = one ? short(this.filled(row.edge, this.cursor)) : short(this.meanFill(row.edge, t, u)) + " on average";
      return [title(row.name), name, lines([["holds", now], ["depth", group(row.edge.depth)], ["most in the run", group(row.edge.most)]])];
    }
    const stage = run.stages[row.stage];
    if (one) return [title(stage.name), name, el("p", {}, this.words(row.stage, this.cursor))];
    const shares = new Float64Array(kinds);
    this.histories[row.stage].shares(t, u, shares);
    const pairs = [...shares].map((n, c) => n > 0 && [el("span", { class: "swatch" }, el("i", { class: "key cause-" + c }), run.causes[c].name), percent(n / (u - t))]);
    return [title(stage.name), name, lines(pairs)];
  }
}

// strip draws what a stage does: in each column the shares of its cycles, busy ones at the bottom.
function strip(context, history, from, to, width, y, height, palette) {
  const per = (to - from) / width;
  const shares = new Float64Array(kinds);
  let begun = 0;
  let same = -1; // the cause that fills whole columns since
  const flush = (x) => {
    if (same >= 0 && x > begun) {
      context.fillStyle = palette[same];
      context.fillRect(begun, y, x - begun, height);
    }
    begun = x;
    same = -1;
  };
  for (let x = 0; x < width; x++) {
    history.shares(from + x * per, from + (x + 1) * per, shares);
    const whole = shares.findIndex((n) => n > 0.998 * per);
    if (whole !== same || whole < 0) flush(x);
    if (whole >= 0) {
      same = whole;
      continue;
    }
    let base = y + height;
    for (let c = 0; c < kinds; c++) {
      const h = (height * shares[c]) / per;
      if (h <= 0) continue;
      context.fillStyle = palette[c];
      context.fillRect(x, base - h, 1, h);
      base -= h;
    }
  }
  flush(width);
}
