// Pictures with axes: the roofline, depths against intervals, the first frame.

import { axisBottom, axisLeft } from "d3-axis";
import { scaleLinear, scaleLog } from "d3-scale";
import { select } from "d3-selection";
import { line } from "d3-shape";
import { byId, clip, el, group, lines, percent, short, svg, time, tip, title } from "./dom.js";

// chart makes the frame of a picture and calls draw when its width changes.
function chart(id, height, draw) {
  const host = byId(id);
  let before = 0;
  const again = () => {
    const width = Math.max(220, host.clientWidth);
    if (width === before) return;
    before = width;
    const high = typeof height === "function" ? height(width) : height;
    const picture = svg("svg", { viewBox: `0 0 ${width} ${high}`, width, height: high });
    draw(picture, width, high);
    host.replaceChildren(picture);
  };
  new ResizeObserver(again).observe(host);
  again();
}

function axes(picture, x, y, names, box) {
  const bottom = svg("g", { class: "axis", transform: `translate(0,${box.bottom})` });
  const left = svg("g", { class: "axis", transform: `translate(${box.left},0)` });
  select(bottom).call(names.bottom(axisBottom(x)));
  select(left).call(names.left(axisLeft(y)));
  for (const l of bottom.querySelectorAll(".tick line")) l.setAttribute("y2", box.top - box.bottom);
  for (const l of left.querySelectorAll(".tick line")) l.setAttribute("x2", box.right - box.left);
  picture.append(bottom, left,
    svg("text", { class: "axis-name", x: box.right, y: box.bottom + 34, "text-anchor": "end" }, names.x),
    svg("text", { class: "axis-name", x: 2, y: 12 }, names.y));
}

// decades are the ticks of a logarithmic axis that have room.
function decades(scale, room) {
  const ticks = scale.ticks();
  for (const keep of [() => true, (v) => [1, 2, 5].includes(Math.round(v / 10 ** Math.floor(Math.log10(v) + 1e-9))), (v) => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9]) {
    const list = ticks.filter(keep);
    if (list.length <= room) return list;
  }
  return ticks.filter((_, i) => i % Math.ceil(ticks.length / room) === 0);
}

export function drawRoofline(run, pick) {
  const r = run.roofline;
  if (!r) {
    byId("roof-card").hidden = true;
    return;
  }
  const flat = r.roofs.filter((f) => !f.slope);
  const slopes = r.roofs.filter((f) => f.slope);
  const values = (list) => list.filter((v) => v > 0);
  const ridges = slopes.map((s) => flat[0].value / s.value);
  const xs = values([...r.points.map((p) => p.intensity), ...ridges]);
  const ys = values([...r.points.map((p) => p.rate), ...r.points.map((p) => p.own), ...flat.map((f) => f.value)]);
  const spread = (list, by, decade) => [Math.min(Math.min(...list) / by, Math.max(...list) / decade), Math.max(...list) * by];
  byId("roof-legend").replaceChildren(
    el("span", {}, el("i", { class: "key point" }), "the machine"),
    ...(r.points.some((p) => p.within) ? [el("span", {}, el("i", { class: "key within" }), "a layer, with its streams within the machine; the bar over it is what its own multipliers could do")] : []));
  chart("roof", 300, (picture, width, height) => {
    const box = { left: 46, right: width - 12, top: 22, bottom: height - 40 };
    const x = scaleLog(spread(xs, 2.2, 10), [box.left, box.right]);
    const y = scaleLog(spread(ys, 1.7, 12), [box.bottom, box.top]);
    axes(picture, x, y, {
      bottom: (a) => a.tickValues(decades(x, (box.right - box.left) / 52)).tickFormat(short), left: (a) => a.tickValues(decades(y, 9)).tickFormat(short),
      x: "MACs per byte moved", y: "MACs per cycle",
    }, box);
    const peak = flat[0].value;
    const [low, high] = x.domain();
    slopes.forEach((s, i) => {
      const ridge = Math.min(high, peak / s.value);
      const start = Math.max(low, y.domain()[0] / s.value);
      if (ridge <= start) return;
      picture.append(svg("line", { class: "roof slope-" + i, x1: x(start), y1: y(start * s.value), x2: x(ridge), y2: y(ridge * s.value) }));
      const ends = [start, ridge].map((v) => ({ x: x(v), y: y(v * s.value) }));
      const angle = (Math.atan2(ends[1].y - ends[0].y, ends[1].x - ends[0].x) * 180) / Math.PI;
      const name = `${s.name}, ${short(s.value)} B/cycle`;
      if (Math.hypot(ends[1].x - ends[0].x, ends[1].y - ends[0].y) < 6.4 * name.length) { // no room along it
        picture.append(svg("text", { class: "roof-name", x: Math.min(ends[1].x + 6, box.right - 6.4 * name.length), y: y(peak) + 16 }, name));
        return;
      }
      const middle = { x: (ends[0].x + ends[1].x) / 2, y: (ends[0].y + ends[1].y) / 2 };
      picture.append(svg("text", { class: "roof-name", transform: `translate(${middle.x},${middle.y}) rotate(${angle}) translate(0,-6)`, "text-anchor": "middle" }, name));
    });
    const from = Math.max(low, Math.min(...ridges.filter((v) => v > 0), high * 0.9));
    picture.append(svg("line", { class: "roof", x1: x(from), y1: y(peak), x2: box.right, y2: y(peak) }),
      svg("text", { class: "roof-name", x: box.right, y: y(peak) - 6, "text-anchor": "end" }, `${flat[0].name}, ${group(peak)} MACs/cycle`));
    for (const p of [...r.points].reverse()) picture.append(drawPosition(run, p, x, y, pick));
  });
}

