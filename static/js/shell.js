// The shell: its menus, its rail on small screens, and what holds for every form.

const rail = document.getElementById("rail");
const toggle = document.querySelector(".rail-toggle");

function setRail(open) {
  rail.classList.toggle("open", open);
  toggle.setAttribute("aria-expanded", String(open));
  if (open) rail.querySelector("a").focus();
}

toggle?.addEventListener("click", () => setRail(!rail.classList.contains("open")));

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if (rail?.classList.contains("open") && !rail.contains(event.target) && !toggle.contains(event.target)) setRail(false);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (rail?.classList.contains("open")) {
    setRail(false);
    toggle.focus();
  }
});

// A sign-in in another tab changes the token: each request takes the present one.
document.body.addEventListener("htmx:configRequest", (event) => {
  const name = `${document.body.dataset.csrfCookie}=`;
  const cookie = document.cookie.split("; ").find((part) => part.startsWith(name));
  if (cookie) event.detail.headers["X-CSRFToken"] = cookie.slice(name.length);
});

// What was sent is not sent again by a second press. A form is free again when its page is shown anew, when the person stays after
// all, or when nothing has come of it for a while.
const SENT_MS = 10000;
const sent = new Map(); // form → the timer that frees it

function free() {
  for (const timer of sent.values()) clearTimeout(timer);
  sent.clear();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (sent.has(form)) event.preventDefault();
  else sent.set(form, setTimeout(() => sent.delete(form), SENT_MS));
});
addEventListener("pageshow", free);
addEventListener("beforeunload", (event) => setTimeout(() => event.defaultPrevented && free()));

// Charts that are wider than the screen begin with their newest end.
for (const box of document.querySelectorAll(".chart-scroll")) box.scrollLeft = box.scrollWidth;

document.querySelector(".theme-toggle")?.addEventListener("click", (event) => {
  event.currentTarget.value = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
});
