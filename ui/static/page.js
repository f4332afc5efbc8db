/* The chat: footnotes bring up their passages, examples ask themselves, and its habits.

   Gradio redraws the conversation by comparing it with what stands there, so nothing here
   keeps hold of elements: all is found again by id when it is needed. */
"use strict";

(() => {
  const { announce, toast, said } = footnote;
  const AS_TYPED = "/as-typed"; // as ui/typed.py reads it
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const twoColumns = matchMedia("(min-width: 900px)");
  const opened = new Set(); // ids of answers whose fold the reader opened
  let newest = ""; // sources of the last answer seen
  let ready = false;
  let asked = false; // since the last answer came
  let stopped = ""; // a question that was given up, until the box has it back

  const byId = (id) => document.getElementById(id);
  const turns = () => document.querySelectorAll("[data-sources]");
  const questionBox = () => document.querySelector("#fn-ask textarea");
  const numberOf = (source) => document.querySelector(`#fn-answers [data-source="${source}"]`);

  function glide(element, block) {
    element.scrollIntoView({ block, behavior: still.matches ? "auto" : "smooth" });
  }

  /* ---- What stands beside an answer ---- */

  function showTab(name) {
    closeArticle();
    for (const tab of document.querySelectorAll("#fn-panel [role=tab]")) {
      const chosen = tab.id === `fn-tab-${name}`;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).hidden = !chosen;
    }
  }

  function showBeside(turn, tab = "sources") {
    const panel = byId("fn-panel");
    if (!panel) return;
    if (panel.dataset.of !== turn.dataset.sources) {
      panel.dataset.of = turn.dataset.sources;
      for (const name of ["sources", "compared", "timeline"]) {
        byId(`fn-${name}`).innerHTML = turn.dataset[name]; // made and escaped by the server
        byId(`fn-tab-${name}`).hidden = !turn.dataset[name];
      }
      panel.scrollTo({ top: 0 });
    }
    if (tab) showTab(tab);
  }

  const readsReport = () => byId("fn-tab-report")?.getAttribute("aria-selected") === "true";

  function showNothingBeside() {
    const panel = byId("fn-panel");
    if (!panel || !("of" in panel.dataset)) return;
    delete panel.dataset.of;
    for (const name of ["sources", "compared", "timeline"]) byId(`fn-${name}`).innerHTML = "";
    for (const name of ["compared", "timeline"]) byId(`fn-tab-${name}`).hidden = true;
    showTab("sources");
  }

  function showSource(id) {
    const turn = byId(id.split("-")[0]);
    showBeside(turn);
    for (const other of document.querySelectorAll("[aria-current=true]")) other.removeAttribute("aria-current");
    const source = byId(id);
    if (!source) return;
    source.setAttribute("aria-current", "true");
    numberOf(id)?.setAttribute("aria-current", "true");
    source.focus({ preventScroll: true });
    const mark = source.querySelector("mark");
    // The cited words must be seen, also where a long passage would push them out of sight.
    if (mark && source.offsetHeight > innerHeight / 2) glide(mark, "center");
    else glide(source, twoColumns.matches ? "nearest" : "start");
  }

  function backToAnswer(id) {
    const button = numberOf(id);
    if (!button) return;
    button.focus({ preventScroll: true });
    glide(button.closest("article"), "nearest");
  }

  /* ---- A whole article, beside the conversation ---- */

  let openedBy = null; // what is focused again when the article is closed

  /* All that the present answer cites of an article is marked in it, one of them is in sight. */
  async function openArticle(place, link) {
    const { open: id, start, end } = place.dataset;
    const marks = new Set([`${start}-${end}`]);
    for (const cited of document.querySelectorAll("#fn-sources [data-open]")) {
      if (cited.dataset.open === id) marks.add(`${cited.dataset.start}-${cited.dataset.end}`);
    }
    const query = new URLSearchParams({ marks: [...marks].join(",") });
    let response;
    try {
      response = await footnote.send(`/article/${encodeURIComponent(id)}/beside?${query}`);
    } catch (error) {
      toast(error.message);
      return;
    }
    const reading = byId("fn-reading");
    reading.innerHTML = await response.text(); // made and escaped by the server
    openedBy = link;
    reading.hidden = false;
    byId("fn-panel").classList.add("fn-is-reading");
    reading.focus({ preventScroll: true });
    const found = [...reading.querySelectorAll("mark")];
    const text = reading.querySelector(".fn-text");
    const wanted = found.findIndex((mark) => placeIn(text, mark) >= Number(start));
    goToMark(Math.max(wanted, 0), "auto");
  }

  /* Where an element begins in the article's text, in code points; -1 in its headline. */
  function placeIn(text, element) {
    if (!text.contains(element)) return -1;
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEndBefore(element);
    return Number(text.dataset.start) + [...before.toString()].length;
  }

  function goToMark(n, behavior = still.matches ? "auto" : "smooth") {
    const reading = byId("fn-reading");
    const marks = [...reading.querySelectorAll("mark")];
    for (const button of reading.querySelectorAll("[data-mark]")) button.hidden = marks.length < 2;
    if (!marks.length) return;
    const at = (n + marks.length) % marks.length;
    reading.dataset.at = at;
    for (const mark of marks) mark.classList.toggle("fn-here", mark === marks[at]);
    byId("fn-mark-place").textContent =
      marks.length > 1 ? said("{n} of {all}", { n: at + 1, all: marks.length }) : "";
    marks[at].scrollIntoView({ block: "center", behavior });
  }

  function closeArticle() {
    const reading = byId("fn-reading");
    if (!reading || reading.hidden) return false;
    reading.hidden = true;
    reading.replaceChildren();
    byId("fn-panel").classList.remove("fn-is-reading");
    openedBy?.focus?.({ preventScroll: true });
    openedBy?.scrollIntoView?.({ block: "nearest" });
    openedBy = null;
    return true;
  }

  /* ---- Asking ---- */

  function fill(words) {
    const box = questionBox();
    box.value = words;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    return box;
  }

  function showChat() {
    if (footnote.view() !== "ask") location.hash = "#ask";
  }

  function ask(question) {
    showChat();
    const box = fill(question);
    setTimeout(() => {
      document.querySelector("#fn-ask .submit-button").click();
      seeThatItGoes();
    });
    box.focus({ preventScroll: true });
  }

  /* A question that was sent while the page was still being put together can get lost, and
     one that was sent while Gradio closed its stream goes unheard. As long as nothing has come
     of it, and it stands in the box unchanged, the stream is opened anew, and in the end the
     question sent again. */
  const LOOK_AFTER = 600; // milliseconds
  const LOOKS = 12; // every third sends again
  const EMPTY = 200; // characters that an empty conversation takes at most, as it is kept

  function seeThatItGoes(look = 1) {
    const sent = questionBox()?.value;
    if (!sent?.trim()) return;
    setTimeout(() => {
      const taken = document.querySelector(".fn-pending, .fn-notice") || questionBox()?.value !== sent;
      if (taken || document.hidden) return;
      if (look % 3) byId("fn-look")?.click();
      else document.querySelector("#fn-ask .submit-button")?.click();
      if (look < LOOKS) seeThatItGoes(look + 1);
    }, LOOK_AFTER);
  }

  let lookDue = 0;

  /* Whatever else Gradio is asked for may go unheard in the same way. */
  function lookSoon() {
    clearTimeout(lookDue);
    lookDue = setTimeout(() => byId("fn-look")?.click(), 1000);
  }

  /* What this browser kept of a conversation, and the page loads, may go unheard too. */
  function lookForKept() {
    let kept = 0;
    try {
      kept = localStorage.getItem("footnote.conversation")?.length ?? 0;
    } catch {
      // forbidden: nothing is kept
    }
    if (kept > EMPTY && !document.querySelector("#fn-answers .fn-turn")) byId("fn-look")?.click();
  }

  function stop(pending) {
    lookSoon();
    stopped = pending.dataset.asked;
    byId("fn-stop").click();
  }

  const filtersInForce = () => /\d/.test(document.querySelector("#fn-filters .label-wrap")?.textContent);

  /* The ticks of the library view go with each question. */
  function tellScope() {
    const box = document.querySelector("#fn-scope textarea, #fn-scope input");
    const { articles = [], without = [] } = footnote.recall("scope", {});
    const scope = articles.length || without.length ? JSON.stringify({ articles, without }) : "";
    document.body.toggleAttribute("data-scoped", Boolean(scope));
    if (!box || box.value === scope) return;
    box.value = scope;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function useAll() {
    footnote.remember("scope", {});
    document.dispatchEvent(new CustomEvent("footnote:scope"));
  }

  document.addEventListener("footnote:scope", tellScope);

  /* Once the filters are seen to be empty; they are emptied by the server. */
  function askWithoutFilters(question) {
    useAll();
    byId("fn-loosen").click();
    lookSoon();
    const began = Date.now();
    const wait = setInterval(() => {
      if (filtersInForce() && Date.now() - began < 5000) return;
      clearInterval(wait);
      ask(question);
    }, 50);
  }

  /* ?q=... in the address asks itself, once. */
  function askFromAddress() {
    const question = new URLSearchParams(location.search).get("q");
    if (!question?.trim()) return;
    history.replaceState(null, "", location.pathname + location.hash);
    ask(`${AS_TYPED} ${question}`); // whatever this browser has asked before
  }

  const linkTo = (question) => {
    const address = new URL(location.pathname, location.origin);
    address.searchParams.set("q", question);
    return address.href;
  };

  async function copy(words, done) {
    try {
      await navigator.clipboard.writeText(words);
      toast(done);
    } catch {
      toast(said("The browser does not let pages copy: select the words instead."));
    }
  }

  /* While an answer is awaited: a server that is gone would never say so. */
  setInterval(async () => {
    const pending = document.querySelector(".fn-pending:not([data-lost])");
    if (!pending) return;
    try {
      await footnote.send("/api/me");
    } catch (error) {
      if (!(error instanceof TypeError) || !pending.isConnected) return; // it did answer
      pending.dataset.lost = "yes";
      pending.querySelector(".fn-reading").textContent = said("The server does not answer. Your question is in the box again.");
      if (!questionBox().value) fill(pending.dataset.asked);
    }
  }, 3000);

  /* ---- What to ask next ---- */

  let suggestedAfter = ""; // what was last asked for

  async function suggest(last) {
    const articles = last
      ? [...new Set([...byId("fn-sources").querySelectorAll("[data-open]")].map((each) => each.dataset.open))].slice(0, 12)
      : [];
    const asked = [...turns()].map((turn) => turn.dataset.asked).slice(-100);
    const after = JSON.stringify([articles, asked]);
    if (after === suggestedAfter || (last && !articles.length)) return;
    suggestedAfter = after;
    let questions = [];
    try {
      ({ questions } = await (await footnote.post("/api/suggestions", { articles, asked })).json());
    } catch {
      // nobody misses what was not asked for
    }
    if (after === suggestedAfter) showSuggested(questions);
  }

  function showSuggested(questions) {
    const place = document.querySelector(".fn-next");
    if (!place) return;
    place.hidden = !questions.length;
    byId("fn-suggested").replaceChildren(
      ...questions.map((question) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.dataset.ask = `${AS_TYPED} ${question}`; // it was tried alone
        button.textContent = question;
        button.dir = "auto";
        item.append(button);
        return item;
      }),
    );
  }

  /* Where nothing is asked yet, and no examples are given. */
  function suggestAtFirst() {
    const busy = document.querySelector("#fn-answers .fn-turn, #fn-answers .fn-examples");
    if (!busy && footnote.view() === "ask") suggest(null);
  }

  function suggestNothing() {
    suggestedAfter = "";
    showSuggested([]);
  }

  /* ---- What changes ---- */

  function conversationChanged() {
    const all = turns();
    const last = all[all.length - 1];
    const pending = document.querySelector(".fn-pending, .fn-notice");
    if (pending && !pending.dataset.seen) {
      pending.dataset.seen = "yes";
      asked = true;
      suggestNothing();
      glide(pending, "nearest");
    }
    if (pending?.dataset.found && byId("fn-sources").dataset.found !== pending.dataset.found) {
      byId("fn-sources").dataset.found = pending.dataset.found;
      showBeside({ dataset: { sources: pending.dataset.found, compared: "", timeline: "" } });
      newest = "";
      return;
    }
    if (stopped && !pending && questionBox()) {
      if (!questionBox().value) fill(stopped).focus();
      stopped = "";
    }
    if (newest && byId("fn-sources")?.querySelector(":scope > .fn-empty")) {
      newest = ""; // the panel came anew, in the reader's language, after it had been filled
      delete byId("fn-panel").dataset.of;
    }
    if (pending?.dataset.found || (last ? last.dataset.sources : "") === newest) return;
    newest = last ? last.dataset.sources : "";
    delete byId("fn-sources")?.dataset.found;
    if (last) {
      // What was only kept comes back without taking the reader from the report.
      showBeside(last, asked || !readsReport() ? "sources" : "");
      asked = false;
      glide(last, twoColumns.matches ? "nearest" : "start");
      suggest(last);
    } else {
      showNothingBeside();
      opened.clear();
      suggestNothing();
      suggestAtFirst();
    }
  }

  /* Gradio's button cannot be told in several languages. */
  function sayAsk() {
    const button = document.querySelector("#fn-ask .submit-button");
    if (button && said("Ask") !== "Ask") button.textContent = said("Ask");
  }

  function firstSight() {
    if (ready || !questionBox() || !byId("fn-panel")) return;
    ready = true;
    questionBox().setAttribute("aria-label", said("Your question"));
    sayAsk();
    if (matchMedia("(hover: hover)").matches && footnote.view() === "ask") {
      questionBox().focus({ preventScroll: true });
    }
    setTimeout(lookForKept, 1500);
    setTimeout(askFromAddress, 300); // when Gradio has bound what it shows
    setTimeout(suggestAtFirst, 600);
    setTimeout(tellScope, 200);
  }

  new MutationObserver((changes) => {
    firstSight();
    for (const { target, attributeName } of changes) {
      // A redraw closes folds, since the server does not know which ones are open.
      if (attributeName === "open" && !target.open && opened.has(target.closest("article")?.id)) {
        target.open = true;
      }
    }
    document.body?.toggleAttribute("data-filtered", filtersInForce());
    document.body?.toggleAttribute("data-empty", /^0\b/.test(byId("fn-count")?.textContent.trim() ?? ""));
    conversationChanged();
  }).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-sources", "data-found", "open"],
  });

  document.addEventListener("click", (event) => {
    const { target } = event;
    const place = target.closest("[data-open]");
    if (place && !event.ctrlKey && !event.metaKey && getSelection().isCollapsed) {
      event.preventDefault();
      openArticle(place, place.matches("a") ? place : target.closest("li, div")?.querySelector("a, button"));
      return;
    }
    const button = target.closest("button, summary");
    if (!button) return;
    if (button.matches("#fn-ask .submit-button") && event.isTrusted) seeThatItGoes();
    const turn = button.closest("article");
    const { dataset } = button;
    if (dataset.ask) ask(dataset.ask);
    else if (dataset.source) showSource(dataset.source);
    else if (dataset.back) backToAnswer(dataset.back);
    else if (dataset.tab) showBeside(turn, dataset.tab);
    else if (button.role === "tab") showTab(button.id.slice("fn-tab-".length));
    else if ("close" in dataset) closeArticle();
    else if (dataset.mark) goToMark(Number(byId("fn-reading").dataset.at) + Number(dataset.mark));
    else if ("stop" in dataset) stop(turn);
    else if ("useAll" in dataset) useAll();
    else if ("loosen" in dataset) askWithoutFilters(turn.dataset.asked);
    else if ("copy" in dataset) copy(turn.dataset.copy, said("Copied with its citation."));
    else if ("link" in dataset) copy(linkTo(turn.dataset.asked), said("Link to this question copied."));
    else if (button.id === "fn-clear") {
      questionBox().focus();
      lookSoon();
    }
    else if (button.matches(".fn-fold > summary")) {
      if (button.parentElement.open) opened.delete(turn.id);
      else opened.add(turn.id);
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.closest("#fn-filters")) lookSoon();
  });

  /* Arrow keys move between the tabs (WAI-ARIA, tabs pattern). */
  function moveTab(event, tab) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...document.querySelectorAll("#fn-panel [role=tab]")].filter((each) => !each.hidden);
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    event.preventDefault();
    next.focus();
    showTab(next.id.slice("fn-tab-".length));
  }

  function lastAsked() {
    const asked = [...document.querySelectorAll("#fn-answers [data-asked]")].map((each) => each.dataset.asked);
    return asked[asked.length - 1];
  }

  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    const typing = target.closest?.("textarea, input, select, [contenteditable]");
    const source = target.closest?.(".fn-source");
    if (target.role === "tab") moveTab(event, target);
    if (key === "Escape") {
      const pending = document.querySelector(".fn-pending");
      if (closeArticle()) return;
      if (source) backToAnswer(source.id);
      else if (pending && footnote.view() === "ask") stop(pending);
    }
    if (key === "/" && !typing && questionBox()) {
      event.preventDefault();
      showChat();
      questionBox().focus();
    }
    if (key === "Enter" && !event.shiftKey && target === questionBox()) seeThatItGoes();
    if (key === "ArrowUp" && target === questionBox() && !target.value && lastAsked()) {
      event.preventDefault();
      const box = fill(lastAsked());
      box.setSelectionRange(box.value.length, box.value.length);
      announce(said("Your last question, to be edited"));
    }
  });
})();
