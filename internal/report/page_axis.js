// Scales, ticks and drawn axes.

// makeScale maps values of a column to pixels from..to; domain (low, high) defaults to the column's range.
function makeScale(column, from, to, domain) {
  const log = column.log && !column.labels;
  const [low, high] = domain || paddedDomain(column, log);
  const at = (log ? d3.scaleLog : d3.scaleLinear)([low, high], [from, to]);
  const scale = { column, from, to, log, at, valueAt: at.invert, low, high };
  scale.ticks = spread(ticksOf(scale), scale, column.labels ? 14 : 22);
  return scale;
}

// paddedDomain is the range of a column with a little room at its ends.
function paddedDomain(column, log) {
  if (column.labels) return [-0.5, column.labels.length - 0.5];
  if (!(column.min <= column.max)) return log ? [1, 2] : [0, 1];
  const { min, max } = column;
  if (log) return min < max ? [min / (max / min) ** 0.04, max * (max / min) ** 0.04] : [min / 1.65, min * 1.65];
  const pad = min < max ? (max - min) * 0.04 : 0.5;
  return [min - pad, max + pad];
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

// niceSteps are round numbers, about as many as asked for.
function niceSteps(low, high, wanted) {
  return d3.ticks(low, high, Math.max(2, wanted));
}

// logSteps are round numbers that grow by like factors; in less than a decade, by like steps.
function logSteps(low, high) {
  const decades = Math.log10(high / low);
  if (decades < 0.7) return niceSteps(low, high, 5);
  const multiples = decades < 3 ? [1, 2, 5] : [1];
  const power = (v) => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9;
  return d3.scaleLog([low, high], [0, 1]).ticks().filter((v) => multiples.some((m) => power(v / m)));
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
