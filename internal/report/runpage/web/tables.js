// What is best read in rows: layers or stages, resources, FIFOs.

import { byId, clip, el, group, lines, percent, short, tip, title } from "./dom.js";
import { edgeTip, stageTip } from "./graph.js";

function table(host, head, rows) {
  byId(host).replaceChildren(el("table", {},
    el("thead", {}, el("tr", {}, head.map((h) => el("th", { class: h.text ? "text" : null, scope: "col" }, h.name)))),
    el("tbody", {}, rows)));
}

// bar is the shares of a stage as a bar.
function bar(run, stage) {
  const total = Math.max(1, run.cycles);
  const words = run.causes.map((c, i) => stage.shares[i] && `${c.name} ${percent(stage.shares[i] / total)}`).filter(Boolean).join(", ");
  const box = el("div", { class: "shares", role: "img", "aria-label": words },
    stage.shares.map((n, i) => n > 0 && el("i", { class: "cause-" + i, style: { width: (100 * n) / total + "%" } })).filter(Boolean));
  return tip(box, () => stageTip(run, stage));
}

export function drawLayers(run, pick) {
  const link = (name, stage) => el("button", { type: "button", class: "go", title: name + ": show in the timeline", onclick: () => pick(stage) }, clip(name, 34));
  if (run.layers) {
    table("layers", [{ name: "layer", text: true }, { name: "cycles of its busiest stage", text: true }, { name: "busy" }, { name: "what limits it", text: true },
      { name: "MACs" }, { name: "multipliers" }, { name: "used" }],
    run.layers.map((l) => {
      const stage = run.stages[l.stage];
      return el("tr", {}, el("td", { class: "text" }, link(l.name, l.stage)), el("td", { class: "wide" }, bar(run, stage)), el("td", {}, group(stage.shares[0])),
        el("td", { class: "text limit", title: l.limit }, clip(l.limit, 40)), el("td", {}, l.macs ? short(l.macs) : ""), el("td", {}, l.multipliers ? group(l.multipliers) : ""),
        el("td", {}, l.multipliers ? percent(l.utilization) : ""));
    }));
    return;
  }
  table("layers", [{ name: "stage", text: true }, { name: "its cycles", text: true }, { name: "busy" }, { name: "starved" }, { name: "blocked" }, { name: "waits for", text: true }],
    run.stages.map((s, i) => el("tr", {}, el("td", { class: "text" }, link(s.name, i)), el("td", { class: "wide" }, bar(run, s)),
      [0, 1, 2].map((c) => el("td", {}, percent(s.shares[c] / Math.max(1, run.cycles)))),
      el("td", { class: "text limit" }, waits(s)))));
}

function waits(s) {
  if (s.shares[1] === 0 && s.shares[2] === 0) return "";
  return s.shares[1] >= s.shares[2] ? s.starved_on || "" : s.blocked_on || "";
}

export function drawCosts(run) {
  if (!run.costs) {
    byId("costs-card").hidden = !run.no_cost;
    byId("board").textContent = run.no_cost ? "No estimate: " + run.no_cost : "";
    return;
  }
  byId("board").textContent = run.board ? `${run.board.name}: ${run.board.fits ? "fits" : "does not fit"}` : "The hardware names no board: estimates only.";
  byId("uses").replaceChildren(...uses(run));
  const columns = [["dsp", "DSP"], ["lut", "LUT"], ["ff", "FF"], ["bram18", "BRAM18"], ["uram", "URAM"]].filter(([key]) => run.costs.some((c) => c[key]));
  const most = Object.fromEntries(columns.map(([key]) => [key, Math.max(...run.costs.map((c) => c[key]))]));
  table("costs", [{ name: run.layers ? "layer" : "stage", text: true }, ...columns.map(([, name]) => ({ name }))],
    run.costs.filter((c) => columns.some(([key]) => c[key])).map((c) => el("tr", {}, el("td", { class: "text" }, clip(c.name, 34)),
      columns.map(([key]) => el("td", { class: c[key] && c[key] === most[key] ? "best" : null }, c[key] ? group(c[key]) : "")))));
}

function uses(run) {
  const total = (key) => run.costs.reduce((sum, c) => sum + c[key], 0);
  if (!run.board) {
    return [lines([["DSP", group(total("dsp"))], ["LUT", group(total("lut"))], ["FF", group(total("ff"))], ["BRAM18", group(total("bram18"))], ["URAM", group(total("uram"))]])];
  }
  const rows = run.board.uses.filter((u) => u.available || u.used).map((u) => {
    const share = u.available ? u.used / u.available : Infinity;
    const state = share > 1 ? "over" : u.tight ? "tight" : "";
    const figure = u.unit ? `${short(u.used)} of ${short(u.available)} ${u.unit}` : `${group(u.used)} of ${group(u.available)}`;
    const row = el("div", { class: "use " + state },
      el("span", {}, u.resource),
      el("div", { class: "meter" }, el("i", { style: { width: Math.min(100, 100 * share) + "%" } })),
      el("b", {}, share === Infinity ? "none there" : percent(share)), el("span", { class: "of" }, figure));
    return tip(row, () => [title(u.resource), lines([["used", figure], ["state", share > 1 ? "does not fit" : u.tight ? "tight: closing timing is hard" : "fits"]])]);
  });
  return [...rows, ...(run.board.warnings || []).map((w) => el("p", { class: "hint warning" }, w))];
}

export function drawFIFOs(run) {
  const list = run.edges.filter((e) => e.depth);
  if (!list.length) {
    byId("fifos-card").hidden = true;
    return;
  }
  const total = Math.max(1, run.cycles);
  table("fifos", [{ name: "FIFO", text: true }, { name: "depth" }, { name: "most held" }, { name: "full" }, { name: "empty" }, { name: "beats" }, { name: "bits a beat" }],
    list.map((e) => tip(el("tr", {}, el("td", { class: "text" }, clip(e.name, 44)), el("td", {}, group(e.depth)), el("td", { class: e.most >= e.depth ? "best" : null }, group(e.most)),
      el("td", {}, percent(e.full / total)), el("td", {}, percent(e.empty / total)), el("td", {}, group(e.beats)), el("td", {}, group(e.bits))), () => edgeTip(run, e))));
}

export function drawLegend(run) {
  const seen = run.causes.map((_, i) => run.stages.some((s) => s.shares[i]));
  byId("causes").replaceChildren(...run.causes.map((c, i) => seen[i] && el("span", { title: c.means }, el("i", { class: "key cause-" + i }), c.name)).filter(Boolean),
    el("span", { class: "push" }, "on edges: most beats held of the depth; ", el("b", { class: "fullword" }, "full"), " in most cycles", run.passes ? "; dashed between layers: through the DRAM" : ""));
}
