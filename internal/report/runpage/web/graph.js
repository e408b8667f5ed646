// The pipeline as a graph: blocks with what their stages did, edges with what they held.

import { Graph, layout } from "@dagrejs/dagre";
import { curveBasis, line } from "d3-shape";
import { byId, clip, el, group, lines, percent, svg, tip, title } from "./dom.js";

const mostBlocks = 16; // a larger network is drawn by layers at first

// drawGraph draws it, and again when the width changes enough to turn it.
export function drawGraph(run, pick) {
  const host = byId("graph");
  let byLayer = Boolean(run.layers) && run.nodes.length > mostBlocks;
  let units = unitsOf(run, byLayer);
  let links = linksOf(run, units);
  let scale = 0; // 0: as fits
  let drawn = "";
  const draw = (force) => {
    const wide = host.clientWidth >= 720;
    const key = [wide, host.clientWidth, scale].join();
    if (key === drawn && !force) return;
    drawn = key;
    const { picture, width, height } = place(run, units, links, wide, pick);
    const fits = Math.min(1, host.clientWidth / width);
    const shown = scale || Math.max(fits, wide ? 0.6 : 0.8);
    picture.setAttribute("width", Math.round(width * shown));
    picture.setAttribute("height", Math.round(height * shown));
    host.replaceChildren(picture);
    byId("graph-controls").hidden = fits >= 0.6 && !scale && !run.layers;
    scale = scale ? shown : 0;
    host.dataset.scale = shown;
  };
  for (const button of document.querySelectorAll("[data-graph]")) {
    button.addEventListener("click", () => {
      const now = Number(host.dataset.scale);
      const fit = Math.max(0.15, Math.min(1, host.clientWidth / Number(host.firstChild.dataset.width)));
      scale = { in: Math.min(1.6, now * 1.25), out: Math.max(0.15, now / 1.25), fit }[button.dataset.graph];
      draw(true);
    });
  }
  const switching = byId("graph-layers");
  switching.hidden = !run.layers;
  switching.setAttribute("aria-pressed", String(byLayer));
  switching.addEventListener("click", () => {
    byLayer = !byLayer;
    switching.setAttribute("aria-pressed", String(byLayer));
    units = unitsOf(run, byLayer);
    links = linksOf(run, units);
    scale = 0;
    draw(true);
  });
  draw();
  new ResizeObserver(() => draw()).observe(host);
}

// unitsOf are the boxes: blocks, or layers of a large machine, each with its stages.
function unitsOf(run, byLayer) {
  const units = [];
  const known = new Map();
  run.nodes.forEach((node, i) => {
    const key = byLayer ? node.layer : i;
    if (!known.has(key)) {
      known.set(key, units.length);
      units.push({ name: byLayer ? node.layer || node.name : node.name, layer: byLayer ? "" : node.layer, small: byLayer, detail: byLayer ? "" : node.detail, nodes: new Set(), stages: [] });
    }
    units[known.get(key)].nodes.add(i);
  });
  run.stages.forEach((stage, i) => {
    const unit = units.find((u) => u.nodes.has(stage.node));
    unit.stages.push(i);
  });
  if (byLayer) {
    for (const unit of units) {
      const layer = run.layers.find((l) => l.name === unit.name);
      if (!layer) continue;
      unit.detail = layer.multipliers ? group(layer.multipliers) + " multipliers" : "";
      unit.stages = [layer.stage];
    }
  }
  return units;
}

// linksOf are the edges between boxes, and the tensors that go from one to another by the DRAM.
function linksOf(run, units) {
  const of = (node) => units.findIndex((u) => u.nodes.has(node));
  const edges = run.edges.map((edge) => ({ edge, from: of(edge.from), to: of(edge.to) }));
  const passes = (run.passes || []).map((pass) => ({ pass, from: of(pass.from), to: of(pass.to) }));
  return [...edges, ...passes].filter((l) => l.from !== l.to);
}

function place(run, units, links, wide, pick) {
  const g = new Graph({ multigraph: true });
  const small = units[0].small;
  g.setGraph({ rankdir: wide ? "LR" : "TB", nodesep: 18, ranksep: wide ? (small ? 40 : 62) : 40, marginx: 6, marginy: 6 });
  units.forEach((unit, i) => g.setNode(String(i), { width: small ? 138 : 158, height: 42 + 17 * unit.stages.length + (unit.layer ? 14 : 0) }));
  links.forEach((l, i) => g.setEdge(String(l.from), String(l.to), { width: wide ? 8 : 60, height: 16, labelpos: "c" }, String(i)));
  layout(g);
  const { width, height } = g.graph();
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, "data-width": width, role: "img", "aria-label": "The pipeline as a graph" });
  const path = line((p) => p.x, (p) => p.y).curve(curveBasis);
  for (const l of links) picture.append(drawLink(run, l, g.edge(String(l.from), String(l.to), String(links.indexOf(l))), path, wide));
  units.forEach((unit, i) => picture.append(drawUnit(run, unit, g.node(String(i)), pick)));
  return { picture, width, height };
}

