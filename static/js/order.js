"use strict";

// A list that says data-order is put in order by dragging, with a mouse or a finger. What
// comes of it is sent as a form; without this file the buttons of each row do the same.
document.addEventListener("DOMContentLoaded", () => {
  for (const list of document.querySelectorAll("[data-order]")) {
    const form = document.getElementById(list.dataset.order);
    const rows = () => [...list.children];
    const order = () => rows().map((row) => row.dataset.row).join(" ");
    const before = order();
    for (const grip of list.querySelectorAll("[data-grip]")) {
      const row = grip.closest("[data-row]");
      grip.hidden = false;
      grip.addEventListener("pointerdown", (event) => {
        if (event.button) return;
        event.preventDefault();
        grip.setPointerCapture(event.pointerId);
        row.classList.add("dragged");
      });
      grip.addEventListener("pointermove", (event) => {
        if (!grip.hasPointerCapture(event.pointerId)) return;
        for (const other of rows()) {
          const box = other.getBoundingClientRect();
          if (other === row || event.clientY < box.top || event.clientY > box.bottom) continue;
          const isBelow = event.clientY > box.top + box.height / 2;
          const place = isBelow ? other.nextSibling : other;
          if (place !== row && row.nextSibling !== place) {
            list.insertBefore(row, place);
            grip.setPointerCapture(event.pointerId);
          }
          break;
        }
      });
      grip.addEventListener("pointerup", () => {
        row.classList.remove("dragged");
        if (order() === before) return;
        form.elements.order.value = order();
        form.requestSubmit();
      });
    }
  }
});
