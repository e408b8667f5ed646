// The scatter of the designs: axes and best trade-offs in SVG, the points on a canvas above, rings on top.

function createScatter(app) {
  const root = byId("scatter");
  const canvas = el("canvas", { "aria-hidden": "true" });
  const axes = svg("g", {});
  const line = svg("g", {});
  const rings = svg("g", {});
  const below = svg("svg", { "aria-hidden": "true" }, axes, line);
  const above = svg("svg", { "aria-hidden": "true" }, rings);
  root.append(below, canvas, above);
  const [x, y] = firstAxes();
  const view = {
    x, y, colour: objectives.find((c) => c !== x && c !== y) || null, zoom: null, places: null, box: null, xScale: null, yScale: null,
  };

  function draw() {
    const width = root.clientWidth;
    const height = root.clientHeight;
    if (!width || !view.x || !view.y) return;
    for (const layer of [below, above]) layer.setAttribute("viewBox", "0 0 " + width + " " + height);
    const box = (view.box = { left: 66, right: width - 14, top: 12, bottom: height - 48 });
    view.xScale = makeScale(view.x, box.left, box.right, view.zoom && view.zoom.x);
    view.yScale = makeScale(view.y, box.bottom, box.top, view.zoom && view.zoom.y);
    axes.replaceChildren(drawXAxis(view.xScale, box, goalTitle(view.x)), drawYAxis(view.yScale, box, goalTitle(view.y)));
    view.places = placePoints(view);
    drawPoints(fitCanvas(canvas, width, height), view, app.shown);
    line.replaceChildren(...bestLine(view, app.shown));
    byId("scatter-legend").replaceChildren(...scatterLegend(view));
    highlight();
  }

  function highlight() {
    const ring = (i, name, radius) => {
      if (i < 0 || !view.places || !inBox(view, i)) return [];
      return ["halo", name].map((kind) => svg("circle", { class: "ring " + kind, cx: view.places.x[i], cy: view.places.y[i], r: radius }));
    };
    rings.replaceChildren(...ring(app.selected, "selected", 9), ...ring(app.hovered, "hovered", 7));
  }

  connectControls(view, draw);
  connectPointer(root, view, app, draw);
  connectKeys(root, view, app);
  new ResizeObserver(draw).observe(root);
  return { draw, highlight, view };
}

// firstAxes sets the first objective against the one it conflicts with most: the longest staircase.
function firstAxes() {
  const [y, ...others] = objectives;
  if (!others.length) return [parameters.find((c) => c.varies) || columns[0], y || numericMetrics[0] || columns[0]];
  const steps = others.map((x) => staircase(x, y, (i) => points[i].front).length);
  return [others[steps.indexOf(Math.max(...steps))], y];
}

// placePoints computes where every point stands. Categories, and plots of two parameters, would put many
// designs on one spot; they are moved apart by a fixed pattern that depends on the point's index only.
function placePoints({ x, y, xScale, yScale }) {
  const bothDiscrete = [x, y].every((c) => c.labels || (c.role === "parameter" && c.distinct));
  const place = (column, scale, factor) => {
    const spot = new Float32Array(points.length);
    const spread = column.labels ? Math.abs(scale.at(1) - scale.at(0)) * 0.55 : bothDiscrete ? 14 : 0;
    for (let i = 0; i < points.length; i++) {
      spot[i] = scale.at(column.values[i]) + (((i * factor) % 1) - 0.5) * Math.min(spread, 120);
    }
    return spot;
  };
  return { x: place(x, xScale, 0.6180339887), y: place(y, yScale, 0.7548776662) };
}

function inBox({ places, box }, i) {
  const x = places.x[i];
  const y = places.y[i];
  return x >= box.left - 1 && x <= box.right + 1 && y >= box.top - 1 && y <= box.bottom + 1;
}

