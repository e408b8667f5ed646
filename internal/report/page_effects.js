// The effect of each parameter on a metric: one small plot a parameter, over matched pairs of the shown designs.

const mostBins = 12;

function createEffects(app) {
  const root = byId("effects");
  const view = { metric: objectives[0] || numericMetrics[0] || null };
  fillSelect(byId("effect-metric"), [["Objectives", objectives], ["Metrics", numericMetrics.filter((c) => !objectives.includes(c))]],
    view.metric, (column) => {
      view.metric = column;
      draw();
    });

  function draw() {
    const { plots, unmatched } = view.metric ? effectsOf(view.metric, app.shown) : { plots: [], unmatched: [] };
    const perRow = Math.max(1, Math.min(plots.length, Math.floor(root.clientWidth / 250)));
    const width = Math.floor((root.clientWidth - 14 * (perRow - 1)) / perRow);
    const notes = [];
    if (unmatched.length) notes.push("Not ranked, since no two of the shown designs differ in it alone: " + unmatched.map((p) => p.name).join(", ") + ".");
    else if (!plots.length) notes.push("Nothing to compare: no parameter varies over the shown designs.");
    root.replaceChildren(...plots.map((plot) => effectPlot(view.metric, plot, width)), ...notes.map((text) => el("p", { class: "hint" }, text)));
  }

  let width = 0;
  new ResizeObserver(() => {
    if (root.clientWidth !== width) {
      width = root.clientWidth;
      draw();
    }
  }).observe(root);
  return { draw, highlight() {} };
}

// effectsOf compares the values of each parameter in designs that are otherwise the same, the strongest parameter first.
// Groups of designs by value alone would mix in what else differs between them, as soon as a combination is missing.
function effectsOf(metric, shown) {
  const members = [];
  for (let i = 0; i < points.length; i++) if (shown[i] && !Number.isNaN(metric.values[i])) members.push(i);
  const ratios = members.every((i) => metric.values[i] > 0);
  const varying = parameters.filter((p) => p.varies && members.some((i) => p.values[i] !== p.values[members[0]]));
  const all = varying.map((parameter) => effectOf(metric, parameter, members, ratios));
  const plots = all.filter((p) => p.groups.length > 1).sort((a, b) => strength(b) - strength(a));
  return { plots, unmatched: all.filter((p) => p.groups.length < 2).map((p) => p.parameter) };
}

// effectOf holds each value of a parameter against the reference: the value that most blocks have, the first of equals.
function effectOf(metric, parameter, members, ratios) {
  const bins = binsOf(parameter);
  const blocks = [...blocksOf(metric, parameter, bins, members).values()].filter((block) => block.size > 1);
  const uses = bins.map((_, k) => blocks.filter((block) => block.has(k)).length);
  const reference = uses.indexOf(Math.max(...uses));
  const against = (block, k) => (ratios ? block.get(k) / block.get(reference) : block.get(k) - block.get(reference));
  const groups = bins.flatMap((bin, k) => {
    const pairs = blocks.filter((block) => block.has(k) && block.has(reference)).map((block) => against(block, k));
    return pairs.length ? [{ label: bin.label, reference: k === reference, ...quartiles(pairs.sort((a, b) => a - b)) }] : [];
  });
  const medians = groups.map((g) => g.median);
  return { parameter, groups, ratios, low: Math.min(...medians), high: Math.max(...medians) };
}

// blocksOf maps what designs have in common besides a parameter to its values there: bin -> metric. Designs of one bin in
// one block, which only bins of several values have, count with their mean.
function blocksOf(metric, parameter, bins, members) {
  const binAt = new Map();
  const binOf = (v) => {
    if (!binAt.has(v)) binAt.set(v, bins.findIndex((bin) => v >= bin.low && v <= bin.high));
    return binAt.get(v);
  };
  const block = blockOf(parameter);
  const sums = new Map();
  for (const i of members) {
    const k = binOf(parameter.values[i]);
    if (k < 0) continue;
    if (!sums.has(block[i])) sums.set(block[i], new Map());
    const sum = sums.get(block[i]).get(k) || { total: 0, count: 0 };
    sums.get(block[i]).set(k, { total: sum.total + metric.values[i], count: sum.count + 1 });
  }
  for (const values of sums.values()) for (const [k, { total, count }] of values) values.set(k, total / count);
  return sums;
}

const blockCache = new Map();

// blockOf numbers the designs by all parameters that do not move together with one.
function blockOf(parameter) {
  const known = parameter.together || parameter;
  if (!blockCache.has(known)) {
    const others = parameters.filter((p) => p.varies && p !== parameter && !(p.together && p.together === parameter.together));
    const ids = new Map();
    blockCache.set(known, Int32Array.from(points, (_, i) => {
      const key = others.map((p) => p.values[i]).join();
      if (!ids.has(key)) ids.set(key, ids.size);
      return ids.get(key);
    }));
  }
  return blockCache.get(known);
}

function strength({ low, high, ratios }) {
  return ratios ? high / low : high - low;
}

