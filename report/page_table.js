// The front as a table that sorts by any column, and the reasons of the failed points.

const tableRows = 200;

function createTable(app) {
  const root = byId("front-table");
  const shownColumns = [...parameters.filter((c) => c.varies), ...metrics];
  const view = { by: objectives[0] || null, descending: objectives[0] ? objectives[0].goal === "max" : false, all: false };

  function draw() {
    const rows = frontPoints.filter((i) => app.shown[i]).sort(compareRows);
    byId("front-note").textContent = frontNote(rows.length);
    const visible = view.all ? rows : rows.slice(0, tableRows);
    const bests = new Map(objectives.map((c) => [c, best(c, (i) => app.shown[i] && points[i].front)]));
    const table = el("table", {}, el("thead", {}, el("tr", {}, heading(null, "design"), ...shownColumns.map((c) => heading(c, c.name)))),
      el("tbody", {}, ...visible.map((i) => row(i, bests))));
    const more = rows.length - visible.length;
    root.replaceChildren(table, ...(more ? [el("button", { type: "button", class: "quiet", onclick: () => { view.all = true; draw(); } }, "Show " + plural(more, "more row", "more rows"))] : []));
    highlight();
  }

  function compareRows(a, b) {
    const value = (i) => (view.by ? view.by.values[i] : points[i].id);
    const [p, q] = [value(a), value(b)];
    if (Number.isNaN(p) !== Number.isNaN(q)) return Number.isNaN(p) ? 1 : -1;
    return (view.descending ? q - p : p - q) || a - b;
  }

  function heading(column, name) {
    const active = view.by === column;
    const sort = () => {
      view.descending = active ? !view.descending : column !== null && column.goal === "max";
      view.by = column;
      draw();
      root.querySelectorAll("th button")[column ? shownColumns.indexOf(column) + 1 : 0].focus();
    };
    const arrow = active ? (view.descending ? " ↓" : " ↑") : "";
    return el("th", { scope: "col", class: column && column.labels ? "text" : null, "aria-sort": active ? (view.descending ? "descending" : "ascending") : "none" },
      el("button", { type: "button", onclick: sort }, name + arrow), column && unitOf(column) ? el("i", {}, unitOf(column)) : null);
  }

  function row(i, bests) {
    const cell = (c) => el("td", { class: (c.labels ? "text" : "") + (bests.get(c) !== undefined && c.values[i] === c.values[bests.get(c)] ? " best" : ""), title: exactValue(c, c.values[i]) },
      shortValue(c, c.values[i]));
    const tr = el("tr", { "data-point": i }, el("td", {}, el("button", { type: "button", onclick: () => app.select(i) }, String(points[i].id))), ...shownColumns.map(cell));
    tr.addEventListener("click", () => app.select(i));
    tr.addEventListener("pointerenter", () => app.hover(i));
    tr.addEventListener("pointerleave", () => app.hover(-1));
    return tr;
  }

  function highlight() {
    for (const tr of root.querySelectorAll("tbody tr")) tr.classList.toggle("selected", Number(tr.dataset.point) === app.selected);
  }

  return { draw, highlight };
}

function frontNote(shown) {
  const all = frontPoints.length;
  const fixed = parameters.filter((c) => !c.varies && c.values.length && !Number.isNaN(c.values[0]));
  const same = fixed.length ? " The same in all: " + fixed.map((c) => c.name + " = " + withUnit(c, shortValue(c, c.values[0]))).join(", ") + "." : "";
  return (shown === all ? plural(all, "design", "designs") : exactNumber(shown) + " of " + plural(all, "design", "designs")) + ", none dominated by another." + same;
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
