// Parallel coordinates: one line a design; limits are dragged along the axes and are those of the filter.

const mostAxes = 14;

function createParallel(app) {
  const root = byId("parallel");
  const canvas = el("canvas", { "aria-hidden": "true" });
  const overlay = svg("svg", { role: "img", "aria-label": "Parallel coordinates of the shown designs" });
  const axes = svg("g", {});
  const marks = svg("g", { class: "marks" });
  overlay.append(marks, axes);
  root.append(canvas, overlay);
  const choices = columns.filter((c) => c.varies);
  const first = [...parameters, ...objectives].filter((c) => c.varies).slice(0, mostAxes);
  const view = { chosen: new Set(first), colour: objectives[0] || numericMetrics[0] || null, scales: [], painting: 0 };

  function draw() {
    const shownAxes = choices.filter((c) => view.chosen.has(c));
    root.style.minWidth = shownAxes.length * 74 + "px";
    const width = root.clientWidth;
    const height = root.clientHeight;
    if (!width || !shownAxes.length) return;
    overlay.setAttribute("viewBox", "0 0 " + width + " " + height);
    view.scales = layAxes(shownAxes, width, height);
    axes.replaceChildren(...view.scales.map((s, k) => parallelAxis(s, k, width / shownAxes.length, app)));
    paintLines(fitCanvas(canvas, width, height), view, app.shown);
    byId("parallel-legend").replaceChildren(...colourLegend(view.colour));
    highlight();
  }

  function highlight() {
    const mark = (i, name) => (i < 0 ? [] : [svg("path", { class: "mark " + name, d: linePath(view.scales, i) })]);
    marks.replaceChildren(...mark(app.selected, "selected"), ...mark(app.hovered, "hovered"));
  }

  fillSelect(byId("parallel-color"), [["Objectives", objectives], ["Metrics", numericMetrics.filter((c) => !objectives.includes(c))], ["Parameters", parameters]],
    view.colour, (column) => {
      view.colour = column;
      draw();
    });
  byId("parallel-axes").append(...choices.map((c) => {
    const box = el("input", { type: "checkbox", checked: view.chosen.has(c) });
    box.addEventListener("change", () => {
      if (box.checked) view.chosen.add(c);
      else view.chosen.delete(c);
      draw();
    });
    return el("label", {}, box, " " + c.name);
  }));
  new ResizeObserver(draw).observe(root);
  return { draw, highlight };
}

function layAxes(shownAxes, width, height) {
  const side = Math.min(56, width / shownAxes.length / 2 + 10);
  const gap = shownAxes.length > 1 ? (width - 2 * side) / (shownAxes.length - 1) : 0;
  return shownAxes.map((column, k) => ({ ...makeScale(column, height - 14, 50), x: side + k * gap }));
}

function linePath(scales, i) {
  let path = "";
  let pen = "M";
  for (const s of scales) {
    const v = s.column.values[i];
    if (Number.isNaN(v)) {
      pen = "M";
      continue;
    }
    path += pen + s.x.toFixed(1) + " " + s.at(v).toFixed(1);
    pen = "L";
  }
  return path;
}

const paintBudget = 10; // milliseconds of drawing a frame, so that the page stays responsive

// paintLines draws in slices of time, the front last; a newer call stops an older one.
function paintLines(context, view, shown) {
  const turn = ++view.painting;
  const { colours, of } = colouring(view.colour);
  const { scales } = view;
  const order = points.flatMap((p, i) => (shown[i] && !p.front && !p.failure ? [i] : []));
  const behind = order.length;
  order.push(...frontPoints.filter((i) => shown[i]));
  const alpha = Math.min(0.6, Math.max(0.07, 8 / Math.sqrt(behind + 1)));
  let next = 0;
  const slice = () => {
    if (turn !== view.painting) return;
    const stop = performance.now() + paintBudget;
    while (next < order.length && performance.now() < stop) {
      for (const end = Math.min(order.length, next + 50); next < end; next++) {
        const i = order[next];
        context.globalAlpha = next < behind ? alpha : 0.95;
        context.lineWidth = next < behind ? 1 : 1.7;
        context.strokeStyle = colours[of(view.colour ? view.colour.values[i] : 0)];
        strokeLine(context, scales, i);
      }
    }
    if (next < order.length) requestAnimationFrame(slice);
  };
  slice();
}

