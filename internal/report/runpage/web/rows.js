// The rows of the timeline: stages, or layers that unfold into theirs, and FIFOs.

import { byId } from "./dom.js";

const rowHeight = 22;
const fillHeight = 26;
const headHeight = 40; // axis and frames
const few = 8; // FIFOs shown when not all are

// fifosOf are the FIFOs of a run, those first that were full longest.
export const fifosOf = (run) => run.edges.filter((e) => e.depth).sort((a, b) => b.full - a.full || b.most / b.depth - a.most / a.depth);

// fifoChoices are which of them can be shown.
export const fifoChoices = (fifos) => (fifos.length > few ? [["few", `${few} fullest`], ["all", `all ${fifos.length}`], ["none", "none"]] : [["all", "all"], ["none", "none"]]);

// rows are what is drawn, from top to bottom.
export function rowsOf({ run, fifos, open: unfolded }) {
  const rows = [];
  if (run.layers) {
    for (const layer of run.layers) {
      const open = unfolded.has(layer.name);
      const stages = run.stages.map((s, i) => i).filter((i) => run.nodes[run.stages[i].node].layer === layer.name);
      rows.push({ stage: layer.stage, name: layer.name, layer: layer.name, open, more: stages.length > 1 });
      if (open) rows.push(...stages.map((i) => ({ stage: i, name: run.stages[i].name.slice(layer.name.length + 1), inner: true })));
    }
  } else {
    run.stages.forEach((s, i) => rows.push({ stage: i, name: s.name }));
  }
  const shown = byId("fills").value;
  const chosen = shown === "none" ? [] : shown === "few" ? fifos.slice(0, few) : fifos;
  const list = run.edges.filter((e) => chosen.includes(e));
  if (list.length) rows.push({ heading: "FIFO fill" });
  rows.push(...list.map((edge) => ({ edge, name: edge.name })));
  let y = headHeight;
  for (const row of rows) {
    row.y = y;
    row.height = row.edge ? fillHeight : rowHeight;
    y += row.height;
  }
  return { rows, height: y + 4 };
}
