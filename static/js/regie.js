// Small comforts; every page works without them.
"use strict";

// After a refused form the summary gets the focus, so that it is read first.
function focusSummary() {
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
}

// A calendar button beside a typed date.
function addCalendars(root) {
  for (const span of root.querySelectorAll("[data-day]")) {
    const typed = span.querySelector("input");
    if (!typed || span.querySelector("button") || !HTMLInputElement.prototype.showPicker) continue;
    const native = document.createElement("input");
    native.type = "date";
    native.className = "native";
    native.tabIndex = -1;
    native.setAttribute("aria-hidden", "true");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet";
    button.textContent = span.dataset.label;
    button.addEventListener("click", () => {
      const parts = typed.value.match(/^(\d{1,2})-(\d{1,2})-(\d{4})$/);
      native.value = parts
        ? `${parts[3]}-${parts[2].padStart(2, "0")}-${parts[1].padStart(2, "0")}` : "";
      native.showPicker();
    });
    native.addEventListener("change", (event) => {
      event.stopPropagation();
      const [year, month, day] = native.value.split("-");
      typed.value = native.value ? `${day}-${month}-${year}` : "";
      typed.dispatchEvent(new Event("change", { bubbles: true }));
    });
    span.append(button, native);
  }
}

// One more input for a relation with several records.
function addMoreButtons(root) {
  for (const group of root.querySelectorAll("[data-lookups]")) {
    const button = group.querySelector("[data-more]");
    if (!button || !button.hidden) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const inputs = group.querySelectorAll("input");
      const last = inputs[inputs.length - 1];
      const next = last.cloneNode(false);
      const number = inputs.length + 1;
      next.value = "";
      next.id = last.id.replace(/\d+$/, number);
      next.setAttribute("aria-label", last.getAttribute("aria-label").replace(/\d+$/, number));
      last.after(next);
      if (window.htmx) window.htmx.process(next);
      next.focus();
    });
  }
}

// Leaving a form with something typed asks first.
function guardTyped() {
  const form = document.querySelector("form[data-typed]");
  if (!form) return;
  let touched = false;
  form.addEventListener("input", () => { touched = true; });
  form.addEventListener("submit", () => { touched = false; });
  window.addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });
}

// Typing in a conflicting field means that this value is meant.
function chooseTyped() {
  for (const mine of document.querySelectorAll(".collision .mine")) {
    mine.addEventListener("input", () => {
      mine.closest(".form-check").querySelector("input[type=radio]").checked = true;
    });
  }
}

// An address that can be shared holds only the filters that are set.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches("form.tools")) return;
  for (const [name, value] of [...event.detail.parameters.entries()]) {
    if (value === "") event.detail.parameters.delete(name);
  }
});

document.addEventListener("DOMContentLoaded", () => {
  addCalendars(document);
  addMoreButtons(document);
  chooseTyped();
  guardTyped();
  focusSummary();
});
