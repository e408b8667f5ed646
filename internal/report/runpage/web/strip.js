// Rows of the timeline as pixels.

import { kinds } from "./history.js";

// strip draws what a stage does: in each column the shares of its cycles, busy ones at the bottom.
export function strip(context, history, from, to, width, y, height, palette) {
  const per = (to - from) / width;
  const shares = new Float64Array(kinds);
  let begun = 0;
  let same = -1; // the cause that fills whole columns since
  const flush = (x) => {
    if (same >= 0 && x > begun) {
      context.fillStyle = palette[same];
      context.fillRect(begun, y, x - begun, height);
    }
    begun = x;
    same = -1;
  };
  for (let x = 0; x < width; x++) {
    history.shares(from + x * per, from + (x + 1) * per, shares);
    const whole = shares.findIndex((n) => n > 0.998 * per);
    if (whole !== same || whole < 0) flush(x);
    if (whole >= 0) {
      same = whole;
      continue;
    }
    let base = y + height;
    for (let c = 0; c < kinds; c++) {
      const h = (height * shares[c]) / per;
      if (h <= 0) continue;
      context.fillStyle = palette[c];
      context.fillRect(x, base - h, 1, h);
      base -= h;
    }
  }
  flush(width);
}

// level draws how full a FIFO is: in each column the mean of its cycles, pale where that is known less finely.
export function level(context, fills, edge, from, to, width, y, height, theme) {
  const base = y + height - 3;
  const high = height - 7;
  context.fillStyle = theme.grid;
  context.fillRect(0, y + 3, width, high + 1);
  context.fillStyle = theme.fill;
  const per = (to - from) / width;
  for (let x = 0; x < width; x++) {
    const t = Math.floor(from + x * per);
    const u = Math.max(t + 1, Math.floor(from + (x + 1) * per));
    const h = (high * fills.mean(edge, t, u)) / edge.depth;
    context.globalAlpha = fills.vague(edge, t, u) ? 0.55 : 1;
    if (h > 0) context.fillRect(x, base - h, 1, h);
  }
  context.globalAlpha = 1;
  context.fillStyle = theme.line;
  context.fillRect(0, base, width, 1);
}
