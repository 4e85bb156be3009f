// A box in the head of a table chooses all rows.

for (const table of document.querySelectorAll("[data-choose]")) {
  const all = table.querySelector("[data-choose-all]");
  const boxes = () => [...table.querySelectorAll("tbody input[type=checkbox]")];
  all?.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
  });
  table.addEventListener("change", (event) => {
    if (all && event.target !== all) all.checked = boxes().every((box) => box.checked);
  });
}
