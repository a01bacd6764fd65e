"use strict";

// Without this file everything works; it moves the focus and shows a slider's value.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("[data-focus]")?.focus();
});

document.addEventListener("htmx:afterSwap", (event) => {
  event.target.querySelector?.("[data-focus]")?.focus();
});

// Django's token travels with every request that htmx makes from a form; buttons
// outside of forms are not used to change anything.
document.addEventListener("submit", (event) => {
  // A second click on the same button sends nothing new.
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
});
