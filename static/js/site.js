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

// Shared notes: what the server kept stands in the part it sent back. If nobody typed on
// in the meantime, the text becomes what was kept, with what the others wrote in it.
document.addEventListener("htmx:afterSwap", (event) => {
  const part = event.target;
  const kept = part.querySelector?.("[data-kept]");
  if (!kept) return;
  const form = part.closest("form");
  const { shared, base } = form.elements;
  const sent = part.querySelector("[data-sent]");
  if (shared.value === sent.value) {
    if (shared.value !== kept.value) {
      const at = shared.selectionStart;
      shared.value = kept.value;
      shared.setSelectionRange(at, at);
    }
    base.value = kept.value;
  } else {
    base.value = sent.value;
  }
});

// Sending the form waits for a text that is just being saved.
document.addEventListener("submit", (event) => {
  const busy = event.target.querySelector("textarea.htmx-request");
  if (!busy) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  busy.addEventListener("htmx:afterRequest", () => event.target.requestSubmit(), { once: true });
}, true);

// A form that says data-draft gives back what was typed when the tab was closed, the
// session had ended or the server was gone. It stays in this browser, for this person,
// until it was sent or they sign out.
const drafts = {
  key: (form) => `draft:${document.body.dataset.person}:${form.dataset.draft}`,
  fields: (form) => [...form.elements].filter((field) => field.name
    && !["csrfmiddlewaretoken", "once", "seen"].includes(field.name)
    && !["submit", "button", "password", "file"].includes(field.type)),
  read: (form) => drafts.fields(form).map((field) => [
    field.name, ["checkbox", "radio"].includes(field.type) ? field.checked : field.value,
  ]),
  same: (form, values) => JSON.stringify(drafts.read(form)) === JSON.stringify(values),
  restore(form, values) {
    drafts.fields(form).forEach((field, place) => {
      if (values[place]?.[0] !== field.name) return;
      if (["checkbox", "radio"].includes(field.type)) field.checked = values[place][1];
      else field.value = values[place][1];
    });
  },
  clear() {
    Object.keys(localStorage)
      .filter((key) => key.startsWith("draft:"))
      .forEach((key) => localStorage.removeItem(key));
  },
};

document.addEventListener("DOMContentLoaded", () => {
  if (!document.body.dataset.person) return;
  const forms = [...document.querySelectorAll("form[data-draft]")];
  const sent = sessionStorage.getItem("sent");
  const arrived = document.querySelector("#messages .success, #messages .info")
    || !forms.some((form) => drafts.key(form) === sent);
  if (sent && arrived) localStorage.removeItem(sent);
  sessionStorage.removeItem("sent");
  for (const form of forms) {
    const key = drafts.key(form);
    const before = drafts.read(form);
    const saved = JSON.parse(localStorage.getItem(key) || "null");
    const notice = form.querySelector("[data-draft-notice]");
    if (saved && !drafts.same(form, saved)) {
      drafts.restore(form, saved);
      notice.hidden = false;
    }
    notice.querySelector("[data-draft-discard]").addEventListener("click", () => {
      localStorage.removeItem(key);
      drafts.restore(form, before);
      notice.hidden = true;
    });
  }
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.draft && document.body.dataset.person) {
    localStorage.setItem(drafts.key(form), JSON.stringify(drafts.read(form)));
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.action.endsWith("/accounts/logout/")) drafts.clear();
  if (form.dataset.draft && document.body.dataset.person) {
    sessionStorage.setItem("sent", drafts.key(form));
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target;
  if (form.dataset?.draft && event.detail.successful) {
    localStorage.removeItem(drafts.key(form));
  }
});
