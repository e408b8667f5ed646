// What the page of a sweep takes from D3.

export { ticks } from "d3-array";
export { scaleLinear, scaleLog } from "d3-scale";
