/* Right, wrong, or which words are right: what readers know becomes questions to measure with. */
"use strict";

(() => {
  const { said, toast } = footnote;
  const byId = (id) => document.getElementById(id);
  let asked = ""; // the question whose right words are looked for; empty for none

  /* Whoever may only ask is not offered what the server would refuse. */
  async function hideFromOthers() {
    try {
      const me = await (await footnote.send("/api/me")).json();
      document.body.toggleAttribute("data-may-only-ask", !me.may_edit);
    } catch {
      // then a refusal says so
    }
  }

  addEventListener("DOMContentLoaded", hideFromOthers);

  async function keep(question, places, done) {
    try {
      const kept = await (await footnote.post("/api/gold", { question, places })).json();
      const undo = async () => {
        try {
          await footnote.post(`/api/gold/${encodeURIComponent(kept.id)}/remove`, {});
          footnote.remember("right", footnote.recall("right", []).filter((key) => !key.startsWith(`${question}\n`)));
          showJudged();
          toast(said("Forgotten."));
        } catch (error) {
          toast(error.message);
        }
      };
      if (kept.new) toast(done, said("Undo"), undo);
      else toast(done);
      return true;
    } catch (error) {
      toast(error.message);
      return false;
    }
  }

  async function right(turn, pressed) {
    const { cited, citations } = JSON.parse(turn.dataset.item);
    const places = cited.map((n) => citations[n - 1]).map(({ article_id, start, end }) => ({ article_id, start, end }));
    if (await keep(turn.dataset.alone, places, said("Kept as right."))) {
      footnote.remember("right", [...footnote.recall("right", []), keyOf(turn)].slice(-200));
      showJudged();
    }
  }

  const keyOf = (turn) => `${turn.dataset.alone}\n${turn.querySelector(".fn-words")?.textContent}`;

  /* Answers that were judged right look so again after a reload. */
  function showJudged() {
    const right = new Set(footnote.recall("right", []));
    for (const button of document.querySelectorAll("#fn-answers [data-judge=right]")) {
      const pressed = String(right.has(keyOf(button.closest("article"))));
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    }
  }

  new MutationObserver(showJudged).observe(document.documentElement, { childList: true, subtree: true });

  /* What else could be right is asked under the answer. */
  function wrong(turn, pressed) {
    const open = turn.querySelector(".fn-correct");
    if (open) {
      open.remove();
      return;
    }
    const line = document.createElement("p");
    line.className = "fn-correct fn-tools";
    line.append(`${said("What is right?")} `);
    for (const [name, words] of [
      ["words", said("Mark the right words")],
      ["none", said("The articles do not say")],
    ]) {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.correct = name;
      button.textContent = words;
      line.append(button);
    }
    pressed.closest(".fn-tools").after(line);
    line.querySelector("button").focus();
  }

  function correct(turn, how) {
    turn.querySelector(".fn-correct")?.remove();
    if (how === "none") {
      keep(turn.dataset.alone, [], said("Kept as a question that the articles do not answer."));
      return;
    }
    asked = turn.dataset.alone;
    turn.querySelector("[data-source]")?.click();
    document.querySelector("#fn-sources [data-open]")?.click();
    draw();
  }

  /* ---- Marking words in the article that stands open ---- */

  function draw() {
    let bar = byId("fn-marking");
    if (!asked) {
      bar?.remove();
      return;
    }
    if (!bar) {
      bar = document.createElement("div");
      bar.id = "fn-marking";
      bar.className = "fn-toast fn-marking";
      bar.setAttribute("role", "region");
      bar.setAttribute("aria-label", said("Mark the right words"));
      bar.append(document.createElement("p"));
      for (const name of ["keep", "cancel"]) {
        const button = document.createElement("button");
        button.type = "button";
        button.dataset.marking = name;
        button.textContent = name === "keep" ? said("Keep") : said("Cancel");
        bar.append(button);
      }
      document.body.append(bar);
    }
    const place = selected();
    bar.firstChild.textContent = place
      ? `“${place.words.length > 80 ? `${place.words.slice(0, 80)} …` : place.words}”`
      : said("Open a passage and select the words that answer the question.");
    bar.querySelector("[data-marking=keep]").disabled = !place;
  }

  /* The words selected in an article, and where they stand in its text, in code points. */
  function selected() {
    const selection = getSelection();
    const text = document.querySelector("#fn-reading .fn-text");
    if (!text || selection.rangeCount === 0 || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const whole = text.textContent;
    const from = before.toString().length;
    const [start, end] = wholeWords(whole, from, from + range.toString().length);
    if (start >= end) return null;
    const at = Number(text.dataset.start) + [...whole.slice(0, start)].length;
    const words = whole.slice(start, end);
    return { article_id: text.dataset.article, start: at, end: at + [...words].length, words };
  }

  const LETTER = /[\p{L}\p{N}\p{M}]/u;

  /* Between two letters is inside a word: of several words a torn one at either end is left
     out, a single one is taken whole. Offsets are UTF-16 units into the text. */
  function wholeWords(text, from, to) {
    const torn = (at) => at > 0 && at < text.length && LETTER.test(text[at - 1]) && LETTER.test(text[at]);
    const several = /\s/.test(text.slice(from, to).trim());
    let [start, end] = [from, to];
    while (torn(start)) start += several ? 1 : -1;
    while (torn(end)) end += several ? -1 : 1;
    while (start < end && /\s/.test(text[start])) start += 1;
    while (end > start && /\s/.test(text[end - 1])) end -= 1;
    return [start, end];
  }

  async function keepMarked() {
    const place = selected();
    if (!place) return;
    const { article_id, start, end } = place;
    if (await keep(asked, [{ article_id, start, end }], said("Kept as right."))) {
      asked = "";
      draw();
    }
  }

  document.addEventListener("selectionchange", () => asked && draw());

  // Pressing a button must not unselect the words.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest?.("#fn-marking")) event.preventDefault();
  });

  document.addEventListener("click", ({ target }) => {
    const pressed = target.closest?.("button");
    if (!pressed) return;
    const turn = pressed.closest("article");
    if (pressed.dataset.judge === "right") right(turn, pressed);
    else if (pressed.dataset.judge === "wrong") wrong(turn, pressed);
    else if (pressed.dataset.correct) correct(turn, pressed.dataset.correct);
    else if (pressed.dataset.marking === "keep") keepMarked();
    else if (pressed.dataset.marking === "cancel") {
      asked = "";
      draw();
    }
  });

  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !asked) return;
    asked = "";
    draw();
  });
})();
