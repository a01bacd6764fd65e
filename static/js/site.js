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
  const isOfHtmx = form.hasAttribute("hx-post") && !form.hasAttribute("data-keep");
  if (form.method !== "post" || isOfHtmx) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
});

// While a part is being renewed, a second press in it waits and is done on the new part:
// answers that overtake each other would leave a page that is not true.
document.addEventListener("htmx:confirm", (event) => {
  const { target, triggeringEvent } = event.detail;
  const pressed = triggeringEvent?.submitter?.id;
  if (!pressed || !target.querySelector(".htmx-request")) return;
  event.preventDefault();
  const once = { once: true };
  const press = () => document.getElementById(pressed)?.click();
  document.addEventListener("htmx:afterRequest", (answer) => {
    if (answer.detail.successful) document.addEventListener("htmx:afterSettle", press, once);
    else press();
  }, once);
});

// What follows from an answer is on the page, hidden, and shows when that answer is
// given. What stands in it stays; the server leaves out what does not follow.
const follow = (form) => {
  for (const row of form.querySelectorAll("[data-after]")) {
    const values = row.dataset.values.split(" ");
    const name = `[name="${row.dataset.after}"]`;
    const chosen = [...form.querySelectorAll(`${name}:checked, select${name}`)];
    const isAsked = chosen.some((field) => values.includes(field.value)
      && !field.closest("[data-question]")?.hidden);
    row.hidden = !isAsked;
    const seen = row.querySelector("[name=seen]");
    if (seen) seen.disabled = !isAsked;
  }
};
// Also when a browser fills in by itself what stood there before.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-follow]").forEach(follow);
});
document.addEventListener("change", (event) => {
  if (event.target.form?.hasAttribute("data-follow")) follow(event.target.form);
});