function drawPosition(run, p, x, y, pick) {
  const at = { x: x(p.intensity), y: y(p.rate) };
  const mark = svg("g", { class: p.within ? "within" : "whole", tabindex: 0, "aria-label": `${p.name}: ${short(p.rate)} MACs per cycle at ${short(p.intensity)} MACs per byte` },
    svg("line", { class: "own", x1: at.x, x2: at.x, y1: at.y, y2: y(p.own) }),
    svg("line", { class: "own", x1: at.x - 4, x2: at.x + 4, y1: y(p.own), y2: y(p.own) }),
    svg("circle", { cx: at.x, cy: at.y, r: p.within ? 4 : 6 }));
  const layer = run.layers && run.layers.find((l) => l.name === p.name);
  if (layer) mark.addEventListener("click", () => pick(layer.stage));
  return tip(mark, () => [title(p.name), lines([["rate", `${short(p.rate)} MACs per cycle`], ["of its multipliers", percent(p.rate / p.own)], ["intensity", `${short(p.intensity)} MACs per byte`]])]);
}

export function drawDepths(run) {
  const curves = (run.depths || []).filter((c) => c.points.some((p) => !p.dead));
  if (!curves.length) {
    byId("depths-card").hidden = true;
    return;
  }
  const points = curves.flatMap((c) => c.points);
  const live = points.filter((p) => !p.dead).map((p) => p.interval);
  const most = Math.max(2, ...points.map((p) => p.depth));
  const [least, highest] = [Math.min(...live), Math.max(...live)];
  const pad = (highest - least || highest * 0.1) * 0.12;
  byId("depths-legend").replaceChildren(...curves.map((c, i) => el("span", {}, el("i", { class: "key line curve-" + i }), clip(c.edge, 30),
    el("b", {}, (c.knee ? `knee at ${group(c.knee)}` : "no depth helps") + (c.depth ? `, now ${group(c.depth)}` : "")))),
  ...(points.some((p) => p.dead) ? [el("span", {}, el("b", { class: "cross" }, "×"), "deadlock")] : []));
  chart("depths", 300, (picture, width, height) => {
    const box = { left: 58, right: width - 22, top: 22, bottom: height - 40 };
    const x = scaleLog([1, most], [box.left, box.right]).base(2);
    const y = scaleLinear([Math.max(0, least - pad), highest + pad], [box.bottom, box.top]);
    const powers = Math.log2(most);
    const apart = Math.ceil((44 * powers) / (box.right - box.left));
    const ticks = Array.from({ length: Math.floor(powers / apart) + 1 }, (_, i) => 2 ** (i * apart));
    axes(picture, x, y, { bottom: (a) => a.tickValues(ticks).tickFormat(group), left: (a) => a.ticks(6).tickFormat((v) => (highest < 1e5 ? group(v) : short(v))), x: "depth in beats", y: "cycles from frame to frame" }, box);
    [...curves].reverse().forEach((c) => picture.append(drawCurve(c, curves.indexOf(c), x, y, box)));
  });
}

