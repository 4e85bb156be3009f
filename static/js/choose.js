// Boxes that choose all rows of a form's table.

for (const form of document.querySelectorAll("[data-choose]")) {
  const every = [...form.querySelectorAll("[data-choose-all]")];
  const boxes = () => [...form.querySelectorAll("tbody input[type=checkbox]")];
  form.addEventListener("change", (event) => {
    if (every.includes(event.target)) for (const box of boxes()) box.checked = event.target.checked;
    const all = boxes().every((box) => box.checked);
    for (const one of every) one.checked = all;
  });
}
