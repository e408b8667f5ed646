// Scales, ticks and drawn axes.

// makeScale maps values of a column to pixels from..to; domain (low, high) defaults to the column's range.
function makeScale(column, from, to, domain) {
  const log = column.log && !column.labels;
  const map = log ? Math.log : (v) => v;
  const unmap = log ? Math.exp : (v) => v;
  let [low, high] = domain ? domain.map(map) : paddedDomain(column, map);
  if (!(high > low)) [low, high] = [low - 0.5, low + 0.5];
  const scale = {
    column, from, to, log,
    at: (v) => from + ((map(v) - low) / (high - low)) * (to - from),
    valueAt: (pixel) => unmap(low + ((pixel - from) / (to - from)) * (high - low)),
    low: unmap(low), high: unmap(high),
  };
  scale.ticks = spread(ticksOf(scale), scale, column.labels ? 14 : 22);
  return scale;
}

function paddedDomain(column, map) {
  if (column.labels) return [-0.5, column.labels.length - 0.5];
  if (!(column.min <= column.max)) return [0, 1];
  const low = map(column.min);
  const high = map(column.max);
  const pad = (high - low) * 0.04;
  return [low - pad, high + pad];
}

const fewTicks = 12;

function ticksOf(scale) {
  const { column, low, high } = scale;
  const inside = (v) => v >= low && v <= high;
  if (column.labels) return column.labels.map((label, v) => ({ v, label })).filter((t) => inside(t.v));
  if (column.role === "parameter" && column.distinct && column.distinct.length <= fewTicks) {
    return column.distinct.filter(inside).map((v) => ({ v, label: String(v) }));
  }
  return labelled((scale.log ? logSteps(low, high) : niceSteps(low, high, Math.abs(scale.to - scale.from) / 70)).filter(inside));
}

// labelled writes the values with as many digits as they have.
function labelled(values) {
  let digits = 3;
  while (digits < 12 && values.some((v) => Number(v.toPrecision(digits)) !== Number(v.toPrecision(12)))) digits++;
  return values.map((v) => ({ v, label: engineering(v, digits) }));
}

// niceSteps are multiples of 1, 2 or 5 times a power of ten, about as many as asked for.
function niceSteps(low, high, wanted) {
  const raw = (high - low) / Math.max(2, wanted);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= raw * 0.999);
  const out = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) out.push(Number((k * step).toPrecision(12)));
  return out;
}

function logSteps(low, high) {
  const decades = Math.log10(high / low);
  if (decades < 0.7) return niceSteps(low, high, 5);
  const multiples = decades < 3 ? [1, 2, 5] : [1];
  const out = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
    for (const m of multiples) out.push(Number((m * 10 ** e).toPrecision(12)));
  }
  return out;
}

// spread drops ticks that would stand closer than the gap, or, across, closer than their text is wide.
function spread(ticks, scale, gap) {
  const across = scale.from < scale.to;
  const half = (t) => (across ? Math.max(gap, textWidth(t.label) + 10) : gap) / 2;
  const kept = [];
  for (const tick of ticks) {
    const previous = kept[kept.length - 1];
    if (!previous || Math.abs(scale.at(tick.v) - scale.at(previous.v)) >= half(tick) + half(previous)) kept.push(tick);
  }
  return kept;
}

function textWidth(text) {
  return text.length * 6.2;
}

function clipped(text, width) {
  const most = Math.max(4, Math.floor(width / 6.2));
  return text.length <= most ? text : text.slice(0, most - 1) + "…";
}

// drawXAxis and drawYAxis return SVG groups: grid lines through the box, tick labels, and a title.
function drawXAxis(scale, box, title) {
  const group = svg("g", { class: "axis" });
  for (const { v, label } of scale.ticks) {
    const x = scale.at(v).toFixed(1);
    group.append(svg("line", { class: "grid", x1: x, x2: x, y1: box.top, y2: box.bottom }));
    group.append(svg("text", { x, y: box.bottom + 16, "text-anchor": "middle" }, label));
  }
  group.append(svg("line", { class: "base", x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }));
  if (title) group.append(svg("text", { class: "title", x: (box.left + box.right) / 2, y: box.bottom + 38, "text-anchor": "middle" }, title));
  return group;
}

function drawYAxis(scale, box, title) {
  const group = svg("g", { class: "axis" });
  for (const { v, label } of scale.ticks) {
    const y = scale.at(v).toFixed(1);
    group.append(svg("line", { class: "grid", x1: box.left, x2: box.right, y1: y, y2: y }));
    group.append(svg("text", { x: box.left - 8, y, dy: "0.32em", "text-anchor": "end" }, clipped(label, box.left - 24)));
  }
  group.append(svg("line", { class: "base", x1: box.left, x2: box.left, y1: box.top, y2: box.bottom }));
  if (title) {
    const middle = (box.top + box.bottom) / 2;
    group.append(svg("text", { class: "title", transform: "translate(13 " + middle + ") rotate(-90)", "text-anchor": "middle" }, title));
  }
  return group;
}

// goalArrow says which way along an axis is better.
function goalArrow(column) {
  return { min: "lower is better", max: "higher is better" }[column.goal] || "";
}

function goalTitle(column) {
  const arrow = goalArrow(column);
  return axisTitle(column) + (column.log && !column.labels ? ", log" : "") + (arrow ? " · " + arrow : "");
}