function drawPoints(context, view, shown) {
  const { faint, accent, surface, bad } = theme();
  const { colours, of } = colouring(view.colour);
  const radius = points.length > 4000 ? 2 : points.length > 800 ? 2.6 : 3.4;
  const dot = (i, r) => {
    context.beginPath();
    context.arc(view.places.x[i], view.places.y[i], r, 0, 2 * Math.PI);
  };
  const each = (keep, paint) => {
    for (let i = 0; i < points.length; i++) if (keep(i) && inBox(view, i)) paint(i);
  };
  context.fillStyle = faint;
  each((i) => !shown[i], (i) => context.fillRect(view.places.x[i] - 1, view.places.y[i] - 1, 2, 2));
  context.globalAlpha = 0.8;
  each((i) => shown[i] && !points[i].front && !points[i].failure, (i) => {
    context.fillStyle = colours[of(view.colour ? view.colour.values[i] : 0)];
    dot(i, radius);
    context.fill();
  });
  context.strokeStyle = bad;
  each((i) => shown[i] && points[i].failure, (i) => cross(context, view.places.x[i], view.places.y[i]));
  context.globalAlpha = 1;
  context.lineWidth = 1.5;
  each((i) => shown[i] && points[i].front, (i) => {
    context.fillStyle = view.colour ? colours[of(view.colour.values[i])] : accent;
    context.strokeStyle = view.colour ? accent : surface;
    dot(i, radius + 2);
    context.fill();
    context.stroke();
  });
}

function cross(context, x, y) {
  context.beginPath();
  context.moveTo(x - 3, y - 3);
  context.lineTo(x + 3, y + 3);
  context.moveTo(x - 3, y + 3);
  context.lineTo(x + 3, y - 3);
  context.stroke();
}

// bestLine is the staircase of the shown designs that no other beats on both axes; it needs two objectives.
function bestLine(view, shown) {
  const { x, y, places, box } = view;
  if (x === y || !objectives.includes(x) || !objectives.includes(y)) return [];
  const steps = staircase(x, y, (i) => shown[i] === 1);
  if (steps.length < 2) return [];
  let path = "";
  steps.forEach((i, k) => {
    const at = places.x[i].toFixed(1);
    path += k ? "H" + at + "V" + places.y[i].toFixed(1) : "M" + at + " " + places.y[i].toFixed(1);
  });
  const clip = svg("clipPath", { id: "plot-box" },
    svg("rect", { x: box.left, y: box.top, width: Math.max(0, box.right - box.left), height: Math.max(0, box.bottom - box.top) }));
  return [clip, svg("path", { class: "front-line", d: path, "clip-path": "url(#plot-box)" })];
}

// staircase lists the points not dominated in (x, y), from the best x to the best y.
function staircase(x, y, keep) {
  const sign = (c) => (c.goal === "max" ? -1 : 1);
  const order = [];
  for (let i = 0; i < points.length; i++) {
    if (keep(i) && !Number.isNaN(x.values[i]) && !Number.isNaN(y.values[i])) order.push(i);
  }
  const by = (c, a, b) => sign(c) * (c.values[a] - c.values[b]);
  order.sort((a, b) => by(x, a, b) || by(y, a, b) || a - b);
  return order.reduce((kept, i) => {
    if (!kept.length || by(y, i, kept[kept.length - 1]) < 0) kept.push(i);
    return kept;
  }, []);
}

function scatterLegend(view) {
  const key = (name, text) => el("span", {}, el("i", { class: name }), text);
  const showsFailures = [view.x, view.y].every((c) => c.role === "parameter") && points.some((p) => p.failure);
  return [
    key("key front", "on the Pareto front of the sweep"),
    objectives.includes(view.x) && objectives.includes(view.y) && view.x !== view.y ? key("key line", "best shown on these two axes") : null,
    showsFailures ? key("key failed", "failed") : null,
    ...colourLegend(view.colour),
    el("span", { class: "push hint" }, "drag to zoom, click for the design"),
  ].filter(Boolean);
}

function connectControls(view, draw) {
  const zoomButton = byId("reset-zoom");
  view.setZoom = (zoom) => {
    view.zoom = zoom;
    zoomButton.hidden = !zoom;
    draw();
  };
  zoomButton.addEventListener("click", () => view.setZoom(null));
  const logBoxes = { x: byId("log-x"), y: byId("log-y") };
  const syncLogs = () => {
    for (const [axis, box] of Object.entries(logBoxes)) {
      box.checked = view[axis].log;
      box.disabled = !view[axis].canLog;
    }
  };
  const groups = [["Objectives", objectives], ["Metrics", metrics.filter((c) => !objectives.includes(c))], ["Parameters", parameters]];
  for (const [axis, box] of Object.entries(logBoxes)) {
    fillSelect(byId("axis-" + axis), groups, view[axis], (column) => {
      view[axis] = column;
      syncLogs();
      view.setZoom(null);
    });
    box.addEventListener("change", () => {
      view[axis].log = box.checked;
      syncLogs();
      view.setZoom(null);
    });
  }
  fillSelect(byId("axis-color"), [["", [null]], ...groups], view.colour, (column) => {
    view.colour = column;
    draw();
  });
  syncLogs();
}
