// The effect of each parameter on a metric: one small plot a parameter, over the shown designs.

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
    const plots = view.metric ? effectsOf(view.metric, app.shown) : [];
    if (!plots.length) {
      root.replaceChildren(el("p", { class: "hint" }, "Nothing to compare: no parameter varies over the shown designs."));
      return;
    }
    const perRow = Math.max(1, Math.min(plots.length, Math.floor(root.clientWidth / 250)));
    const width = Math.floor((root.clientWidth - 14 * (perRow - 1)) / perRow);
    root.replaceChildren(...plots.map((plot) => effectPlot(view.metric, plot, width)));
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

// effectsOf groups the shown designs by the value of each parameter, the strongest parameter first.
function effectsOf(metric, shown) {
  const order = [];
  for (let i = 0; i < points.length; i++) if (shown[i] && !Number.isNaN(metric.values[i])) order.push(i);
  order.sort((a, b) => metric.values[a] - metric.values[b]);
  const plots = parameters.filter((p) => p.varies).map((parameter) => {
    const groups = groupsOf(parameter, order).map((g) => ({ label: g.label, ...quartiles(metric, g.members) }));
    const medians = groups.map((g) => g.median);
    return { parameter, groups, low: Math.min(...medians), high: Math.max(...medians) };
  });
  return plots.filter((p) => p.groups.length > 1).sort((a, b) => strength(b) - strength(a));
}

function strength({ low, high }) {
  return low > 0 ? high / low : high - low;
}

// groupsOf keeps the order of the designs, so each group stays sorted by the metric.
function groupsOf(parameter, order) {
  const bins = binsOf(parameter);
  const groups = bins.map((bin) => ({ label: bin.label, members: [] }));
  for (const i of order) {
    const v = parameter.values[i];
    const k = bins.findIndex((bin) => v >= bin.low && v <= bin.high);
    if (k >= 0) groups[k].members.push(i);
  }
  return groups.filter((g) => g.members.length);
}

// binsOf makes one bin a value, or, when there are many, bins of about as many different values each.
function binsOf(parameter) {
  if (parameter.labels) return parameter.labels.map((label, v) => ({ label, low: v, high: v }));
  const values = parameter.distinct || [...new Set(parameter.values)].filter((v) => !Number.isNaN(v)).sort((a, b) => a - b);
  if (values.length <= mostBins) return values.map((v) => ({ label: engineering(v), low: v, high: v }));
  const bins = 8;
  return Array.from({ length: bins }, (_, k) => {
    const low = values[Math.floor((k * values.length) / bins)];
    const high = values[Math.floor(((k + 1) * values.length) / bins) - 1];
    return { label: low === high ? engineering(low, 3) : engineering(low, 3) + "–" + engineering(high, 3), low, high };
  });
}

function quartiles(metric, members) {
  const at = (share) => {
    const spot = share * (members.length - 1);
    const low = metric.values[members[Math.floor(spot)]];
    const high = metric.values[members[Math.ceil(spot)]];
    return low + (high - low) * (spot - Math.floor(spot));
  };
  return { count: members.length, least: at(0), lower: at(0.25), median: at(0.5), upper: at(0.75), most: at(1) };
}

function effectPlot(metric, { parameter, groups, low, high }, width) {
  const height = 176;
  const box = { left: 46, right: width - 6, top: 8, bottom: height - 24 };
  const yScale = makeScale(metric, box.bottom, box.top);
  const step = (box.right - box.left) / groups.length;
  const xOf = (k) => box.left + (k + 0.5) * step;
  const picture = svg("svg", { viewBox: "0 0 " + width + " " + height, width, height, role: "img", "aria-label": effectSentence(metric, parameter, groups) },
    drawYAxis(yScale, box), svg("line", { class: "axis-base", x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }));
  const path = groups.map((g, k) => (k ? "L" : "M") + xOf(k).toFixed(1) + " " + yScale.at(g.median).toFixed(1)).join("");
  picture.append(svg("path", { class: "median-line", d: path }));
  const widest = Math.max(...groups.map((g) => textWidth(g.label))) + 8;
  const every = Math.max(1, Math.ceil(Math.min(widest, 110) / step));
  groups.forEach((g, k) => picture.append(...effectMarks(g, xOf(k), step, yScale, box, k % every === 0 ? Math.max(step * every, 30) : 0, metric, parameter)));
  return el("figure", { "data-parameter": parameter.name },
    el("figcaption", {}, el("b", {}, axisTitle(parameter)), el("span", {}, effectSize(metric, low, high))), picture);
}

function effectMarks(group, x, step, yScale, box, labelRoom, metric, parameter) {
  const y = (v) => yScale.at(v).toFixed(1);
  const bar = Math.min(12, step * 0.5);
  const hot = svg("rect", { class: "hot", x: x - step / 2, width: step, y: box.top, height: box.bottom - box.top });
  hot.addEventListener("pointermove", (e) => tooltip.show(e.clientX, e.clientY, ...effectTip(metric, parameter, group)));
  hot.addEventListener("pointerleave", () => tooltip.hide());
  return [
    svg("line", { class: "range-line", x1: x, x2: x, y1: y(group.least), y2: y(group.most) }),
    svg("rect", { class: "middle-half", x: x - bar / 2, width: bar, y: y(group.upper), height: Math.max(1, yScale.at(group.lower) - yScale.at(group.upper)), rx: 2 }),
    svg("circle", { class: "median", cx: x, cy: y(group.median), r: 3.2 }),
    labelRoom ? svg("text", { class: "tick", x, y: box.bottom + 15, "text-anchor": "middle" }, clipped(group.label, labelRoom)) : null,
    hot,
  ].filter(Boolean);
}

function effectSize(metric, low, high) {
  if (low === high) return "median unchanged";
  return low > 0 ? "median ×" + engineering(high / low, 3) : "median ±" + engineering((high - low) / 2, 3);
}

function effectSentence(metric, parameter, groups) {
  return "Median of " + metric.name + " by " + parameter.name + ": " + groups.map((g) => g.label + " " + engineering(g.median)).join(", ");
}

function effectTip(metric, parameter, g) {
  const row = (name, v) => [el("dt", {}, name), el("dd", {}, withUnit(metric, engineering(v)))];
  return [
    el("p", { class: "tip-title" }, parameter.name + " = " + withUnit(parameter, g.label)),
    el("p", { class: "hint" }, plural(g.count, "design", "designs") + ", " + metric.name),
    el("dl", {}, ...row("most", g.most), ...row("upper quarter", g.upper), ...row("median", g.median), ...row("lower quarter", g.lower), ...row("least", g.least)),
  ];
}
