// The entry grid: keys, conflicts, and patience while the server is away. Saving itself is htmx's.
//
// What the server knows of a row comes with its answers as an echo: the version and the values that are stored. A cell's
// `data-last` is always such a value, never what somebody happens to have typed.

const RETRY_MS = 5000;
const AWAY = new Set([0, 502, 503, 504]);
const grid = document.querySelector("[data-grid]");
const offline = document.getElementById("offline");
const signedOut = document.getElementById("signed-out");
const waiting = new Map(); // row → why its save waits: "away" or "out"
const sent = new Map(); // row → what its running save holds, by name
const stale = new Set(); // rows whose status could not be fetched
const later = new Map(); // notes and marks whose saving failed or waits for the value → the event that saves them
let again = null; // the running attempt to save what waits
const blocked = new Map(); // rows of a block that is being saved → the cell that has been changed since and is saved after it, if any
const givenUp = new WeakSet(); // rows restored while their save was running: they show what is stored
let running = 0; // requests that answer with progress and are under way
let crossed = false; // whether some of them ran together: the progress that came last need not be the newest

const rowOf = (element) => element.closest?.("[data-row]");
const cellsOf = (row) => [...row.querySelectorAll("[data-cell]")];
const statusOf = (row) => row.querySelector(".status");
const seenOf = (row) => row.querySelector("[name=seen]");
const isDirty = (row) => cellsOf(row).some((cell) => cell.value !== cell.dataset.last);

