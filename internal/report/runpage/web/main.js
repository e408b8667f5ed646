// The page of a run: reads its data and draws every part.

import { drawDepths, drawFirst, drawRoofline } from "./charts.js";
import { byId } from "./dom.js";
import { drawGraph } from "./graph.js";
import { decode } from "./history.js";
import { drawCosts, drawFIFOs, drawLayers, drawLegend } from "./tables.js";
import { Timeline } from "./timeline.js";

const run = JSON.parse(byId("run-data").textContent);
run.frames ||= [];
const timeline = new Timeline(run, decode(run.histories));
const pick = (stage) => timeline.pick(stage);
drawGraph(run, pick);
drawLegend(run);
drawLayers(run, pick);
drawRoofline(run, pick);
drawDepths(run);
drawFirst(run);
drawCosts(run);
drawFIFOs(run);
globalThis.convsim = { run, timeline }; // for those who look with the browser's tools, and for tests
