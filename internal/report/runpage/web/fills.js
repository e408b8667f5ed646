// How full FIFOs are: as the histories of their ends tell, or, where those gave up the order of cycles, in the mean of
// columns of cycles.

import { meanFill, unpack, vague } from "./history.js";

const nearly = 0.9; // of a column is as long as one

export class Fills {
  constructor(run, histories) {
    this.histories = histories;
    this.levels = run.levels && unpack(run.levels);
    this.columns = run.columns;
    this.span = Math.max(1, run.cycles);
  }

  // fine is how many cycles a column has.
  get fine() {
    return this.span / this.columns;
  }

  // mean is how much a FIFO holds in the mean of the cycles from t to u.
  mean(edge, t, u) {
    if (edge.levels !== undefined && (u - t >= nearly * this.fine || this.unordered(edge, t, u))) return this.ofColumns(edge, t, u);
    return Math.min(edge.most, meanFill(this.histories[edge.in], this.histories[edge.out], t, u));
  }

  // vague reports whether that is not known as finely as it is asked for.
  vague(edge, t, u) {
    return edge.levels !== undefined && u - t < nearly * this.fine && this.unordered(edge, t, u);
  }

  unordered(edge, t, u) {
    return vague(this.histories[edge.in], this.histories[edge.out], t, u);
  }

  // ofColumns is the mean of the columns that the cycles lie in.
  ofColumns(edge, t, u) {
    const column = (cycle) => Math.ceil(((cycle + 1) * this.columns) / this.span) - 1; // they begin at whole cycles
    const [first, last] = [column(t), column(u - 1)];
    let sum = 0;
    for (let c = first; c <= last; c++) sum += this.levels[edge.levels + c];
    return (sum * edge.most) / 255 / (last - first + 1);
  }
}
