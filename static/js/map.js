// The gestures of the strategy map's editor. The server owns the map: each gesture is one POST, and the answer is the map anew.

const editor = document.querySelector(".map-editor");
const board = document.getElementById("board");
const inspected = editor.querySelector("[data-inspected]");
const emptyNote = editor.querySelector("[data-empty]");
const LEAST_FIT = 0.6, CHANNEL = 46, PAD = 26, MARGIN = 24, DRAG = 5;

let chosen = null; // {code} or {cause, effect}
let linking = null; // the code of the cause while a link is drawn
let zoom = Number(sessionStorage.getItem("map-zoom")) || 1;
let busy = Promise.resolve();
let round = 0; // grows when the map turns out to be another than the one that was acted on

const svg = () => document.getElementById("map");
const seen = () => board.querySelector("[data-seen]").dataset.seen;
const cards = () => [...svg().querySelectorAll(".map-card")];
const cardOf = (code) => svg().querySelector(`.map-card[data-code="${CSS.escape(code)}"]`);
const arrowOf = (cause, effect) => svg().querySelector(`.map-arrow[data-cause="${CSS.escape(cause)}"][data-effect="${CSS.escape(effect)}"]`);
const lanes = () => [...svg().querySelectorAll(".map-lane")].map(({ dataset: d }) => ({ code: d.code, y: +d.y, height: +d.height, rows: +d.rows }));
const number = (name) => Number(svg().dataset[name]);
const middle = (card) => Number(card.dataset.x) + number("cardWidth") / 2;

function token() {
  const name = `${document.body.dataset.csrfCookie}=`;
  return document.cookie.split("; ").find((part) => part.startsWith(name))?.slice(name.length) ?? "";
}

// One change after the other: the next one is made from the map that the last one left.
function change(action, fields = {}) {
  const asked = round;
  busy = busy.then(async () => {
    if (asked !== round) return;
    const body = new URLSearchParams({ action, seen: seen(), ...fields });
    board.classList.add("waiting");
    try {
      const answer = await fetch(editor.dataset.change, { method: "POST", body, headers: { "X-CSRFToken": token(), "X-Requested-With": "map" } });
      if (answer.redirected || answer.status === 403) return say(editor.dataset.expired);
      if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
      if (answer.status === 409) round += 1;
      board.innerHTML = await answer.text();
      dress();
    } catch {
      say(editor.dataset.offline);
    } finally {
      board.classList.remove("waiting");
    }
  });
  return busy;
}

function say(text) {
  const line = board.querySelector(".map-saved");
  if (line) line.textContent = text;
}

function dress() {
  fit();
  if (chosen && !(chosen.code ? cardOf(chosen.code) : arrowOf(chosen.cause, chosen.effect))) chosen = null;
  linking = null;
  mark();
  if (chosen) {
    element(chosen).focus({ preventScroll: true });
    if (!board.querySelector("[role=alert]")) inspect();
  } else clearInspector();
}

const element = (what) => (what.code ? cardOf(what.code) : arrowOf(what.cause, what.effect));

function fit() {
  const drawing = svg();
  drawing.setAttribute("width", String(drawing.viewBox.baseVal.width * zoom));
  drawing.setAttribute("height", String(drawing.viewBox.baseVal.height * zoom));
}

function setZoom(value) {
  const room = board.querySelector(".map-scroll").clientWidth;
  zoom = value === "fit" ? Math.max(LEAST_FIT, (room - 6) / svg().viewBox.baseVal.width) : Math.min(2.5, Math.max(0.4, zoom * value));
  sessionStorage.setItem("map-zoom", String(zoom));
  fit();
}

// Choosing fades all but what is chosen, its causes and its effects.
function mark() {
  const near = new Set();
  for (const arrow of svg().querySelectorAll(".map-arrow")) {
    const { cause, effect } = arrow.dataset;
    const joined = chosen && (chosen.code ? cause === chosen.code || effect === chosen.code : cause === chosen.cause && effect === chosen.effect);
    arrow.classList.toggle("faded", Boolean(chosen) && !joined);
    arrow.classList.toggle("chosen", Boolean(joined && !chosen.code));
    if (joined) near.add(cause).add(effect);
  }
  for (const card of cards()) {
    const own = chosen?.code === card.dataset.code;
    card.classList.toggle("chosen", own);
    card.classList.toggle("faded", Boolean(chosen) && !linking && !own && !near.has(card.dataset.code));
    card.classList.toggle("source", linking === card.dataset.code);
    card.setAttribute("aria-pressed", String(own));
  }
  board.querySelector('[data-tool="link"]').setAttribute("aria-pressed", String(linking !== null));
}