// drawLink draws an edge with how full it got, or that a tensor goes by the DRAM.
function drawLink(run, { edge, pass }, spot, path, wide) {
  if (pass) {
    const words = `${pass.tensor}: through the DRAM, ${group(pass.bytes)} bytes`;
    return tip(svg("g", { class: "link wire", tabindex: 0, "aria-label": words }, svg("path", { d: path(spot.points), class: "hit" }), svg("path", { d: path(spot.points), class: "stroke" }), arrow(spot.points, wide)),
      () => [title(pass.tensor), lines([["way", "through the DRAM"], ["size", group(pass.bytes) + " bytes a frame"]])]);
  }
  const held = run.cycles ? edge.full / run.cycles : 0;
  const state = edge.depth === 0 ? "wire" : held > 0.5 ? "full" : "";
  const text = edge.depth ? `${edge.most}/${edge.depth}` : "wire";
  const width = 12 + 6.2 * text.length;
  const share = edge.depth ? edge.most / edge.depth : 0;
  const at = { x: spot.x ?? 0, y: spot.y ?? 0 };
  const link = svg("g", { class: "link " + state, tabindex: 0, "aria-label": edgeWords(run, edge) },
    svg("path", { d: path(spot.points), class: "hit" }),
    svg("path", { d: path(spot.points), class: "stroke" }),
    arrow(spot.points, wide),
    svg("rect", { class: "pill", x: at.x - width / 2, y: at.y - 8, width, height: 16, rx: 8 }),
    edge.depth ? svg("rect", { class: "level", x: at.x - width / 2 + 4, y: at.y + 4.6, width: (width - 8) * Math.min(1, share), height: 1.8, rx: 0.9 }) : null,
    svg("text", { x: at.x, y: at.y + 3, "text-anchor": "middle" }, text),
  );
  return tip(link, () => edgeTip(run, edge));
}

function arrow(points, wide) {
  const end = points[points.length - 1];
  const d = wide ? `M${end.x - 6},${end.y - 4}L${end.x},${end.y}L${end.x - 6},${end.y + 4}` : `M${end.x - 4},${end.y - 6}L${end.x},${end.y}L${end.x + 4},${end.y - 6}`;
  return svg("path", { d, class: "stroke" });
}

const edgeWords = (run, edge) => (edge.depth ? `FIFO ${edge.name}, depth ${edge.depth}, held at most ${edge.most} beats` : `wire ${edge.name}`);

export function edgeTip(run, edge) {
  return [title(edge.name), lines([
    ["depth", edge.depth ? `${group(edge.depth)} beats of ${group(edge.bits)} bits` : `a wire of ${group(edge.bits)} bits`],
    ["beats moved", group(edge.beats)],
    edge.depth ? ["most held", `${group(edge.most)}`] : null,
    edge.depth ? ["full", percent(edge.full / Math.max(1, run.cycles)) + " of cycles"] : null,
    edge.depth ? ["empty", percent(edge.empty / Math.max(1, run.cycles)) + " of cycles"] : null,
  ])];
}

// drawUnit draws a box with a bar for each of its stages.
function drawUnit(run, unit, spot, pick) {
  const left = spot.x - spot.width / 2;
  let y = spot.y - spot.height / 2;
  const box = svg("g", { class: "unit", tabindex: 0, role: "button", "aria-label": unit.name + ", show in the timeline" },
    svg("rect", { class: "box", x: left, y, width: spot.width, height: spot.height, rx: 7 }));
  if (unit.layer) {
    box.append(svg("text", { class: "layer", x: left + 10, y: y + 15 }, clip(unit.layer, 24)));
    y += 14;
  }
  box.append(svg("text", { class: "name", x: left + 10, y: y + 17 }, clip(unit.name, unit.small ? 14 : 18)));
  box.append(svg("text", { class: "detail", x: left + 10, y: y + 31 }, clip(unit.detail || "", 25)));
  unit.stages.forEach((i, k) => drawBar(run, run.stages[i], box, left + 10, y + 38 + 17 * k, spot.width - 20, unit));
  const go = () => pick(unit.stages[0]);
  box.addEventListener("click", go);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      go();
    }
  });
  return tip(box, () => unit.stages.flatMap((i) => stageTip(run, run.stages[i])));
}

// drawBar draws the shares of a stage and how busy it was.
function drawBar(run, stage, box, x, y, width, unit) {
  const total = Math.max(1, run.cycles);
  const text = percent(stage.shares[0] / total);
  const own = stage.name.slice(stage.name.lastIndexOf(".") + 1);
  const room = width - 50;
  let at = x;
  stage.shares.forEach((n, cause) => {
    const w = (room * n) / total;
    if (w > 0.2) box.append(svg("rect", { class: "cause-" + cause, x: at, y, width: w, height: 9 }));
    at += w;
  });
  if (unit.stages.length > 1) box.append(svg("title", {}, own));
  box.append(svg("text", { class: "share", x: x + width, y: y + 8.5, "text-anchor": "end" }, text));
}

export function stageTip(run, stage) {
  const total = Math.max(1, run.cycles);
  const on = { 1: stage.starved_on, 2: stage.blocked_on };
  return [title(stage.name), lines(stage.shares.map((n, cause) => n > 0 && [
    el("span", { class: "swatch" }, el("i", { class: "key cause-" + cause }), run.causes[cause].name + (on[cause] ? " by " + clip(on[cause], 30) : "")),
    percent(n / total),
  ]))];
}
