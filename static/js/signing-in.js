"use strict";

// A browser has keys only over a safe connection; and a key belongs to a name, so that an
// address in numbers has none. Without this file the page says that it cannot.
document.addEventListener("DOMContentLoaded", () => {
  if (window.PublicKeyCredential && !/^[\d.]+$|:/.test(location.hostname)) {
    for (const each of document.querySelectorAll("[data-keys-work]")) each.hidden = false;
    for (const each of document.querySelectorAll("[data-keys-fail]")) each.hidden = true;
  }
  const print = document.querySelector("[data-print]");
  if (!print) return;
  print.hidden = false;
  print.addEventListener("click", () => window.print());
});

// The browser gave no key: stopped by the person, or none that fits.
document.addEventListener("allauth.error", (event) => {
  const said = document.querySelector("[data-key-failed]");
  if (!said) return;
  event.preventDefault();
  said.hidden = false;
});