function choose(what) {
  if (JSON.stringify(what) === JSON.stringify(chosen)) return;
  chosen = what;
  mark();
  if (what) inspect();
  else clearInspector();
}

function clearInspector() {
  inspected.innerHTML = "";
  emptyNote.hidden = false;
}

async function inspect() {
  const asked = chosen;
  const answer = await fetch(`${editor.dataset.inspect}?${new URLSearchParams(asked)}`);
  if (answer.ok && !answer.redirected && chosen === asked) {
    inspected.innerHTML = await answer.text();
    emptyNote.hidden = true;
  }
}

function link(cause, effect) {
  linking = null;
  if (cause !== effect) change("link", { cause, effect });
  else mark();
}

// Where a card lies when its middle is dropped at a point: lane, row, and how far across.
function placeAt(x, y) {
  const all = lanes();
  const lane = all.find((one) => y < one.y + one.height + 4) ?? all[all.length - 1];
  const pitch = number("cardHeight") + CHANNEL;
  const row = Math.round((y - lane.y - PAD - number("cardHeight") / 2) / pitch);
  const first = number("head") + MARGIN + number("cardWidth") / 2;
  const last = svg().viewBox.baseVal.width - MARGIN - number("cardWidth") / 2;
  const across = Math.min(1000, Math.max(0, (1000 * (x - first)) / (last - first)));
  const above = y < lane.y + PAD;
  return { perspective: lane.code, row: above ? -1 : Math.min(Math.max(row, 0), lane.rows), x: across.toFixed(1) };
}

function point(event) {
  return new DOMPoint(event.clientX, event.clientY).matrixTransform(svg().getScreenCTM().inverse());
}

board.addEventListener("pointerdown", (event) => {
  const card = event.target.closest?.(".map-card");
  if (!card || event.button) return;
  const start = point(event);
  const code = card.dataset.code;
  const drawing = linking !== null || event.shiftKey;
  let moved = false;
  let line = null;
  card.setPointerCapture?.(event.pointerId);

  function move(next) {
    const now = point(next);
    const [dx, dy] = [now.x - start.x, now.y - start.y];
    if (!moved && Math.hypot(dx, dy) < DRAG) return;
    moved = true;
    if (drawing) {
      line ??= svg().appendChild(document.createElementNS(svg().namespaceURI, "path"));
      line.setAttribute("class", "map-pending");
      line.setAttribute("d", `M${start.x},${start.y}L${now.x},${now.y}`);
    } else {
      card.classList.add("dragged");
      card.setAttribute("transform", `translate(${dx},${dy})`);
    }
  }

  function end(last) {
    card.removeEventListener("pointermove", move);
    card.removeEventListener("pointerup", end);
    card.removeEventListener("pointercancel", end);
    line?.remove();
    card.removeAttribute("transform");
    card.classList.remove("dragged");
    if (last.type === "pointercancel") return;
    const now = point(last);
    if (drawing && moved) {
      const target = document.elementsFromPoint(last.clientX, last.clientY).map((one) => one.closest(".map-card")).find((one) => one && one !== card);
      if (target) link(code, target.dataset.code);
    } else if (drawing) {
      if (linking && linking !== code) link(linking, code);
      else startLink(code);
    } else if (moved) {
      if (chosen?.code !== code) chosen = { code };
      change("move", { code, ...placeAt(middle(card) + now.x - start.x, Number(card.dataset.y) + number("cardHeight") / 2 + now.y - start.y) });
    } else choose({ code });
  }

  card.addEventListener("pointermove", move);
  card.addEventListener("pointerup", end);
  card.addEventListener("pointercancel", end);
});

function startLink(code) {
  linking = code;
  if (chosen?.code !== code) chosen = { code };
  mark();
}

board.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const arrow = event.target.closest(".map-arrow");
  if (button?.dataset.do) change(button.dataset.do);
  else if (button?.dataset.zoom) setZoom(button.dataset.zoom === "fit" ? "fit" : Number(button.dataset.zoom));
  else if (button?.dataset.tool) {
    linking = linking === null ? chosen?.code ?? "" : null;
    mark();
  } else if (arrow) choose({ cause: arrow.dataset.cause, effect: arrow.dataset.effect });
  else if (event.target.closest("svg#map") && !event.target.closest(".map-card")) choose(null);
});

