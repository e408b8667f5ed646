// Pointing at the scatter: hovering, clicking, zooming by a dragged box, and stepping with the keyboard.

const reach = 14; // pixels between the pointer and the design it means

// nearest returns the shown design closest to a spot, a design on the front before others near it, or -1.
function nearest(view, shown, x, y) {
  let at = -1;
  let least = reach * reach;
  for (let i = 0; i < points.length; i++) {
    if (!shown[i]) continue;
    const dx = view.places.x[i] - x;
    const dy = view.places.y[i] - y;
    const distance = (dx * dx + dy * dy) * (points[i].front ? 0.4 : 1);
    if (distance < least && inBox(view, i)) {
      least = distance;
      at = i;
    }
  }
  return at;
}

function connectPointer(root, view, app, draw) {
  let pressed = null;
  let frame = null;
  const spot = (event) => {
    const bounds = root.getBoundingClientRect();
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
  };
  const dragged = (now) => pressed && Math.hypot(now.x - pressed.x, now.y - pressed.y) > 6;
  const endDrag = () => {
    pressed = null;
    if (frame) frame.remove();
    frame = null;
  };

  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType !== "mouse") return;
    pressed = spot(event);
    root.setPointerCapture(event.pointerId);
  });
  root.addEventListener("pointermove", (event) => {
    if (!view.places) return;
    const now = spot(event);
    if (dragged(now)) {
      if (!frame) root.append((frame = el("div", { class: "zoom-frame" })));
      placeFrame(frame, pressed, now);
      leave();
      return;
    }
    const i = nearest(view, app.shown, now.x, now.y);
    app.hover(i);
    if (i >= 0) tooltip.show(event.clientX, event.clientY, ...designTip(i));
    else tooltip.hide();
  });
  root.addEventListener("pointerup", (event) => {
    const now = spot(event);
    if (dragged(now)) view.setZoom(zoomTo(view, pressed, now));
    endDrag();
  });
  root.addEventListener("click", (event) => {
    const now = spot(event);
    const i = view.places ? nearest(view, app.shown, now.x, now.y) : -1;
    if (i >= 0) app.select(i);
  });
  root.addEventListener("dblclick", () => view.setZoom(null));
  root.addEventListener("pointercancel", endDrag);
  root.addEventListener("pointerleave", leave);

  function leave() {
    app.hover(-1);
    tooltip.hide();
  }
}

function placeFrame(frame, a, b) {
  frame.style.left = Math.min(a.x, b.x) + "px";
  frame.style.top = Math.min(a.y, b.y) + "px";
  frame.style.width = Math.abs(a.x - b.x) + "px";
  frame.style.height = Math.abs(a.y - b.y) + "px";
}

// zoomTo returns the domains of a dragged box, kept inside the plot.
function zoomTo({ xScale, yScale, box }, a, b) {
  const clamp = (v, low, high) => Math.min(high, Math.max(low, v));
  const xs = [a.x, b.x].map((v) => clamp(v, box.left, box.right)).sort((p, q) => p - q);
  const ys = [a.y, b.y].map((v) => clamp(v, box.top, box.bottom)).sort((p, q) => q - p);
  if (xs[1] - xs[0] < 4 || ys[0] - ys[1] < 4) return null;
  return { x: xs.map(xScale.valueAt), y: ys.map(yScale.valueAt) };
}

// connectKeys steps through the shown front (or all shown designs) from left to right.
function connectKeys(root, view, app) {
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") app.select(-1);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || !view.places) return;
    event.preventDefault();
    const all = points.flatMap((_, i) => (app.shown[i] && inBox(view, i) ? [i] : []));
    const front = all.filter((i) => points[i].front);
    const order = (front.length ? front : all).sort((a, b) => view.places.x[a] - view.places.x[b] || a - b);
    if (!order.length) return;
    const at = order.indexOf(app.selected);
    app.select(at < 0 ? order[0] : order[(at + step + order.length) % order.length]);
  });
}
