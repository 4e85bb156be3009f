// A block copied from a spreadsheet fills the cells to the right and below.
document.querySelector(".targets")?.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
  const cell = event.target.closest("input");
  if (!cell || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const rows = [...cell.closest("tbody").rows];
  const top = rows.indexOf(cell.closest("tr"));
  const left = [...cell.closest("tr").querySelectorAll("input")].indexOf(cell);
  text.split(/\r?\n/).forEach((line, down) => {
    const cells = rows[top + down]?.querySelectorAll("input") ?? [];
    line.split("\t").forEach((value, right) => {
      if (cells[left + right]) cells[left + right].value = value.trim();
    });
  });
});