// binsOf makes one bin a value, or, when there are many, bins of about as many different values each.
function binsOf(parameter) {
  if (parameter.labels) return parameter.labels.map((label, v) => ({ label, low: v, high: v }));
  const values = parameter.distinct || [...new Set(parameter.values)].filter((v) => !Number.isNaN(v)).sort((a, b) => a - b);
  if (values.length <= mostBins) return values.map((v) => ({ label: String(v), low: v, high: v }));
  const bins = 8;
  return Array.from({ length: bins }, (_, k) => {
    const low = values[Math.floor((k * values.length) / bins)];
    const high = values[Math.floor(((k + 1) * values.length) / bins) - 1];
    return { label: low === high ? String(low) : low + "–" + high, low, high };
  });
}

// quartiles sums up sorted values.
function quartiles(sorted) {
  const at = (share) => {
    const spot = share * (sorted.length - 1);
    const low = sorted[Math.floor(spot)];
    return low + (sorted[Math.ceil(spot)] - low) * (spot - Math.floor(spot));
  };
  return { count: sorted.length, least: at(0), lower: at(0.25), median: at(0.5), upper: at(0.75), most: at(1) };
}

// effectScale is that of the ratios or differences of a plot.
function effectScale({ groups, ratios }, from, to) {
  const min = Math.min(...groups.map((g) => g.least));
  const max = Math.max(...groups.map((g) => g.most));
  return makeScale({ role: "effect", min, max, labels: null, distinct: null, log: ratios && max / min >= 20 }, from, to);
}

function effectPlot(metric, plot, width) {
  const { parameter, groups, ratios } = plot;
  const height = 176;
  const box = { left: 66, right: width - 6, top: 8, bottom: height - 24 };
  const yScale = effectScale(plot, box.bottom, box.top);
  if (ratios) yScale.ticks = yScale.ticks.map((t) => ({ ...t, label: "×" + t.label }));
  const step = (box.right - box.left) / groups.length;
  const xOf = (k) => box.left + (k + 0.5) * step;
  const picture = svg("svg", { viewBox: "0 0 " + width + " " + height, width, height, role: "img", "aria-label": effectSentence(metric, plot) },
    drawYAxis(yScale, box), svg("line", { class: "axis-base", x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }));
  const path = groups.map((g, k) => (k ? "L" : "M") + xOf(k).toFixed(1) + " " + yScale.at(g.median).toFixed(1)).join("");
  picture.append(svg("path", { class: "median-line", d: path }));
  const widest = Math.max(...groups.map((g) => textWidth(g.label))) + 8;
  const every = Math.max(1, Math.ceil(Math.min(widest, 110) / step));
  groups.forEach((g, k) => picture.append(...effectMarks(g, xOf(k), step, yScale, box, k % every === 0 ? Math.max(step * every, 30) : 0, metric, plot)));
  return el("figure", { "data-parameter": parameter.name },
    el("figcaption", {}, el("b", {}, axisTitle(parameter)), el("span", {}, effectSize(metric, plot))), picture);
}

function effectMarks(group, x, step, yScale, box, labelRoom, metric, plot) {
  const y = (v) => yScale.at(v).toFixed(1);
  const bar = Math.min(12, step * 0.5);
  const hot = svg("rect", { class: "hot", x: x - step / 2, width: step, y: box.top, height: box.bottom - box.top });
  hot.addEventListener("pointermove", (e) => tooltip.show(e.clientX, e.clientY, ...effectTip(metric, plot, group)));
  hot.addEventListener("pointerleave", () => tooltip.hide());
  return [
    svg("line", { class: "range-line", x1: x, x2: x, y1: y(group.least), y2: y(group.most) }),
    svg("rect", { class: "middle-half", x: x - bar / 2, width: bar, y: y(group.upper), height: Math.max(1, yScale.at(group.lower) - yScale.at(group.upper)), rx: 2 }),
    svg("circle", { class: "median", cx: x, cy: y(group.median), r: 3.2 }),
    labelRoom ? svg("text", { class: group.reference ? "tick reference" : "tick", x, y: box.bottom + 15, "text-anchor": "middle" }, clipped(group.label, labelRoom)) : null,
    hot,
  ].filter(Boolean);
}

// effectText writes a ratio or a difference.
function effectText(metric, ratios, value, digits) {
  if (ratios) return "×" + engineering(value, digits);
  return withUnit(metric, (value > 0 ? "+" : "") + engineering(value, digits));
}

function effectSize(metric, { low, high, ratios }) {
  if (low === high) return ratios ? "×1" : "unchanged";
  return ratios ? effectText(metric, true, high / low, 3) : "±" + engineering((high - low) / 2, 3);
}

function effectSentence(metric, { parameter, groups, ratios }) {
  return "Median effect on " + metric.name + " of " + parameter.name + ": " + groups.map((g) => g.label + " " + effectText(metric, ratios, g.median)).join(", ");
}

function effectTip(metric, { parameter, groups, ratios }, g) {
  const row = (name, v) => [el("dt", {}, name), el("dd", {}, effectText(metric, ratios, v))];
  const reference = groups.find((other) => other.reference);
  return [
    el("p", { class: "tip-title" }, parameter.name + " = " + withUnit(parameter, g.label)),
    el("p", { class: "hint" }, g.reference ? "the reference: all others are held against it" : metric.name + " against " + reference.label + ", " + plural(g.count, "pair", "pairs")),
    g.reference ? null : el("dl", {}, ...row("most", g.most), ...row("upper quarter", g.upper), ...row("median", g.median), ...row("lower quarter", g.lower), ...row("least", g.least)),
  ].filter(Boolean);
}