function drawCurve(curve, i, x, y, box) {
  const live = curve.points.filter((p) => !p.dead);
  const path = line((p) => x(p.depth), (p) => y(p.interval));
  const g = svg("g", { class: "curve curve-" + i }, svg("path", { d: path(live) }));
  const where = (p) => (p.dead ? { x: x(p.depth), y: box.top + 8 } : { x: x(p.depth), y: y(p.interval) });
  for (const p of curve.points) {
    const at = where(p);
    const knee = p.depth === curve.knee;
    const mark = p.dead ? svg("path", { class: "dead", d: `M${at.x - 4},${at.y - 4}l8,8m0,-8l-8,8` }) : svg("circle", { cx: at.x, cy: at.y, r: knee ? 6 : 3, class: knee ? "knee" : null });
    mark.setAttribute("tabindex", "0");
    tip(mark, () => [title(curve.edge), lines([["depth", group(p.depth)], ["a frame every", p.dead ? "never: deadlock" : `${short(p.interval)} cycles`], knee && ["", "the knee: deeper gains nothing"], p.depth === curve.depth && ["", "as it is"]])]);
    g.append(mark);
  }
  return g;
}

const stepHeight = 22;

export function drawFirst(run) {
  const steps = run.first || [];
  if (!steps.length) {
    byId("first-card").hidden = true;
    return;
  }
  const end = Math.max(...steps.map((s) => s.last)) + 1;
  const output = Math.max(...steps.slice(-1).map((s) => s.first));
  chart("first", steps.length * stepHeight + 66, (picture, width, height) => {
    const left = width < 560 ? 96 : 200;
    const right = width - (width < 560 ? 12 : 120);
    const x = scaleLinear([0, end], [left, right]);
    const bottom = svg("g", { class: "axis", transform: `translate(0,${height - 44})` });
    select(bottom).call(axisBottom(x).ticks(Math.max(2, (right - left) / 90)).tickFormat((v) => (end < 1e6 ? group(v) : short(v))));
    for (const l of bottom.querySelectorAll(".tick line")) l.setAttribute("y2", 8 - (height - 44));
    picture.append(bottom);
    steps.forEach((s, i) => picture.append(drawStep(run, s, 8 + i * stepHeight, x, left, right, width, end)));
    const words = `${group(output)} cycles until the first result (${percent(output / end)}), then ${group(end - output)} until the last`;
    picture.append(svg("line", { class: "cursor", x1: x(output), x2: x(output), y1: 4, y2: height - 44 }),
      svg("text", { class: "axis-name", x: left, y: height - 8 }, width < 560 ? `first result in cycle ${group(output)}, last in ${group(end - 1)}` : words + `; ${time(end, run.clock_mhz)} in all`));
  });
}

function drawStep(run, s, y, x, left, right, width, end) {
  const wait = Math.max(0, s.first - s.adds);
  const g = svg("g", { class: "step", tabindex: 0, "aria-label": `${s.name}: first result in cycle ${s.first}, last in ${s.last}, adds ${s.adds} cycles` },
    svg("rect", { class: "row", x: 0, y: y - 2, width, height: stepHeight - 1 }),
    svg("text", { class: "step-name", x: left - 8, y: y + 13, "text-anchor": "end" }, clip(s.name, width < 560 ? 12 : 25)),
    svg("rect", { class: "stream", x: x(s.in), y: y + 3, width: Math.max(1, x(s.last + 1) - x(s.in)), height: 13, rx: 2 }),
    s.adds > 0 ? svg("rect", { class: "adds", x: x(wait), y: y + 3, width: Math.max(1.5, x(s.first) - x(wait)), height: 13, rx: 2 }) : null,
    width >= 560 ? svg("text", { class: "share", x: right + 10, y: y + 13 }, s.adds > 0 ? `+${group(s.adds)} (${percent(s.adds / end)})` : "") : null);
  return tip(g, () => [title(s.name), lines([["first beat in", "cycle " + group(s.in)], ["first result", "cycle " + group(s.first)], ["last result", (s.about ? "about cycle " : "cycle ") + group(s.last)],
    ["delays the first output by", s.adds > 0 ? group(s.adds) + " cycles" : "nothing"]])]);
}
