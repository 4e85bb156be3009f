// The entry grid: keys, conflicts, and patience while the server is away. Saving itself is htmx's.
//
// What the server knows of a row comes with its answers as an echo: the version and the values that are stored. A cell's
// `data-last` is always such a value, never what somebody happens to have typed.

const RETRY_MS = 5000;
const AWAY = new Set([0, 502, 503, 504]);
const grid = document.querySelector("[data-grid]");
const offline = document.getElementById("offline");
const signedOut = document.getElementById("signed-out");
const waiting = new Map();

const rowOf = (element) => element.closest?.("[data-row]");
const cellsOf = (row) => [...row.querySelectorAll("[data-cell]")];
const statusOf = (row) => row.querySelector(".status");
const seenOf = (row) => row.querySelector("[name=seen]");
const isDirty = (row) => cellsOf(row).some((cell) => cell.value !== cell.dataset.last);

function step(from, by) {
  const all = [...grid.querySelectorAll("[data-cell]")];
  const next = all[all.indexOf(from) + by];
  if (next) {
    next.focus();
    next.select();
  } else {
    from.blur();
  }
}

function markWrong(row, names) {
  for (const cell of cellsOf(row)) cell.setAttribute("aria-invalid", String(names.includes("all") || names.includes(cell.name)));
}

function take(row, echo, values) {
  seenOf(row).value = echo.dataset.version;
  for (const cell of cellsOf(row)) {
    cell.dataset.last = echo.dataset[cell.name] ?? "";
    if (values) cell.value = cell.dataset.last;
  }
}

function refresh(row) {
  htmx.ajax("GET", cellsOf(row)[0].getAttribute("hx-post"), { target: statusOf(row), source: statusOf(row) });
}

function restore(row) {
  const echo = row.querySelector("[data-echo]");
  if (echo) take(row, echo, true);
  for (const cell of cellsOf(row)) cell.value = cell.dataset.last;
  markWrong(row, []);
  settle(row);
  refresh(row);
}

function settle(row) {
  waiting.delete(row);
  row.classList.toggle("unsaved", isDirty(row));
  if (![...waiting.values()].includes("away")) offline.hidden = true;
  if (![...waiting.values()].includes("out")) signedOut.hidden = true;
}

function wait(row, why) {
  waiting.set(row, why);
  row.classList.add("unsaved");
  (why === "out" ? signedOut : offline).hidden = false;
  statusOf(row).textContent = grid.dataset.waiting;
}

function answered(row, own) {
  const echo = row.querySelector("[data-echo]");
  const fault = row.querySelector("[data-wrong]");
  if (fault) {
    markWrong(row, fault.dataset.wrong.trim().split(/\s+/));
  } else if (echo && own) {
    take(row, echo, false);
    markWrong(row, []);
  } else if (echo && echo.dataset.version !== seenOf(row).value && !isDirty(row)) {
    take(row, echo, true);
  }
  settle(row);
}

if (grid) {
  for (const cell of grid.querySelectorAll("[data-cell]")) cell.dataset.last = cell.value;

  grid.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell || event.isComposing) return;
    const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      step(cell, by);
    } else if (event.key === "Escape") {
      restore(rowOf(cell));
    }
  });

  grid.addEventListener("input", (event) => rowOf(event.target)?.classList.add("unsaved"));

  grid.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-resolve]");
    if (!choice) return;
    const row = rowOf(choice);
    const cell = cellsOf(row)[0];
    if (choice.dataset.resolve === "theirs") {
      restore(row);
    } else {
      seenOf(row).value = row.querySelector("[data-echo]").dataset.version;
      htmx.trigger(cell, "save");
    }
    cell.focus();
  });

  document.body.addEventListener("htmx:afterRequest", (event) => {
    const row = rowOf(event.detail.elt);
    if (!row) return;
    const own = event.detail.elt.matches("[data-cell]");
    const status = event.detail.xhr?.status ?? 0;
    if (event.detail.successful) answered(row, own);
    else if (own && AWAY.has(status)) wait(row, "away");
    else if (own && status === 401) wait(row, "out");
    else if (own) statusOf(row).textContent = grid.dataset.refused;
  });

  const retry = () => {
    for (const row of waiting.keys()) htmx.trigger(cellsOf(row)[0], "save");
  };
  setInterval(retry, RETRY_MS);
  addEventListener("online", retry);

  addEventListener("beforeunload", (event) => {
    if (grid.querySelector(".unsaved")) event.preventDefault();
  });
}