board.addEventListener("submit", (event) => {
  if (!event.target.matches(".map-kept")) return;
  event.preventDefault();
  const { action, seen: _seen, csrfmiddlewaretoken: _token, ...fields } = Object.fromEntries(new FormData(event.target));
  change(action, fields);
});

board.addEventListener("focusin", (event) => {
  const card = event.target.closest(".map-card");
  const arrow = event.target.closest(".map-arrow");
  if (card && !linking && chosen?.code !== card.dataset.code) choose({ code: card.dataset.code });
  if (arrow) choose({ cause: arrow.dataset.cause, effect: arrow.dataset.effect });
});

inspected.addEventListener("click", (event) => {
  const button = event.target.closest("[data-unlink]");
  if (button) change("unlink", { cause: button.dataset.cause, effect: button.dataset.effect });
});

inspected.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(event.target));
  change(event.target.matches(".inspect-arrow") ? "edit_link" : "link", fields);
});

// The nearest card in a direction, those straight ahead first.
function nearest(from, key) {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  const [x, y] = [middle(from), Number(from.dataset.y)];
  let best = null;
  for (const card of cards()) {
    const [ax, ay] = [middle(card) - x, Number(card.dataset.y) - y];
    const ahead = ax * dx + ay * dy;
    const aside = Math.abs(ax * dy) + Math.abs(ay * dx);
    if (card !== from && ahead > 1 && (dy || aside < 1)) {
      const cost = ahead + 2 * aside;
      if (!best || cost < best.cost) best = { card, cost };
    }
  }
  return best?.card;
}

function nudge(card, key) {
  const { code, lane, row, across } = card.dataset;
  const all = lanes();
  const at = all.findIndex((one) => one.code === lane);
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const beside = nearest(card, key);
    const step = key === "ArrowLeft" ? -1 : 1;
    const x = beside ? Number(beside.dataset.across) + step : Number(across) + 60 * step;
    return change("move", { code, perspective: lane, row, x: Math.min(1000, Math.max(0, x)).toFixed(1) });
  }
  const next = Number(row) + (key === "ArrowUp" ? -1 : 1);
  if (next >= 0 && next < all[at].rows) return change("move", { code, perspective: lane, row: next, x: across });
  const other = all[at + (key === "ArrowUp" ? -1 : 1)];
  if (!other) return busy;
  return change("move", { code, perspective: other.code, row: key === "ArrowUp" ? other.rows - 1 : 0, x: across });
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea")) return;
  const card = event.target.closest?.(".map-card");
  const arrow = event.target.closest?.(".map-arrow");
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  let taken = true;
  if (control && key === "z") step(event.shiftKey ? "redo" : "undo");
  else if (control && key === "y") step("redo");
  else if (control) taken = false;
  else if (card && key.startsWith("Arrow") && event.altKey) nudge(card, key);
  else if (card && key.startsWith("Arrow")) nearest(card, key)?.focus();
  else if (card && key === "c") startLink(card.dataset.code);
  else if (card && (key === "Enter" || key === " ")) linking ? link(linking, card.dataset.code) : choose({ code: card.dataset.code });
  else if (arrow && (key === "Delete" || key === "Backspace")) change("unlink", { cause: arrow.dataset.cause, effect: arrow.dataset.effect });
  else if (key === "Escape" && (linking !== null || chosen)) {
    linking = null;
    choose(null);
  } else if (key === "+" || key === "=") setZoom(1.25);
  else if (key === "-") setZoom(0.8);
  else if (key === "0") setZoom("fit");
  else taken = false;
  if (taken) event.preventDefault();
});

function step(action) {
  if (!board.querySelector(`[data-do=${action}]`).disabled) change(action);
}

// One finger on a card drags it instead of scrolling.
board.addEventListener("touchstart", (event) => {
  if (event.touches.length === 1 && event.target.closest(".map-card")) event.preventDefault();
}, { passive: false });

// Two fingers zoom.
let pinch = null;
board.addEventListener("touchmove", (event) => {
  if (event.touches.length !== 2) return;
  event.preventDefault();
  const [a, b] = event.touches;
  const apart = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  if (pinch) setZoom(apart / pinch);
  pinch = apart;
}, { passive: false });
board.addEventListener("touchend", () => { pinch = null; });

setZoom("fit");
mark();