function strokeLine(context, scales, i) {
  context.beginPath();
  let down = false;
  for (const s of scales) {
    const v = s.column.values[i];
    if (Number.isNaN(v)) {
      down = false;
    } else if (down) {
      context.lineTo(s.x, s.at(v));
    } else {
      context.moveTo(s.x, s.at(v));
      down = true;
    }
  }
  context.stroke();
}

// parallelAxis draws an axis with its title (every other one higher, so that names have room) and its brush.
function parallelAxis(scale, k, room, app) {
  const { column, x } = scale;
  const better = { min: " ↓", max: " ↑" }[column.goal] || "";
  const title = svg("text", { class: "title", x, y: k % 2 ? 30 : 13, "text-anchor": "middle" }, clipped(column.name, 2 * room - 20) + better);
  title.append(svg("title", {}, axisTitle(column) + (goalArrow(column) ? ", " + goalArrow(column) : "")));
  const group = svg("g", { class: "axis", "data-column": column.name }, title,
    svg("line", { class: "stem", x1: x, x2: x, y1: k % 2 ? 35 : 18, y2: scale.to }),
    svg("line", { class: "base", x1: x, x2: x, y1: scale.to, y2: scale.from }));
  for (const { v, label } of scale.ticks) {
    const y = scale.at(v).toFixed(1);
    group.append(svg("line", { class: "base", x1: x - 3, x2: x + 3, y1: y, y2: y }));
    group.append(svg("text", { class: "tick", x: x + 6, y, dy: "0.32em" }, clipped(label, room - 14)));
  }
  group.append(...brushOf(scale), brushArea(scale, app));
  return group;
}

// brushOf shows the limits the filter holds for an axis, however they were set.
function brushOf(scale) {
  const { column, x } = scale;
  const band = (high, low) => svg("rect", { class: "brush", x: x - 7, width: 14, y: high, height: Math.max(3, low - high), rx: 3 });
  const kept = filter.sets.get(column);
  if (kept) return [...kept].map((code) => band(scale.at(code + 0.4), scale.at(code - 0.4)));
  const range = filter.ranges.get(column);
  if (!range) return [];
  const clamp = (y) => Math.min(scale.from, Math.max(scale.to, y));
  return [band(clamp(range.max === null ? scale.to : scale.at(range.max) - 3), clamp(range.min === null ? scale.from : scale.at(range.min) + 3))];
}

function brushArea(scale, app) {
  const area = svg("rect", { class: "brush-area", x: scale.x - 14, width: 28, y: scale.to - 8, height: scale.from - scale.to + 16 });
  area.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const root = area.ownerSVGElement;
    const yOf = (e) => e.clientY - root.getBoundingClientRect().top;
    const start = yOf(event);
    const apply = (e) => {
      const now = yOf(e);
      if (Math.abs(now - start) < 4) clearLimits(scale.column);
      else limitTo(scale, Math.max(start, now), Math.min(start, now));
      app.filterChanged();
    };
    const stop = () => removeEventListener("pointermove", apply);
    addEventListener("pointermove", apply);
    addEventListener("pointerup", (e) => { stop(); apply(e); }, { once: true });
    addEventListener("pointercancel", stop, { once: true });
  });
  return area;
}

function clearLimits(column) {
  filter.ranges.delete(column);
  filter.sets.delete(column);
}

// limitTo keeps what lies between two heights: whole values where a column has few, else rounded limits.
function limitTo(scale, lowPixel, highPixel) {
  const { column } = scale;
  const low = scale.valueAt(lowPixel);
  const high = scale.valueAt(highPixel);
  if (column.labels) {
    setKept(column, column.labels.map((_, code) => code).filter((code) => code >= low - 0.3 && code <= high + 0.3));
  } else if (column.distinct) {
    const inside = column.distinct.filter((v) => v >= low && v <= high);
    if (inside.length) setRange(column, inside[0], inside[inside.length - 1]);
  } else {
    const round = (v) => Number(v.toPrecision(4));
    setRange(column, low <= column.min ? null : round(low), high >= column.max ? null : round(high));
  }
}
