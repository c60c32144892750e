// Keys for reviewers. Everything they do is a link or a button of the page: this only finds and presses it.
"use strict";
(() => {
  const inField = (element) => element instanceof Element && element.matches("input, textarea, select, [contenteditable]");
  const rows = () => Array.from(document.querySelectorAll("[data-row]"));
  const current = () => document.activeElement && document.activeElement.closest("[data-row]");

  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = all[Math.min(Math.max(at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by, 0), all.length - 1)];
    next.querySelector("[data-open]").focus();
    next.scrollIntoView({ block: "nearest" });
  };

  const openAt = (anchor) => {
    const row = current() || rows()[0];
    if (row) window.location.assign(row.querySelector("[data-open]").href + "#" + anchor);
  };

  const press = (key) => {
    const found = document.querySelector(`[data-key="${key}"]`);
    if (!found) return false;
    if (inField(found)) found.focus();
    else found.click();
    return true;
  };

  // Selecting rows: x marks the focused one, shift-click marks a range.
  let lastMarked = null;
  const boxes = () => Array.from(document.querySelectorAll("[data-select]"));
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.matches("[data-select]")) return;
    if (event.shiftKey && lastMarked) {
      const all = boxes();
      const [from, to] = [all.indexOf(lastMarked), all.indexOf(event.target)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((box) => { box.checked = event.target.checked; });
    }
    lastMarked = event.target;
  });
  // What is not marked is not decided: "all" marks every row, and holds only as long as all of them are marked.
  const everything = document.querySelector('[data-key="*"]');
  document.addEventListener("change", (event) => {
    if (event.target === everything) boxes().forEach((box) => { box.checked = everything.checked; });
    else if (everything && event.target.matches("[data-select]") && !event.target.checked) everything.checked = false;
  });
  const mark = () => {
    const row = current() || rows()[0];
    const box = row && row.querySelector("[data-select]");
    if (box) box.click();
  };

  const anchors = { c: "confirm", f: "reason", d: "duplicate", w: "watch", n: "note" };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const field = event.target.closest && event.target.closest("[data-button]");
    if (event.key === "Enter" && field) {
      event.preventDefault();
      document.getElementById(field.dataset.button).click();
      return;
    }
    if (event.key === "Escape" && inField(event.target)) return void event.target.blur();
    if (inField(event.target)) return;
    // A Russian layout sends Cyrillic letters; the physical key is what the reviewer means.
    const key = event.key === "?" || (event.shiftKey && event.code === "Slash") ? "?" : event.code.replace(/^Key/, "").toLowerCase();
    if (event.key === "." && press(".")) return void event.preventDefault();
    if (event.key === "*" && document.getElementById("bulk")) {
      event.preventDefault();
      return void everything.click();
    }
    if (event.shiftKey && key !== "?") return;
    if (key === "?" && document.querySelector('a[href="/keys"]')) {
      event.preventDefault();
      window.location.assign("/keys");
    } else if (document.querySelector('[data-keys="queue"]') && (key === "j" || key === "k")) {
      event.preventDefault();
      step(key === "j" ? 1 : -1);
    } else if (document.getElementById("bulk") && key === "x") {
      event.preventDefault();
      mark();
    } else if (document.getElementById("bulk") && key === "f" && boxes().some((box) => box.checked)) {
      event.preventDefault();
      document.getElementById("bulk-reason").focus();
    } else if (document.querySelector('[data-keys="queue"]') && anchors[key]) {
      event.preventDefault();
      openAt(anchors[key]);
    } else if ("jkcfdwnum".includes(key) && key.length === 1 && press(key)) {
      event.preventDefault();
    }
  });

  // A link such as /reports/5#reason, made by a key in the queue, goes straight into that field.
  const target = window.location.hash && document.getElementById(window.location.hash.slice(1));
  if (target && target.matches("input, textarea, select, button")) target.focus();
})();