function step(from, by) {
  const all = [...grid.querySelectorAll("[data-cell]:not([readonly])")];
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

// replaces: whether a cell's text gives way to what is stored.
function take(row, echo, replaces) {
  seenOf(row).value = echo.dataset.version;
  for (const cell of cellsOf(row)) {
    cell.dataset.last = echo.dataset[cell.name] ?? "";
    if (replaces(cell)) cell.value = cell.dataset.last;
  }
}

async function refresh(row) {
  stale.delete(row);
  statusOf(row).textContent = "";
  try {
    await htmx.ajax("GET", cellsOf(row)[0].getAttribute("hx-post"), { target: statusOf(row), source: statusOf(row) });
  } catch {
    stale.add(row);
  }
}

function restore(row) {
  const echo = row.querySelector("[data-echo]");
  if (echo) take(row, echo, () => true);
  for (const cell of cellsOf(row)) cell.value = cell.dataset.last;
  markWrong(row, []);
  if (sent.has(row)) {
    givenUp.add(row);
  } else {
    settle(row);
    refresh(row);
  }
}

function begun() {
  crossed ||= running > 0;
  running += 1;
}

function ended() {
  running -= 1;
  if (running || !crossed) return;
  crossed = false;
  begun();
  const address = grid.querySelector("[data-cell][hx-post]").getAttribute("hx-post");
  const unanswered = () => {
    running -= 1;
    crossed = true;
  };
  htmx.ajax("GET", address, { source: "#strip", swap: "none" }).then(ended, unanswered);
}

// The strip stays in place while it says the same, and while somebody presses a button in it: a press on what is replaced is lost.
const keepsStrip = (strip, next) => strip.querySelector(":active") !== null || strip.innerHTML === next.innerHTML;

function settle(row) {
  waiting.delete(row);
  row.classList.toggle("unsaved", isDirty(row));
  const reasons = [...waiting.values()];
  offline.hidden = !reasons.includes("away");
  signedOut.hidden = !reasons.includes("out");
}

function wait(row, why) {
  waiting.set(row, why);
  row.classList.add("unsaved");
  (why === "out" ? signedOut : offline).hidden = false;
  statusOf(row).textContent = grid.dataset.waiting;
}

// A note or a mark that is not saved yet is kept, told of, and sent again.
function aside(row, element, successful) {
  const told = element.matches("button") ? statusOf(row) : document.getElementById(`noted-${row.dataset.pk}`);
  if (successful && !told.querySelector("[data-later]")) {
    later.delete(element);
  } else {
    later.set(element, element.matches("button") ? "click" : "change");
    if (!successful) told.textContent = grid.dataset.waiting;
  }
}

function answered(row, posted) {
  const echo = row.querySelector("[data-echo]");
  const fault = row.querySelector("[data-wrong]");
  if (fault) {
    markWrong(row, fault.dataset.wrong.trim().split(/\s+/));
  } else if (echo && posted) {
    take(row, echo, (cell) => givenUp.has(row) || cell.value === posted.get(cell.name));
    markWrong(row, []);
  } else if (echo && echo.dataset.version !== seenOf(row).value && !isDirty(row)) {
    take(row, echo, () => true);
  }
  if (!fault) row.querySelector("details.na")?.removeAttribute("open");
  if (posted) givenUp.delete(row);
  if (posted || !waiting.has(row)) settle(row);
}

const NUMBER = /^[+\-−＋－]?[\d０-９][\d０-９,，.．\s]*[%％]?$/;
const MONTH = /^\d{4}-\d{2}$/;
const TEMPLATE = { value: 4, numerator: 5, denominator: 6, volume: 7 }; // columns of the workbook that the product gives out

// What a line that begins with a code says of each cell: by the template's columns, else its numbers from left to right.
function partsOf(line, cells) {
  if (MONTH.test(line[3] ?? "")) return cells.map((cell) => (line[TEMPLATE[cell.name]] ?? "").trim());
  return line.slice(1).map((part) => part.trim()).filter((part) => NUMBER.test(part)).slice(0, cells.length);
}

// A block of cells as spreadsheets copy it: by the codes in its first column where there are such, else from the focused cell down.
// An empty part changes nothing; a line of which a number is missing is left alone.
function spread(cell, text) {
  const lines = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
  const rows = [...grid.querySelectorAll("[data-row]")];
  const byCode = new Map(rows.map((row) => [row.dataset.code.toUpperCase(), row]));
  const named = lines.some((line) => line.length > 1 && byCode.has(line[0].trim().toUpperCase()));
  const first = rows.indexOf(rowOf(cell));
  const filled = new Map(), left = [];
  for (const [i, line] of lines.entries()) {
    const row = named ? byCode.get(line[0].trim().toUpperCase()) : rows[first + i];
    if (!line.some((part) => part.trim())) continue;
    const cells = row ? cellsOf(row) : [];
    const from = !named && i === 0 ? cells.indexOf(cell) : 0;
    const wanted = cells.slice(from);
    const parts = named ? partsOf(line, cells) : line.slice(0, wanted.length).map((part) => part.trim());
    if (!row || filled.has(row) || !parts.some(Boolean) || (named && parts.filter(Boolean).length < cells.length)) {
      left.push(line.find((part) => part.trim()).trim());
      continue;
    }
    parts.forEach((part, j) => {
      if (part) wanted[j].value = part;
    });
    filled.set(row, new Map(cells.map((one) => [one.name, one.value])));
  }
  return { filled, left };
}

async function paste(cell, text) {
  const { filled, left } = spread(cell, text);
  const note = document.getElementById("pasted");
  note.textContent = note.dataset.rows.replace("{rows}", filled.size);
  if (left.length) note.textContent += ` ${note.dataset.left.replace("{rows}", left.length).replace("{codes}", left.slice(0, 5).join(", "))}`;
  note.hidden = false;
  for (const row of filled.keys()) row.classList.add("unsaved");
  const sentence = await saveTogether(filled);
  if (sentence) note.textContent = sentence;
}

// Saves several rows with one request, so that the answer's progress is that of all. filled: row → its values by name.
async function saveTogether(filled) {
  const rows = [...filled].map(([row, values]) => ({ measure: row.dataset.pk, seen: seenOf(row).value, ...Object.fromEntries(values) }));
  const body = new URLSearchParams({ rows: JSON.stringify(rows) });
  let answer;
  for (const row of filled.keys()) blocked.set(row, null);
  begun();
  try {
    const csrf = { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value, "HX-Request": "true" };
    const response = await fetch(grid.dataset.block, { method: "POST", body, headers: csrf });
    if (!response.ok) throw response.status;
    answer = await response.json();
  } catch (status) {
    for (const row of filled.keys()) {
      blocked.delete(row);
      wait(row, status === 401 ? "out" : "away");
    }
    ended();
    return "";
  }
  for (const [row, posted] of filled) {
    const told = answer.rows?.[row.dataset.pk];
    if (told === undefined) continue;
    statusOf(row).innerHTML = told;
    answered(row, posted);
  }
  if (answer.strip) {
    const strip = document.getElementById("strip");
    const next = Object.assign(document.createElement("template"), { innerHTML: answer.strip }).content.firstElementChild;
    if (!keepsStrip(strip, next)) strip.replaceWith(next);
  }
  ended();
  for (const row of filled.keys()) {
    const cell = blocked.get(row);
    blocked.delete(row);
    if (cell) htmx.trigger(cell, "save");
  }
  return answer.sentence;
}

if (grid) {
  grid.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-cell]:not([readonly])");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!cell || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    paste(cell, text);
  });

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

  grid.addEventListener("input", (event) => {
    const row = rowOf(event.target);
    row?.classList.toggle("unsaved", waiting.has(row) || isDirty(row));
  });

  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (target.id === "strip" && keepsStrip(target, fragment.firstElementChild)) event.detail.shouldSwap = false;
  });

  // How a row stands must not replace a refusal, nor be told of a row in which something is typed or waits.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const row = rowOf(event.detail.requestConfig.elt);
    if (!row || event.detail.requestConfig.verb !== "get") return;
    if (waiting.has(row) || isDirty(row) || row.querySelector("[data-wrong]")) event.detail.shouldSwap = false;
  });

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

  // A row that a block is saving is saved again after it, on top of what the block has stored.
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const row = rowOf(event.detail.elt);
    if (!row || !blocked.has(row) || !event.detail.elt.matches("[data-cell]")) return;
    event.preventDefault();
    blocked.set(row, event.detail.elt);
  });

  document.body.addEventListener("htmx:beforeSend", (event) => {
    const row = rowOf(event.detail.elt);
    if (row) begun();
    if (row && event.detail.elt.matches("[data-cell]")) sent.set(row, new Map(cellsOf(row).map((cell) => [cell.name, cell.value])));
  });

  document.body.addEventListener("htmx:afterRequest", (event) => {
    const row = rowOf(event.detail.elt);
    if (!row) return;
    const posted = event.detail.elt.matches("[data-cell]") ? sent.get(row) : undefined;
    if (posted) sent.delete(row);
    const status = event.detail.xhr?.status ?? 0;
    if (!event.detail.elt.matches("[data-cell], .status")) aside(row, event.detail.elt, event.detail.successful);
    if (event.detail.successful) {
      answered(row, posted);
    } else if (posted && AWAY.has(status)) {
      wait(row, "away");
    } else if (posted && status === 401) {
      wait(row, "out");
    } else if (posted) {
      settle(row);
      row.classList.add("unsaved");
      statusOf(row).textContent = grid.dataset.refused;
    }
    ended();
  });

  const retry = () => {
    for (const [element, name] of [...later]) if (seenOf(rowOf(element)).value !== "0" || name === "click") htmx.trigger(element, name);
    if (waiting.size && !again) {
      again = saveTogether(new Map([...waiting.keys()].map((row) => [row, new Map(cellsOf(row).map((cell) => [cell.name, cell.value]))])));
      again.finally(() => (again = null));
    }
    for (const row of [...stale]) refresh(row);
  };
  setInterval(retry, RETRY_MS);
  addEventListener("online", retry);

  addEventListener("beforeunload", (event) => {
    if (grid.querySelector(".unsaved") || later.size) event.preventDefault();
  });
}
