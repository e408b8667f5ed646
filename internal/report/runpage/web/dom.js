// Elements, the tooltip, numbers in words.

export const byId = (id) => document.getElementById(id);

// el("p", {class: "hint", onclick: f}, "text", child) makes an HTML element; text is never markup.
export function el(tag, attributes, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes, ...children) {
  return dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(element.style, value); // the policy of the page allows no style attributes
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((c) => c !== null && c !== undefined));
  return element;
}

export const tooltip = {
  show(x, y, ...content) {
    const box = byId("tooltip");
    box.replaceChildren(...content.flat().filter(Boolean));
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

// tip shows content beside an element for as long as the pointer or the focus is on it.
export function tip(element, content) {
  element.addEventListener("pointermove", (event) => tooltip.show(event.clientX, event.clientY, content()));
  element.addEventListener("pointerleave", tooltip.hide);
  element.addEventListener("focus", () => {
    const box = element.getBoundingClientRect();
    tooltip.show(box.left + Math.min(box.width / 2, 60), box.bottom - 8, content());
  });
  element.addEventListener("blur", tooltip.hide);
  return element;
}

// lines are the lines of a tooltip: names and values.
export function lines(pairs) {
  return el("dl", {}, pairs.filter(Boolean).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

export const title = (...text) => el("p", { class: "tip-title" }, ...text);

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export const group = (n) => whole.format(n);

// short writes a number with three digits or so.
export function short(v) {
  const units = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e4, "k"]];
  for (const [unit, name] of units) {
    if (Math.abs(v) >= unit) return trim(v / (name === "k" ? 1e3 : unit)) + name;
  }
  return Math.abs(v) >= 1000 ? group(v) : trim(v);
}

const trim = (v) => String(Number(v.toPrecision(3)));

export function percent(share) {
  const p = 100 * share;
  if (p > 0 && p < 0.1) return "<0.1 %";
  if (p < 100 && p > 99.9) return ">99.9 %";
  return p.toFixed(1) + " %";
}

export function time(cycles, clockMHz) {
  const us = cycles / clockMHz;
  if (us >= 1e6) return trim(us / 1e6) + " s";
  if (us >= 1e3) return trim(us / 1e3) + " ms";
  return us >= 1 ? trim(us) + " µs" : trim(us * 1e3) + " ns";
}

// clip shortens a name in its middle.
export function clip(text, most) {
  if (text.length <= most) return text;
  const half = Math.floor((most - 1) / 2);
  return text.slice(0, half) + "…" + text.slice(text.length - (most - 1 - half));
}

// fitCanvas sizes a canvas in CSS pixels, sharp on any screen, and returns its cleared context.
export function fitCanvas(canvas, width, height) {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = width + "px";
  canvas.style.height = height + "px";
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return context;
}

// colours are those of the current scheme; they live in the style sheet.
export function colours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue("--" + name).trim();
  return {
    causes: ["busy", "starved", "blocked", "throttled", "turnaround", "finished"].map(read),
    ink: read("ink"), muted: read("muted"), line: read("line"), grid: read("grid"), surface: read("surface"),
    fill: read("fill"), link: read("link"),
  };
}
