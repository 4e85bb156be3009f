// Live totals and shares beside weights; the server checks and computes again.

const read = (input) => Number(input.value.normalize("NFKC").replace(/[,%\s]/g, "")) || 0;

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
  form.addEventListener("input", show);
  show();
}
