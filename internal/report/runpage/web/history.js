// Histories: what happened in every cycle, as runs and runs that repeat. Sums over the runs are made once;
// with them the shares of any stretch of cycles are found in a few steps, however long it is.

import { inflateSync } from "fflate";

export const kinds = 6; // of cycles
const busy = 0;

// unpack reads packed bytes.
export const unpack = (base64) => inflateSync(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));

// decode reads the histories of a page; history.go says how they are written.
export function decode(base64) {
  const bytes = unpack(base64);
  let at = 0;
  const number = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const run = () => {
    const tag = bytes[at++];
    const form = tag >> 3;
    const r = { cause: tag & 7, cycles: number(), times: form ? number() : 1, of: null, mix: null };
    if (form === 2) r.of = runs();
    if (form === 3) r.mix = Array.from({ length: kinds }, number);
    return r;
  };
  const runs = () => new Runs(Array.from({ length: number() }, run));
  return Array.from({ length: number() }, () => {
    const fine = number();
    return new History(fine, runs());
  });
}

// Runs are a list of runs with what came before each of them.
class Runs {
  constructor(list) {
    this.list = list;
    this.start = new Float64Array(list.length + 1);
    this.sums = new Float64Array((list.length + 1) * kinds);
    this.beats = new Float64Array(list.length + 1); // the sum, over the starts of all cycles before, of the busy cycles before each
    for (let i = 0; i < list.length; i++) {
      const r = list[i];
      const length = r.cycles * r.times;
      this.start[i + 1] = this.start[i] + length;
      for (let c = 0; c < kinds; c++) this.sums[(i + 1) * kinds + c] = this.sums[i * kinds + c];
      this.within(i, length, this.sums, (i + 1) * kinds);
      this.beats[i + 1] = this.beats[i] + this.sums[i * kinds + busy] * length + this.beatsWithin(i, length);
    }
  }

  get length() {
    return this.start[this.list.length];
  }

  // find is the number of the run that cycle t lies in.
  find(t) {
    let low = 0;
    let high = this.list.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.start[middle] <= t) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  // within adds to out the shares of the first t cycles of run number i.
  within(i, t, out, at) {
    const r = this.list[i];
    if (r.of) {
      const turns = Math.min(Math.floor(t / r.cycles), r.times);
      const last = r.of.list.length * kinds;
      for (let c = 0; c < kinds; c++) out[at + c] += turns * r.of.sums[last + c];
      r.of.upTo(t - turns * r.cycles, out, at);
    } else if (r.mix) {
      for (let c = 0; c < kinds; c++) out[at + c] += (r.mix[c] * t) / r.cycles;
    } else {
      out[at + r.cause] += t;
    }
  }

  // upTo adds to out the shares of the cycles before t.
  upTo(t, out, at) {
    if (t <= 0 || !this.list.length) return;
    const i = this.find(Math.min(t, this.length));
    for (let c = 0; c < kinds; c++) out[at + c] += this.sums[i * kinds + c];
    this.within(i, Math.min(t, this.length) - this.start[i], out, at);
  }

  // beatsWithin is what the first t cycles of run number i add to beats, t whole, counted from none.
  beatsWithin(i, t) {
    const r = this.list[i];
    if (r.of) {
      const turns = Math.min(Math.floor(t / r.cycles), r.times);
      const n = r.of.list.length;
      const each = r.of.sums[n * kinds + busy];
      const rest = t - turns * r.cycles;
      return turns * r.of.beats[n] + (each * r.cycles * turns * (turns - 1)) / 2 + turns * each * rest + r.of.beatsUpTo(rest);
    }
    const rate = r.mix ? r.mix[busy] / r.cycles : r.cause === busy ? 1 : 0;
    return (rate * t * (t - 1)) / 2;
  }

  // mixed reports whether the order of the cycles around cycle t is not known.
  mixed(t) {
    if (t < 0 || t >= this.length) return false;
    const i = this.find(t);
    const r = this.list[i];
    return r.of ? r.of.mixed((t - this.start[i]) % r.cycles) : Boolean(r.mix);
  }

  beatsUpTo(t) {
    if (t <= 0 || !this.list.length) return 0;
    const inside = Math.min(t, this.length);
    const i = this.find(inside);
    const rest = inside - this.start[i];
    const end = this.list.length * kinds;
    return this.beats[i] + this.sums[i * kinds + busy] * rest + this.beatsWithin(i, rest) + this.sums[end + busy] * (t - inside);
  }
}

// History is all of it. Fine is the length of the stretches whose order is not known, 0 for none.
class History {
  constructor(fine, runs) {
    this.fine = fine;
    this.runs = runs;
    this.a = new Float64Array(kinds);
    this.b = new Float64Array(kinds);
  }

  // shares writes the cycles of each kind from cycle t to cycle u into out.
  shares(t, u, out) {
    this.a.fill(0);
    this.b.fill(0);
    this.runs.upTo(t, this.a, 0);
    this.runs.upTo(u, this.b, 0);
    for (let c = 0; c < kinds; c++) out[c] = this.b[c] - this.a[c];
  }

  // count is how many cycles before t are busy.
  count(t) {
    this.a.fill(0);
    this.runs.upTo(t, this.a, 0);
    return this.a[busy];
  }

  // beats is the sum of count over all cycles before t.
  beats(t) {
    return this.runs.beatsUpTo(t);
  }

  // at is what one cycle is: shares of it.
  at(t) {
    const one = new Float64Array(kinds);
    this.shares(t, t + 1, one);
    return one;
  }
}

// fill is how many beats a FIFO holds at the start of cycle t.
const fill = (enters, leaves, t) => enters.count(t) - leaves.count(t);

// vague reports whether what a FIFO holds in the cycles from t to u is not known, since the order in which
// beats go in or come out is not: it depends on single beats.
export const vague = (enters, leaves, t, u) => [enters, leaves].some((h) => h.fine && (h.runs.mixed(t) || h.runs.mixed(u - 1)));

// meanFill is the mean fill over the starts of the cycles from t to u, whole numbers.
export function meanFill(enters, leaves, t, u) {
  const few = 32; // so short a stretch is summed cycle by cycle: sums over a long run are not exact to a beat
  if (u - t <= few) {
    let sum = 0;
    for (let c = t; c < u; c++) sum += fill(enters, leaves, c);
    return sum / Math.max(1, u - t);
  }
  const sum = enters.beats(u) - enters.beats(t) - (leaves.beats(u) - leaves.beats(t));
  return Math.max(0, sum / (u - t));
}
