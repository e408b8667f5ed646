// Which designs are shown: limits a column, a constraint expression, and "front only".

const filter = {
  ranges: new Map(), // column -> {min, max}, null where open
  sets: new Map(), // column of categories -> Set of kept codes
  test: null,
  frontOnly: false,
};

// computeShown returns one flag a point. Failed points have no metrics; they are shown as long as no limit
// on a metric is set.
function computeShown() {
  const shown = new Uint8Array(points.length).fill(1);
  const keepWhere = (pass) => {
    for (let i = 0; i < shown.length; i++) if (shown[i] && !pass(i)) shown[i] = 0;
  };
  for (const [{ values }, { min, max }] of filter.ranges) {
    const low = min ?? -Infinity;
    const high = max ?? Infinity;
    keepWhere((i) => values[i] >= low && values[i] <= high);
  }
  for (const [{ values }, kept] of filter.sets) keepWhere((i) => kept.has(values[i]));
  if (filter.frontOnly) keepWhere((i) => points[i].front);
  if (filter.test) keepWhere(filter.test);
  return shown;
}

// setRange limits a column of numbers; open at both ends means no limit.
function setRange(column, min, max) {
  if (min === null && max === null) filter.ranges.delete(column);
  else filter.ranges.set(column, { min, max });
}

function setKept(column, codes) {
  if (codes.length === column.labels.length) filter.sets.delete(column);
  else filter.sets.set(column, new Set(codes));
}

function createFilterPanel(changed) {
  const fields = columns.filter((c) => c.varies).map((c) => (c.labels ? categoryField(c, changed) : rangeField(c, changed)));
  byId("limits").append(...fields.map((f) => f.element));
  const expression = byId("expression");
  expression.placeholder = exampleConstraint();
  expression.addEventListener("input", () => readExpression(expression, changed));
  showExpressionHint(expression, null);
  byId("front-only").addEventListener("change", (event) => {
    filter.frontOnly = event.target.checked;
    changed();
  });
  byId("reset-filter").addEventListener("click", () => {
    filter.ranges.clear();
    filter.sets.clear();
    filter.frontOnly = byId("front-only").checked = false;
    expression.value = "";
    readExpression(expression, changed);
  });
  openOnWideScreens(byId("filters"));
  return {
    draw(shown) {
      fields.forEach((f) => f.sync());
      let n = 0;
      for (const flag of shown) n += flag;
      byId("shown-count").textContent = exactNumber(n) + " of " + plural(points.length, "design", "designs");
    },
  };
}

function openOnWideScreens(details) {
  const wide = matchMedia("(min-width: 900px)");
  const follow = () => { details.open = wide.matches; };
  wide.addEventListener("change", follow);
  follow();
}

// exampleConstraint shows the syntax with names the reader knows.
function exampleConstraint() {
  const middle = (c) => (c.log ? Math.sqrt(c.min * c.max) : (c.min + c.max) / 2);
  const one = (c) => quotedName(c) + (c.goal === "max" ? " >= " : " <= ") + Number(middle(c).toPrecision(2));
  return (objectives.length ? objectives : numericMetrics).slice(0, 2).map(one).join(" && ") || "name <= value";
}

function quotedName(column) {
  return /^[A-Za-z_][\w.]*$/.test(column.name) ? column.name : "`" + column.name + "`";
}

// readExpression keeps the last good constraint out of force while the text has a mistake.
function readExpression(input, changed) {
  let error = null;
  try {
    filter.test = compileExpression(input.value, columns);
  } catch (mistake) {
    if (!(mistake instanceof ExpressionError)) throw mistake;
    error = mistake;
    filter.test = null;
  }
  showExpressionHint(input, error);
  changed();
}

function showExpressionHint(input, error) {
  const note = byId("expression-note");
  input.setAttribute("aria-invalid", error ? "true" : "false");
  note.classList.toggle("error", Boolean(error));
  note.textContent = error ? "Not applied. " + error.message : "Use < <= > >= == != && || ! + - * / min() max() abs() log2(), text in quotes.";
}

function rangeField(column, changed) {
  const input = (end, word) => {
    const box = el("input", {
      type: "number", step: "any", "aria-label": word + " " + column.name, placeholder: numberOf(column, column[end]), "data-end": end,
    });
    box.addEventListener("input", () => {
      const limit = { ...(filter.ranges.get(column) || { min: null, max: null }) };
      limit[end] = box.value === "" ? null : box.valueAsNumber;
      setRange(column, limit.min, limit.max);
      changed();
    });
    return box;
  };
  const boxes = [input("min", "least"), input("max", "most")];
  const element = el("fieldset", { "data-column": column.name },
    el("legend", {}, column.name, unitOf(column) ? el("i", {}, unitOf(column)) : null),
    el("div", { class: "range" }, boxes[0], el("span", {}, "to"), boxes[1]));
  const sync = () => {
    const limit = filter.ranges.get(column);
    element.classList.toggle("active", Boolean(limit));
    for (const box of boxes) {
      if (box === document.activeElement) continue;
      const value = limit ? limit[box.dataset.end] : null;
      box.value = value === null ? "" : value;
    }
  };
  return { element, sync };
}

function categoryField(column, changed) {
  const boxes = column.labels.map((label, code) => el("input", {
    type: "checkbox", checked: true, value: code,
    onchange: () => {
      setKept(column, boxes.filter((b) => b.checked).map((b) => Number(b.value)));
      changed();
    },
  }));
  const element = el("fieldset", { "data-column": column.name }, el("legend", {}, column.name),
    el("div", { class: "choices" }, ...boxes.map((box, code) => el("label", {}, box, " " + column.labels[code]))));
  const sync = () => {
    const kept = filter.sets.get(column);
    element.classList.toggle("active", Boolean(kept));
    boxes.forEach((box, code) => { box.checked = !kept || kept.has(code); });
  };
  return { element, sync };
}
