// Live totals and shares beside weights; the server checks and computes again.

// A comma is a thousands separator only before exactly three digits, as on the server.
const read = (input) => Math.max(0, Number(input.value.normalize("NFKC").replace(/[%\s]/g, "").replace(/,(?=\d{3}(?:\D|$))/g, "")) || 0);

function showTotal(form) {
  const line = form.querySelector("[data-total]");
  if (!line) return;
  const total = [...form.querySelectorAll("input[name$='-weight']")].reduce((sum, input) => sum + read(input), 0);
  const rounded = Math.round(total * 1e6) / 1e6;
  line.querySelector("output").textContent = String(rounded);
  line.classList.toggle("off", rounded !== Number(line.dataset.total));
}

function showShares(group) {
  const rows = [...group.querySelectorAll(".weight-row")];
  const total = rows.reduce((sum, row) => sum + read(row.querySelector("input")), 0);
  for (const row of rows) {
    const share = total > 0 ? (100 * read(row.querySelector("input"))) / total : 0;
    row.querySelector("output").textContent = `${share.toFixed(2)}%`;
  }
}

// In a draft, where all levels are on one page: how much of the whole scorecard each node makes.
function showWhole(form) {
  const reach = { top: 1 };
  for (const group of form.querySelectorAll("[data-shares]")) {
    const whole = reach[group.dataset.shares];
    if (whole === undefined) continue;
    const rows = [...group.querySelectorAll(".weight-row")];
    const total = rows.reduce((sum, row) => sum + read(row.querySelector("input")), 0);
    for (const row of rows) {
      const input = row.querySelector("input");
      const part = total > 0 ? (whole * read(input)) / total : 0;
      const [level, code] = [input.name.split(" ")[0], input.name.slice(input.name.indexOf(" ") + 1)];
      reach[`${level === "perspective" ? "p" : "o"} ${code}`] = part;
      row.querySelector(".whole").textContent = `${(100 * part).toFixed(2)}%`;
    }
  }
}

for (const form of document.querySelectorAll("main form")) {
  const show = () => {
    showTotal(form);
    form.querySelectorAll("[data-shares]").forEach(showShares);
    showWhole(form);
  };
  form.addEventListener("input", (event) => {
    if (event.target.name !== "since") form.dataset.changed = "yes";
    show();
  });
  // The weights of another month are shown, unless something has been typed.
  form.querySelector("[name=since]")?.addEventListener("change", (event) => {
    if (!form.dataset.changed) location.search = new URLSearchParams({ since: event.target.value });
  });
  show();
}
