// What the timeline says of a place in it, in words.

import { el, group, lines, percent, short, time, title } from "./dom.js";
import { kinds } from "./history.js";

// sentence tells what a row does in a cycle.
export function sentence(timeline, row, cycle) {
  const { run } = timeline;
  const at = `Cycle ${group(cycle)} (${time(cycle, run.clock_mhz)}), ${row.name}: `;
  return at + (row.edge ? `holds ${held(timeline, row.edge, cycle, cycle + 1)} of ${group(row.edge.depth)} beats` : doing(timeline, row.stage, cycle));
}

// held is how much a FIFO holds in the mean of some cycles, as far as that is known.
function held({ fills }, edge, t, u) {
  const about = fills.vague(edge, t, u) ? `about, known to ${group(Math.round(fills.fine))} cycles: ` : "";
  return about + short(fills.mean(edge, t, u));
}

// doing says what a stage does in a cycle, as far as its history is fine enough.
function doing({ run, histories }, i, t) {
  const one = histories[i].at(t);
  const cause = one.indexOf(Math.max(...one));
  const on = cause === 1 ? run.stages[i].starved_on : cause === 2 ? run.stages[i].blocked_on : "";
  if (one[cause] < 0.999) return `mostly ${run.causes[cause].name}: known to ${group(histories[i].fine)} cycles`;
  return run.causes[cause].name + (on ? " by " + on : "");
}

// tipOf says what is under the pointer: a cycle, or a few where one is too narrow to point at.
export function tipOf(timeline, row, t, u) {
  const { run, cursor } = timeline;
  const one = u - t <= 3;
  const name = el("p", { class: "tip-cycle" }, one ? "cycle " + group(cursor) : `cycles ${group(t)} to ${group(u - 1)}`);
  if (row.edge) {
    const now = one ? held(timeline, row.edge, cursor, cursor + 1) : held(timeline, row.edge, t, u) + " on average";
    return [title(row.name), name, lines([["holds", now], ["depth", group(row.edge.depth)], ["most in the run", group(row.edge.most)]])];
  }
  const stage = run.stages[row.stage];
  if (one) return [title(stage.name), name, el("p", {}, doing(timeline, row.stage, cursor))];
  const shares = new Float64Array(kinds);
  timeline.histories[row.stage].shares(t, u, shares);
  const pairs = [...shares].map((n, c) => n > 0 && [el("span", { class: "swatch" }, el("i", { class: "key cause-" + c }), run.causes[c].name), percent(n / (u - t))]);
  return [title(stage.name), name, lines(pairs)];
}
