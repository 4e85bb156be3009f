// Buttons with names write a mention where the caret stands.

for (const form of document.querySelectorAll("[data-mentions]")) {
  const area = form.querySelector("textarea");
  form.addEventListener("click", (event) => {
    const name = event.target.closest("[data-mention]")?.dataset.mention;
    if (!name) return;
    area.setRangeText(name, area.selectionStart, area.selectionEnd, "end");
    area.focus();
  });
}
