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

for (const form of document.querySelectorAll("main form")) {
  const show = () => {
    showTotal(form);
    form.querySelectorAll("[data-shares]").forEach(showShares);
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
