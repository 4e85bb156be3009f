// The entry grid: keys, what a refusal marks, and patience while the server is away. Saving itself is htmx's.

const RETRY_MS = 5000;
const grid = document.querySelector("[data-grid]");
const offline = document.getElementById("offline");
const waiting = new Set();

const cells = () => [...grid.querySelectorAll("[data-cell]:not([readonly])")];

function step(from, by) {
  const all = cells();
  const next = all[all.indexOf(from) + by];
  if (next) {
    next.focus();
    next.select();
  }
}

function restore(cell) {
  if (cell.value === cell.dataset.last) return;
  cell.value = cell.dataset.last;
}

if (grid) {
  for (const cell of cells()) cell.dataset.last = cell.value;

  grid.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell || event.isComposing) return;
    if (event.key === "Enter" && cell.dataset.conflict) {
      delete cell.dataset.conflict;
      htmx.trigger(cell, "save");
    }
    const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      step(cell, by);
      if (document.activeElement === cell) cell.blur();
    } else if (event.key === "Escape") {
      restore(cell);
    }
  });

  document.body.addEventListener("htmx:afterSwap", (event) => {
    const row = event.detail.target.closest("[data-row]");
    if (!row) return;
    const fault = event.detail.target.querySelector("[data-wrong]");
    const wrong = fault ? fault.dataset.wrong.trim().split(/\s+/) : [];
    for (const cell of row.querySelectorAll("[data-cell]")) {
      const bad = Boolean(fault) && (wrong.includes("all") || wrong.includes(cell.name));
      cell.setAttribute("aria-invalid", String(bad));
      if (wrong.includes("all")) cell.dataset.conflict = "yes";
      if (!fault && !event.detail.target.querySelector("[data-waits]")) cell.dataset.last = cell.value;
    }
  });

  const lost = (event) => {
    const cell = event.detail.elt;
    if (!cell.matches?.("[data-cell]")) return;
    waiting.add(cell);
    cell.closest("[data-row]").classList.add("unsaved");
    offline.hidden = false;
  };
  document.body.addEventListener("htmx:sendError", lost);
  document.body.addEventListener("htmx:timeout", lost);
  document.body.addEventListener("htmx:responseError", lost);

  document.body.addEventListener("htmx:afterRequest", (event) => {
    const cell = event.detail.elt;
    if (!event.detail.successful || !cell.matches?.("[data-cell]")) return;
    waiting.delete(cell);
    cell.closest("[data-row]").classList.remove("unsaved");
    if (!waiting.size) offline.hidden = true;
  });

  setInterval(() => {
    for (const cell of waiting) htmx.trigger(cell, "save");
  }, RETRY_MS);

  addEventListener("beforeunload", (event) => {
    if (waiting.size) event.preventDefault();
  });
}
