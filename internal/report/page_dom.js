// Elements, colours of the current scheme, canvases and the tooltip.

const byId = (id) => document.getElementById(id);

// el("p", {class: "hint", onclick: f}, "text", child) makes an HTML element; text is never markup.
function el(tag, attributes, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

const svgNamespace = "http://www.w3.org/2000/svg";

function svg(tag, attributes, ...children) {
  return dress(document.createElementNS(svgNamespace, tag), attributes, children);
}

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((c) => c !== null && c !== undefined));
  return element;
}

function plural(n, one, many) {
  return exactNumber(n) + " " + (n === 1 ? one : many);
}

// Colours live in the style sheet, so that canvases follow the light and dark schemes.
let cachedTheme = null;

function theme() {
  if (!cachedTheme) {
    const style = getComputedStyle(document.documentElement);
    const read = (name) => style.getPropertyValue("--" + name).trim();
    cachedTheme = {
      ink: read("ink"), surface: read("surface"), accent: read("accent"), point: read("point"),
      faint: read("faint"), bad: read("bad"),
      ramp: makeRamp(read("ramp").split(/\s+/)), categories: read("categories").split(/\s+/),
    };
  }
  return cachedTheme;
}

const rampSteps = 64;

function makeRamp(stops) {
  const rgb = stops.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  return Array.from({ length: rampSteps }, (_, step) => {
    const at = (step / (rampSteps - 1)) * (rgb.length - 1);
    const low = Math.min(rgb.length - 2, Math.floor(at));
    const mixed = rgb[low].map((v, k) => Math.round(v + (rgb[low + 1][k] - v) * (at - low)));
    return "rgb(" + mixed.join(",") + ")";
  });
}

// colouring returns the colours of a column as a list and the index into it of each value.
function colouring(column) {
  const { ramp, categories, point } = theme();
  if (!column) return { colours: [point], of: () => 0 };
  if (column.labels) return { colours: categories, of: (v) => (Number.isNaN(v) ? 0 : v % categories.length) };
  const map = column.log ? Math.log : (v) => v;
  const low = map(column.min);
  const span = map(column.max) - low || 1;
  return { colours: ramp, of: (v) => (Number.isNaN(v) ? 0 : Math.round(((map(v) - low) / span) * (rampSteps - 1))) };
}

// colourLegend shows what the colours of a column mean.
function colourLegend(column) {
  if (!column) return [];
  if (column.labels) {
    const { colours, of } = colouring(column);
    return column.labels.map((label, code) => {
      const key = el("i", { class: "key" });
      key.style.background = colours[of(code)];
      return el("span", {}, key, label);
    });
  }
  const bar = el("i", { class: "bar" });
  bar.style.background = "linear-gradient(90deg," + theme().ramp.join(",") + ")";
  return [el("span", {}, axisTitle(column), el("b", {}, numberOf(column, column.min)), bar, el("b", {}, numberOf(column, column.max)))];
}

// fitCanvas sizes a canvas in CSS pixels, sharp on any screen, and returns its cleared context.
function fitCanvas(canvas, width, height) {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = width + "px";
  canvas.style.height = height + "px";
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return context;
}

function fillSelect(select, groups, chosen, onchange) {
  for (const [label, members] of groups) {
    if (!members.length) continue;
    const options = members.map((c) => el("option", { value: c ? c.id : "" }, c ? axisTitle(c) : "none"));
    select.append(label ? el("optgroup", { label }, ...options) : options[0]);
  }
  select.value = chosen ? chosen.id : "";
  select.addEventListener("change", () => onchange(columnById.get(select.value) || null));
}

const tooltip = {
  show(x, y, ...content) {
    const box = byId("tooltip");
    box.replaceChildren(...content);
    box.hidden = false;
    const gap = 14;
    const { width, height } = box.getBoundingClientRect();
    const left = x + gap + width > innerWidth ? x - gap - width : x + gap;
    const top = Math.min(y + gap, innerHeight - height - 4);
    box.style.left = Math.max(4, left) + "px";
    box.style.top = Math.max(4, top) + "px";
  },
  hide() {
    byId("tooltip").hidden = true;
  },
};

function designTip(i) {
  const rows = (list) => list.flatMap((c) => [el("dt", {}, c.name), el("dd", {}, withUnit(c, shortValue(c, c.values[i])))]);
  const varying = parameters.filter((c) => c.varies);
  return [
    el("p", { class: "tip-title" }, "Design " + points[i].id, points[i].front ? el("span", { class: "badge front" }, "front") : null),
    points[i].failure ? el("p", { class: "tip-bad" }, points[i].failure) : null,
    el("dl", {}, ...rows(varying)),
    points[i].failure ? null : el("dl", { class: "second" }, ...rows(metrics)),
  ].filter(Boolean);
}

// copyText works for pages opened from disk too, to which some browsers refuse the clipboard interface.
async function copyText(text, button) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", { class: "offscreen" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = label; }, 1200);
}
