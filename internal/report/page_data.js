// The sweep as typed arrays: one column a parameter or metric, one entry a point; and how values are written.

const report = JSON.parse(document.getElementById("report-data").textContent);
const points = report.points || [];

const naturalOrder = new Intl.Collator("en", { numeric: true }).compare;

function integerOrder(a, b) {
  const [p, q] = [BigInt(a), BigInt(b)];
  return p < q ? -1 : p > q ? 1 : 0;
}

// A column of categories holds indices into its labels; a missing value is NaN in every column.
function makeColumn(raw, role, index) {
  const column = { id: role[0] + index, role, name: raw.name, unit: raw.unit || "", kind: raw.kind, goal: raw.goal || "none", together: raw.together || 0 };
  if (raw.kind === "number") {
    column.values = Float64Array.from(raw.numbers || [], (v) => (v === null ? NaN : v));
  } else {
    const texts = raw.kind === "bool" ? (raw.bools || []).map(String) : raw.strings || [];
    column.labels = [...new Set(texts)].filter((t) => t !== "").sort(raw.kind === "integer" ? integerOrder : naturalOrder);
    const codes = new Map(column.labels.map((label, code) => [label, code]));
    column.values = Float64Array.from(texts, (t) => codes.get(t) ?? NaN);
  }
  return Object.assign(column, summarise(column));
}

const mostDistinct = 64;

// distinct lists the values of a column that has few, in order; otherwise it is null.
function summarise(column) {
  let min = Infinity;
  let max = -Infinity;
  let seen = new Set();
  for (const v of column.values) {
    if (Number.isNaN(v)) continue;
    if (v < min) min = v;
    if (v > max) max = v;
    if (seen && seen.add(v).size > mostDistinct) seen = null;
  }
  const distinct = seen ? [...seen].sort((a, b) => a - b) : null;
  const canLog = !column.labels && min > 0 && max > min;
  return { min, max, distinct, canLog, log: canLog && max / min >= 20, varies: max > min };
}

const parameters = (report.parameters || []).map((raw, i) => makeColumn(raw, "parameter", i));
const metrics = (report.metrics || []).map((raw, i) => makeColumn(raw, "metric", i));
const columns = [...parameters, ...metrics];
const columnById = new Map(columns.map((c) => [c.id, c]));
const numericMetrics = metrics.filter((c) => !c.labels && c.min <= c.max); // those with a value anywhere
const objectives = numericMetrics.filter((c) => c.goal !== "none");
const frontPoints = points.flatMap((p, i) => (p.front ? [i] : []));

// engineering writes a number with an SI prefix and at most `digits` significant digits.
function engineering(value, digits = 4) {
  if (!Number.isFinite(value)) return "–";
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size === 0) return "0";
  if (size < 1e-3 || size >= 1e18) return rounded.toExponential().replace("e+", "e");
  if (size < 1e4) return String(rounded);
  const step = Math.min(5, Math.floor(Math.log10(size) / 3));
  return Number((rounded / 1000 ** step).toPrecision(digits)) + ["", "k", "M", "G", "T", "P"][step];
}

const wholeFormat = new Intl.NumberFormat("en-US");
const fractionFormat = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 6 });

// exactNumber groups the digits of whole numbers; beyond 2^53 the last digits are not those of a count, so none are made up.
function exactNumber(value) {
  if (Number.isSafeInteger(value)) return wholeFormat.format(value);
  if (Number.isInteger(value)) return value.toExponential().replace("e+", "e");
  return Math.abs(value) < 1e-3 ? engineering(value, 6) : fractionFormat.format(value);
}

// numberOf writes a parameter as it is set and a metric with few digits.
function numberOf(column, value, digits) {
  return column.role === "parameter" ? String(value) : engineering(value, digits);
}

// shortValue fits an axis or a table, exactValue is for reading a number off.
function shortValue(column, value, digits) {
  if (Number.isNaN(value)) return "–";
  return column.labels ? column.labels[value] : numberOf(column, value, digits);
}

function exactValue(column, value) {
  if (Number.isNaN(value)) return "–";
  if (column.labels) return column.labels[value];
  return column.role === "parameter" ? String(value) : exactNumber(value);
}

// A unit that only repeats the name, as "cycles" and "DSP" do, is left out.
function unitOf(column) {
  return column.unit.toLowerCase() === column.name.toLowerCase() ? "" : column.unit;
}

function withUnit(column, text) {
  return unitOf(column) && text !== "–" ? text + " " + unitOf(column) : text;
}

function axisTitle(column) {
  return unitOf(column) ? column.name + " [" + unitOf(column) + "]" : column.name;
}

// best returns the point with the best value of an objective among those that keep(i) holds for, or -1; of
// equals, one on the front.
function best(column, keep) {
  const sign = column.goal === "max" ? -1 : 1;
  let at = -1;
  for (let i = 0; i < points.length; i++) {
    if (Number.isNaN(column.values[i]) || !keep(i)) continue;
    const ahead = at < 0 ? -1 : sign * (column.values[i] - column.values[at]);
    if (ahead < 0 || (ahead === 0 && points[i].front && !points[at].front)) at = i;
  }
  return at;
}
