// The page: what is shown, hovered and selected, and who redraws when that changes.

const app = {
  shown: new Uint8Array(points.length).fill(1),
  hovered: -1,
  selected: -1,
  views: [],

  hover(i) {
    if (i === this.hovered) return;
    this.hovered = i;
    this.views.forEach((v) => v.highlight());
  },

  select(i) {
    this.selected = i;
    this.views.forEach((v) => v.highlight());
    this.detail.selected();
  },

  // filterChanged redraws everything once a frame however often the filter changes.
  filterChanged() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.redraw();
    });
  },

  redraw() {
    this.shown = computeShown();
    if (this.hovered >= 0 && !this.shown[this.hovered]) this.hovered = -1;
    this.panel.draw(this.shown);
    this.views.forEach((v) => v.draw());
  },
};

function start() {
  showFailures();
  connectCopyButtons();
  if (columns.length) startViews();
  else document.querySelectorAll("#filters, #tradeoff, #parallel-card, #effects-card, #front-card").forEach((card) => { card.hidden = true; });
}

function connectCopyButtons() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => copyText(byId(button.dataset.copy).textContent, button));
  }
}

function startViews() {
  app.panel = createFilterPanel(() => app.filterChanged());
  app.detail = createDetail(app);
  app.scatter = createScatter(app);
  app.views = [app.scatter, app.detail, createParallel(app), createEffects(app), createTable(app)];
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    cachedTheme = null;
    app.redraw();
  });
  addEventListener("scroll", () => tooltip.hide(), { passive: true });
  app.redraw();
}

start();
