// The measure form shows what goes with the chosen source.
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