// A form that keeps itself says whether all that was typed is kept; where there was no
// connection it tries again.
const keeping = {
  fresh: new WeakSet(),
  say(form, state) {
    form.dataset.keep = state;
    form.querySelectorAll("[data-state]").forEach((line) => {
      line.hidden = line.dataset.state !== state;
    });
  },
  again() {
    document.querySelectorAll('form[data-keep="not-kept"]').forEach((form) => {
      form.dispatchEvent(new Event("keep"));
    });
  },
  failed(form, state) {
    if (!form.hasAttribute?.("data-keep")) return;
    keeping.say(form, state);
    if (state === "not-kept") setTimeout(keeping.again, 10_000);
  },
};
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.hasAttribute("data-keep")) return;
  keeping.fresh.add(form);
  // No connection is no less true while one types on.
  if (form.dataset.keep === "kept") keeping.say(form, "");
});
document.addEventListener("htmx:beforeRequest", (event) => keeping.fresh.delete(event.target));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target;
  if (!form.hasAttribute?.("data-keep") || !event.detail.successful) return;
  keeping.say(form, keeping.fresh.has(form) ? "" : "kept");
});
document.addEventListener("htmx:sendError", (event) => keeping.failed(event.target, "not-kept"));
document.addEventListener("htmx:responseError", (event) => {
  const isOver = [403, 409, 410].includes(event.detail.xhr.status);
  keeping.failed(event.target, isOver ? "over" : "not-kept");
});
window.addEventListener("online", keeping.again);

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
  // What was kept is no longer what a draft has to bring back.
  if (form.dataset.draft && document.body.dataset.person) drafts.keep(form);
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
// session had ended or the server was gone. It stays in this browser until it was sent or
// they sign out, sealed (AES-GCM) with a key that only this person's own pages carry.
const drafts = {
  busy: Promise.resolve(),
  keys: new Map(),
  // One after the other: what is sealed last is what stays.
  then(step) { drafts.busy = drafts.busy.then(step).catch(() => {}); },
  name: (form) => `draft:${document.body.dataset.person}:${form.dataset.draft}`,
  fields: (form) => [...form.elements].filter((field) => field.name
    && !["csrfmiddlewaretoken", "once", "seen"].includes(field.name)
    && !["submit", "button", "password", "file"].includes(field.type)),
  read: (form) => drafts.fields(form).map((field) => [
    field.name, ["checkbox", "radio"].includes(field.type) ? field.checked : field.value,
  ]),
  // Shared notes that a draft did not change stand as they are now, whoever wrote them.
  renewed(form, values) {
    const old = new Map(values);
    if (!old.has("base") || old.get("base") !== old.get("shared")) return values;
    return values.map(([name, value]) => [
      name, ["base", "shared"].includes(name) ? form.elements[name].value : value,
    ]);
  },
  same: (form, values) => JSON.stringify(drafts.read(form)) === JSON.stringify(values),
  restore(form, values) {
    drafts.fields(form).forEach((field, place) => {
      if (values[place]?.[0] !== field.name) return;
      if (["checkbox", "radio"].includes(field.type)) field.checked = values[place][1];
      else field.value = values[place][1];
    });
  },
  // Without a safe connection a browser seals nothing; then nothing is kept.
  key(form) {
    const text = form.querySelector("[data-key]").dataset.key;
    if (!drafts.keys.has(text)) {
      const raw = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
      drafts.keys.set(text, crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]));
    }
    return drafts.keys.get(text);
  },
  keep(form) {
    const text = new TextEncoder().encode(JSON.stringify(drafts.read(form)));
    drafts.then(async () => {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await drafts.key(form), text);
      const signs = Array.from([...iv, ...new Uint8Array(sealed)], (byte) => String.fromCharCode(byte));
      localStorage.setItem(drafts.name(form), btoa(signs.join("")));
    });
  },
  async open(form) {
    const kept = localStorage.getItem(drafts.name(form));
    if (!kept) return null;
    try {
      const bytes = Uint8Array.from(atob(kept), (sign) => sign.charCodeAt(0));
      const text = await crypto.subtle.decrypt(
        { name: "AES-GCM", iv: bytes.slice(0, 12) }, await drafts.key(form), bytes.slice(12),
      );
      return JSON.parse(new TextDecoder().decode(text));
    } catch {
      localStorage.removeItem(drafts.name(form));
      return null;
    }
  },
  drop(name) { drafts.then(() => localStorage.removeItem(name)); },
  clear() {
    Object.keys(localStorage)
      .filter((key) => key.startsWith("draft:"))
      .forEach((key) => localStorage.removeItem(key));
  },
};

document.addEventListener("DOMContentLoaded", () => {
  if (!document.body.dataset.person) {
    // Asked to sign in: what was sent has not arrived.
    sessionStorage.removeItem("sent");
    return;
  }
  const forms = [...document.querySelectorAll("form[data-draft]")];
  const sent = sessionStorage.getItem("sent");
  const arrived = document.querySelector("#messages .success, #messages .info")
    || !forms.some((form) => drafts.name(form) === sent);
  if (sent && arrived) localStorage.removeItem(sent);
  sessionStorage.removeItem("sent");
  for (const form of forms) {
    const before = drafts.read(form);
    const notice = form.querySelector("[data-draft-notice]");
    drafts.then(async () => {
      const kept = await drafts.open(form);
      const saved = kept && drafts.renewed(form, kept);
      if (saved && !drafts.same(form, saved)) {
        drafts.restore(form, saved);
        notice.hidden = false;
      }
    });
    notice.querySelector("[data-draft-discard]").addEventListener("click", () => {
      drafts.drop(drafts.name(form));
      drafts.restore(form, before);
      notice.hidden = true;
    });
  }
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.draft && document.body.dataset.person) drafts.keep(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  // As an attribute: a field may be called "action", and then form.action is that field.
  if (form.getAttribute("action")?.endsWith("/accounts/logout/")) drafts.clear();
  if (form.dataset.draft && document.body.dataset.person) {
    sessionStorage.setItem("sent", drafts.name(form));
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target;
  if (form.dataset?.draft && event.detail.successful) drafts.drop(drafts.name(form));
});
