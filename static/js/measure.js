// The measure form shows what goes with the chosen source, and the points of the chosen month.
const FIELDS = {
  formula: ["formula"],
  contributors: ["rollup", "mirror"],
  across: ["rollup"],
  give_up_readings: ["formula", "rollup", "mirror"],
  method: ["entered", "formula", "rollup"],
  factor: ["entered", "formula", "rollup"],
  frequency: ["entered", "formula", "rollup"],
  due_from: ["entered"],
  due_until: ["entered"],
  better: ["entered", "formula", "rollup"],
  preset: ["entered", "formula", "rollup"],
  curve_scores: ["entered", "formula", "rollup"],
  since: ["entered", "formula", "rollup"],
  points: ["entered", "formula", "rollup"],
};
const source = document.getElementById("id_source");

function show() {
  for (const [name, sources] of Object.entries(FIELDS)) {
    const row = document.getElementById(`div_id_${name}`);
    if (row) row.hidden = !sources.includes(source.value) && !row.querySelector(".is-invalid");
  }
}

source?.addEventListener("change", show);
if (source) show();

const since = document.getElementById("id_since");
const shown = document.getElementById("id_shown");
const points = document.getElementById("id_points");
const inForce = JSON.parse(document.getElementById("points-in-force")?.textContent ?? "{}");

since?.addEventListener("change", () => {
  if (points.value === inForce[shown.value]) points.value = inForce[since.value];
  shown.value = since.value;
});

const formula = document.getElementById("id_formula");
const codes = document.querySelector("[data-codes]");

function offer() {
  if (codes && source?.value === "formula") codes.open = true;
}

source?.addEventListener("change", offer);
offer();
codes?.addEventListener("click", (event) => {
  const code = event.target.closest("[data-code]")?.dataset.code;
  if (!code || !formula) return;
  formula.setRangeText(code, formula.selectionStart, formula.selectionEnd, "end");
  formula.focus();
  formula.dispatchEvent(new Event("input", { bubbles: true }));
});
