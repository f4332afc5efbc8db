/* What all parts of the page share: views, messages, and what this browser remembers. */
"use strict";

window.footnote = (() => {
  const VIEWS = ["ask", "library", "evaluate"]; // the first is shown where none is named

  /* Words for scripts, in the page's language; {names} are filled in. */
  function said(english, values = {}) {
    words ??= JSON.parse(document.getElementById("fn-words")?.textContent ?? "{}");
    const found = words[english] ?? english;
    return found.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  let words = null;

  /* Which view is shown follows the address (#library), so that Back and links work. */
  const viewNamed = () => VIEWS.find((name) => name === location.hash.slice(1)) ?? VIEWS[0];

  function showView() {
    const view = viewNamed();
    document.body.dataset.view = view;
    for (const link of document.querySelectorAll(".fn-nav a")) {
      if (link.hash === `#${view}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    for (const section of document.querySelectorAll(".fn-view")) {
      section.hidden = section.id !== `fn-${view}`;
    }
    document.dispatchEvent(new CustomEvent("footnote:view", { detail: view }));
  }

  /* One line that a screen reader says, wherever the focus is. */
  function announce(words) {
    document.getElementById("fn-said").textContent = words;
  }

  let fading = 0;

  /* One line at the foot of the window, with one thing to do about it, such as to undo. */
  function toast(words, action = "", act = () => {}) {
    const place = document.getElementById("fn-toast");
    place.replaceChildren(document.createElement("p"));
    place.firstChild.textContent = words;
    if (action) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = action;
      button.addEventListener("click", () => {
        place.hidden = true;
        act();
      });
      place.append(button);
    }
    place.hidden = false;
    announce(words);
    clearTimeout(fading);
    fading = setTimeout(() => (place.hidden = true), action ? 12000 : 5000);
  }

  /* What this browser remembers under a name; `otherwise` where it does not, or may not. */
  function recall(name, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(`footnote.${name}`)) ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  function remember(name, value) {
    try {
      localStorage.setItem(`footnote.${name}`, JSON.stringify(value));
      return true;
    } catch {
      return false; // full, or forbidden: the page works on without
    }
  }

  function forget(name) {
    try {
      localStorage.removeItem(`footnote.${name}`);
    } catch {
      // as above
    }
  }

  /* The server's answer; its own line as an Error where it refuses. */
  async function send(address, options = {}) {
    const response = await fetch(address, options);
    if (response.ok) return response;
    const body = await response.text();
    let line = body;
    try {
      line = JSON.parse(body).error ?? body;
    } catch {
      // a plain line
    }
    throw new Error(line.trim() || `the server answered ${response.status}`);
  }

  const post = (address, value) =>
    send(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(value),
    });

  addEventListener("hashchange", showView);
  addEventListener("DOMContentLoaded", showView);
  return { said, announce, toast, recall, remember, forget, send, post, view: viewNamed };
})();
