// The front as a table that sorts by any column, and the reasons of the failed points.

const tableRows = 200;
const alikeDigits = 6; // of the objectives

// layouts are what a table shows, the widest first; the first that fits is taken. Objectives always come first.
const layouts = [
  { columns: (varying, rest) => [...objectives, ...varying, ...rest], below: () => [] },
  { columns: (varying) => [...objectives, ...varying], below: () => [] },
  { columns: () => objectives, below: (varying) => varying }, // in a line below each row
  { columns: () => objectives.slice(0, 2), below: (varying) => [...objectives.slice(2), ...varying] },
];

function createTable(app) {
  const root = byId("front-table");
  const varying = parameters.filter((c) => c.varies);
  const rest = metrics.filter((c) => !objectives.includes(c));
  const view = { by: objectives[0] || null, descending: objectives[0] ? objectives[0].goal === "max" : false, all: false, layout: 0, width: 0 };

  function draw() {
    const rows = frontPoints.filter((i) => app.shown[i]).sort(compareRows);
    const alike = alikeRows(rows);
    byId("front-note").textContent = frontNote(rows.length, alike.size);
    const visible = view.all ? rows : rows.slice(0, tableRows);
    const bests = new Map(objectives.map((c) => [c, best(c, (i) => app.shown[i] && points[i].front)]));
    const more = rows.length - visible.length;
    const button = more ? [el("button", { type: "button", class: "quiet", onclick: () => { view.all = true; draw(); } }, "Show " + plural(more, "more row", "more rows"))] : [];
    for (;;) {
      const layout = layouts[view.layout];
      const columns = layout.columns(varying, rest);
      root.replaceChildren(el("table", {}, el("thead", {}, el("tr", {}, heading(null, "design"), ...columns.map((c) => heading(c, c.name)))),
        ...visible.map((i) => row(i, columns, layout.below(varying), bests, alike))), ...button);
      if (root.scrollWidth <= root.clientWidth || view.layout === layouts.length - 1) break;
      view.layout++;
    }
    highlight();
  }

  function compareRows(a, b) {
    if (!view.by) return view.descending ? b - a : a - b;
    const [p, q] = [view.by.values[a], view.by.values[b]];
    if (Number.isNaN(p) !== Number.isNaN(q)) return Number.isNaN(p) ? 1 : -1;
    return (view.descending ? q - p : p - q) || a - b;
  }

  function heading(column, name) {
    const active = view.by === column;
    const sort = () => {
      view.descending = active ? !view.descending : column !== null && column.goal === "max";
      view.by = column;
      draw();
      const shown = layouts[view.layout].columns(varying, rest);
      root.querySelectorAll("th button")[column ? shown.indexOf(column) + 1 : 0].focus();
    };
    const arrow = active ? (view.descending ? " ↓" : " ↑") : "";
    return el("th", { scope: "col", class: column && column.labels ? "text" : null, "aria-sort": active ? (view.descending ? "descending" : "ascending") : "none" },
      el("button", { type: "button", onclick: sort }, ...breakable(name), arrow), column && unitOf(column) ? el("i", {}, unitOf(column)) : null);
  }

  // row is a body of its own, so that a line below belongs to it.
  function row(i, columns, below, bests, alike) {
    const text = (c) => shortValue(c, c.values[i], objectives.includes(c) ? alikeDigits : undefined);
    const cell = (c) => el("td", { class: (c.labels ? "text" : "") + (bests.get(c) !== undefined && c.values[i] === c.values[bests.get(c)] ? " best" : ""), title: exactValue(c, c.values[i]) }, text(c));
    const mark = alike.has(i) ? el("span", { class: "alike", title: "objectives equal to those of a row above in " + alikeDigits + " digits" }, "≈ ") : null;
    const body = el("tbody", { "data-point": i },
      el("tr", {}, el("td", {}, mark, el("button", { type: "button", onclick: () => app.select(i) }, points[i].id)), ...columns.map(cell)),
      below.length ? el("tr", { class: "below" }, el("td", { colspan: columns.length + 1 }, below.map((c) => c.name + " " + text(c)).join(" · "))) : null);
    body.addEventListener("click", () => app.select(i));
    body.addEventListener("pointerenter", () => app.hover(i));
    body.addEventListener("pointerleave", () => app.hover(-1));
    return body;
  }

  function highlight() {
    for (const body of root.querySelectorAll("tbody")) body.classList.toggle("selected", Number(body.dataset.point) === app.selected);
  }

  new ResizeObserver(() => {
    if (root.clientWidth === view.width) return;
    view.width = root.clientWidth;
    view.layout = 0;
    draw();
  }).observe(root);
  return { draw, highlight };
}

// breakable lets a name break behind its dots and underscores.
function breakable(name) {
  return name.split(/(?<=[._])/).flatMap((part, k) => (k ? [el("wbr"), part] : [part]));
}

// alikeRows are the rows whose objectives show the same digits as those of a row above: they differ further behind.
function alikeRows(rows) {
  const seen = new Set();
  return new Set(rows.filter((i) => {
    const shown = objectives.map((c) => c.values[i].toPrecision(alikeDigits)).join();
    return seen.has(shown) || !seen.add(shown);
  }));
}

function frontNote(shown, alike) {
  const all = frontPoints.length;
  const fixed = parameters.filter((c) => !c.varies && c.values.length && !Number.isNaN(c.values[0]));
  const same = fixed.length ? " The same in all: " + fixed.map((c) => c.name + " = " + withUnit(c, shortValue(c, c.values[0]))).join(", ") + "." : "";
  const marked = alike ? " ≈ marks objectives equal to those of a row above in " + alikeDigits + " digits." : "";
  return (shown === all ? plural(all, "design", "designs") : exactNumber(shown) + " of " + plural(all, "design", "designs")) + ", none dominated by another." + same + marked;
}

// showFailures lists the reasons, the most frequent first, with some of the points they hit.
function showFailures() {
  const byReason = new Map();
  for (const p of points) {
    if (p.failure) byReason.set(p.failure, [...(byReason.get(p.failure) || []), p.id]);
  }
  const reasons = [...byReason].sort((a, b) => b[1].length - a[1].length || naturalOrder(a[0], b[0]));
  byId("failures-card").hidden = !reasons.length;
  const most = 20;
  byId("failures").append(...reasons.slice(0, most).map(([reason, ids]) => el("li", {}, el("b", {}, plural(ids.length, "point", "points")), " " + reason,
    el("i", {}, " e.g. " + ids.slice(0, 5).join(", ")))));
  if (reasons.length > most) byId("failures").append(el("li", {}, plural(reasons.length - most, "more reason", "more reasons")));
}
