// Shows of a form the fields that go with the chosen layout.

const form = document.querySelector("[data-layout]");

function show() {
  const chosen = form.querySelector("[name=layout]:checked")?.value;
  for (const part of form.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(chosen);
}

form?.addEventListener("change", show);
if (form) show();
