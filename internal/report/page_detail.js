// The panel beside the scatter: the chosen design, or before a choice the best of each objective.

function createDetail(app) {
  const root = byId("detail");

  function draw() {
    root.replaceChildren(...(app.selected < 0 ? overview(app) : designPanel(app.selected, app)));
  }

  return { draw: () => { if (app.selected < 0) draw(); }, highlight() {}, selected: draw };
}

function overview(app) {
  const rows = objectives.map((c) => ({ c, i: best(c, (i) => app.shown[i] === 1) })).filter(({ i }) => i >= 0);
  return [
    el("h3", {}, "Best of the shown designs"),
    ...rows.map(({ c, i }) => el("button", { type: "button", class: "pick", onclick: () => app.select(i) },
      el("span", {}, (c.goal === "min" ? "least " : "most ") + c.name), el("b", {}, withUnit(c, shortValue(c, c.values[i]))), el("i", {}, "design " + points[i].id))),
    el("p", { class: "hint" }, rows.length ? "Choose one of these, or click a point, to see all of its values and its hardware file." : "No design passes the filter."),
  ];
}

function designPanel(i, app) {
  const point = points[i];
  const badge = point.failure ? el("span", { class: "badge bad" }, "failed") : point.front ? el("span", { class: "badge front" }, "on the front") : el("span", { class: "badge" }, "not on the front");
  return [
    el("div", { class: "detail-head" }, el("h3", {}, "Design " + point.id), badge,
      el("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => app.select(-1) }, "×")),
    point.failure ? el("p", { class: "error" }, point.failure) : null,
    ...runLinks(point),
    point.failure ? null : valueList("Metrics", metrics, i),
    ...yamlBlock(i),
    valueList("Parameters", parameters, i),
  ].filter(Boolean);
}

// runLinks lead to the pages of a design's run, or say how to make them.
function runLinks(point) {
  if (point.pages) return [el("p", { class: "pages" }, "Its run, cycle by cycle: ", ...point.pages.map((p) => el("a", { href: p.path }, p.name)))];
  if (point.failure || !report.again) return [];
  const folder = decodeURIComponent(location.pathname).replace(/[^/]*$/, "").replace(/^\/([A-Za-z]:)/, "$1");
  const words = report.again.map((word) => (word.startsWith("./") ? resolved(folder, word) : word));
  const command = [...words, "--out", folder, "--page", point.id].map(shellWord).join(" ");
  const button = el("button", { type: "button", class: "quiet copy" }, "Copy");
  button.addEventListener("click", () => copyText(command, button));
  return [
    el("p", { class: "caption" }, "There is no page of its run yet; this makes it, then open this page anew"),
    el("div", { class: "code" }, button, el("pre", { id: "make-page", tabindex: "0" }, command)),
  ];
}

// resolved is a path from a folder without the steps back that are in it.
function resolved(folder, path) {
  const parts = [];
  for (const part of (folder + path).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

// shellWord is a word as a shell reads it.
const shellWord = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'");

function valueList(title, list, i) {
  const rows = list.map((c) => el("tr", {}, el("th", { scope: "row" }, c.name), el("td", {}, withUnit(c, exactValue(c, c.values[i]))), el("td", { class: "versus" }, versusBest(c, i))));
  return el("table", { class: "values" }, el("caption", {}, title), el("tbody", {}, ...rows));
}

const bestOfAll = new Map(objectives.map((c) => [c, best(c, () => true)]));

// versusBest says how far a design is from the best of the sweep in one objective.
function versusBest(column, i) {
  const at = bestOfAll.get(column);
  if (at === undefined || at < 0 || Number.isNaN(column.values[i])) return "";
  const [value, top] = [column.values[i], column.values[at]];
  if (value === top) return "best";
  if (!(value > 0 && top > 0)) return "";
  return column.goal === "min" ? engineering(value / top) + "× best" : engineering((100 * value) / top, 3) + "% of best";
}

// yamlBlock shows the hardware file where the report carries it, else the parameters that make the design.
function yamlBlock(i) {
  const yaml = points[i].yaml;
  const text = yaml || parameters.map((c) => c.name + ": " + plainValue(c, c.values[i])).join("\n") + "\n";
  const button = el("button", { type: "button", class: "quiet copy" }, "Copy");
  button.addEventListener("click", () => copyText(text, button));
  return [
    el("p", { class: "caption" }, yaml ? "Hardware file" : "Parameters as text (the page carries the files of the front only)"),
    el("div", { class: "code" }, button, el("pre", { id: "yaml", tabindex: "0" }, text)),
  ];
}

function plainValue(column, value) {
  if (Number.isNaN(value)) return "null";
  if (!column.labels) return String(value);
  return column.kind === "string" ? JSON.stringify(column.labels[value]) : column.labels[value];
}
