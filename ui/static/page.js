/* The page's own behaviour: footnotes bring up their passages, examples ask themselves.

   Gradio redraws the conversation by comparing it with what stands there, so nothing here
   keeps hold of elements: all is found again by id when it is needed. */
"use strict";

(() => {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const twoColumns = matchMedia("(min-width: 900px)");
  const opened = new Set(); // ids of answers whose fold the reader opened
  let newest = ""; // sources of the last answer seen
  let ready = false;

  const turns = () => document.querySelectorAll("[data-sources]");
  const questionBox = () => document.querySelector("#fn-ask textarea");
  const footnote = (source) => document.querySelector(`#fn-answers [data-source="${source}"]`);

  function glide(element, block) {
    element.scrollIntoView({ block, behavior: still.matches ? "auto" : "smooth" });
  }

  function showSources(turn) {
    const panel = document.getElementById("fn-sources");
    if (!panel || (turn && panel.dataset.of === turn.dataset.sources)) return;
    panel.dataset.of = turn ? turn.dataset.sources : "";
    panel.innerHTML = panel.dataset.of; // made and escaped by the server
    document.getElementById("fn-panel").scrollTo({ top: 0 });
  }

  function showSource(id) {
    const button = footnote(id);
    showSources(button.closest("[data-sources]"));
    for (const other of document.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
    const source = document.getElementById(id);
    source.setAttribute("aria-current", "true");
    button.setAttribute("aria-current", "true");
    source.focus({ preventScroll: true });
    const mark = source.querySelector("mark");
    // The cited words must be seen, also where a long passage would push them out of sight.
    if (mark && source.offsetHeight > innerHeight / 2) glide(mark, "center");
    else glide(source, twoColumns.matches ? "nearest" : "start");
  }

  function backToAnswer(id) {
    const button = footnote(id);
    button.focus({ preventScroll: true });
    glide(button.closest("article"), "nearest");
  }

  function ask(question) {
    const box = questionBox();
    box.value = question;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => document.querySelector("#fn-ask .submit-button").click());
    box.focus({ preventScroll: true });
  }

  function conversationChanged() {
    const all = turns();
    const last = all[all.length - 1];
    const pending = document.querySelector(".fn-pending, .fn-notice");
    if (pending && !pending.dataset.seen) {
      pending.dataset.seen = "yes";
      glide(pending, "nearest");
    }
    if ((last ? last.dataset.sources : "") === newest) return;
    newest = last ? last.dataset.sources : "";
    showSources(last || null);
    if (last) glide(last, twoColumns.matches ? "nearest" : "start");
    else opened.clear();
  }

  function firstSight() {
    if (ready || !questionBox()) return;
    ready = true;
    questionBox().setAttribute("aria-label", "Your question");
    if (matchMedia("(hover: hover)").matches) questionBox().focus({ preventScroll: true });
  }

  new MutationObserver((changes) => {
    firstSight();
    for (const { target, attributeName } of changes) {
      // A redraw closes folds, since the server does not know which ones are open.
      if (attributeName === "open" && !target.open && opened.has(target.closest("article").id)) {
        target.open = true;
      }
    }
    conversationChanged();
  }).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-sources", "open"],
  });

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button, summary");
    if (!button) return;
    if (button.dataset.ask) ask(button.dataset.ask);
    else if (button.dataset.source) showSource(button.dataset.source);
    else if (button.dataset.back) backToAnswer(button.dataset.back);
    else if (button.id === "fn-clear") questionBox().focus();
    else if (button.matches(".fn-fold > summary")) {
      const { id } = button.closest("article");
      if (button.parentElement.open) opened.delete(id);
      else opened.add(id);
    }
  });

  document.addEventListener("keydown", (event) => {
    const source = event.target.closest?.(".fn-source");
    if (event.key === "Escape" && source) backToAnswer(source.id);
    if (event.key === "/" && !event.target.closest?.("textarea, input") && questionBox()) {
      event.preventDefault();
      questionBox().focus();
    }
  });
})();
