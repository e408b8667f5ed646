// What stands over the rows of the timeline: cycles and frames.

import { axisTop } from "d3-axis";
import { scaleLinear } from "d3-scale";
import { select } from "d3-selection";
import { group, svg } from "./dom.js";

// drawAxis draws cycles above the rows.
export function drawAxis(timeline) {
  const x = scaleLinear([timeline.from, timeline.to], [0, timeline.width]);
  const whole = x.ticks(Math.max(2, Math.floor(timeline.width / 110))).filter(Number.isInteger);
  const far = timeline.to >= 1e7 && timeline.to - timeline.from >= 1e6;
  select(timeline.axis).attr("transform", "translate(0,20)").call(axisTop(x).tickValues(whole).tickFormat((v) => (far ? v / 1e6 + " M" : group(v))).tickSizeOuter(0));
  for (const text of timeline.axis.querySelectorAll("text")) { // none is cut at the ends
    const at = x(text.__data__ ?? text.parentNode.__data__);
    text.setAttribute("text-anchor", at < 24 ? "start" : at > timeline.width - 24 ? "end" : "middle");
  }
  for (const line of timeline.axis.querySelectorAll(".tick line")) line.setAttribute("y2", timeline.height - 20);
}

// drawFrames draws when each frame goes in and comes out; those too narrow to see are left out.
export function drawFrames(timeline) {
  const x = scaleLinear([timeline.from, timeline.to], [0, timeline.width]);
  const marks = [];
  let seen = -Infinity;
  timeline.run.frames.forEach((frame, i) => {
    const a = Math.max(-2, x(frame.first_in));
    const b = Math.min(timeline.width + 2, x(frame.last_out + 1));
    if (b < 0 || a > timeline.width || b - seen < 3) return;
    seen = b;
    const lane = i % 2;
    marks.push(svg("rect", { class: "frame", x: a, y: 22 + 8 * lane, width: Math.max(1, b - a - 1), height: 7, rx: 1.5 }));
    if (x(frame.last_out + 1) <= timeline.width) marks.push(svg("line", { class: "frame-end", x1: b, x2: b, y1: 23, y2: timeline.height }));
    if (b - Math.max(0, a) > 56) marks.push(svg("text", { class: "frame-name", x: Math.max(0, a) + 4, y: 28.6 + 8 * lane }, "frame " + i));
  });
  timeline.marks.replaceChildren(...marks);
}
