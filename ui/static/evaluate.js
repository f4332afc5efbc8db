/* The Evaluate view: questions in, evaluations watched while they run, their figures. */
"use strict";

(() => {
  const { announce, said } = footnote;
  const EVERY = 1000; // milliseconds between two looks at what is under way
  const section = () => document.getElementById("fn-evaluate");
  const find = (selector) => section().querySelector(selector);
  const runs = () => [...section().querySelectorAll(".fn-ev-run")];
  const runOf = (id) => runs().find((run) => run.dataset.run === id);

  let shown = false; // whether the server's view stands there
  let chosen = null; // the file to send
  let looking = 0; // the timer of the next look
  let failed = 0; // looks in a row

  async function fragment(address) {
    const template = document.createElement("template");
    template.innerHTML = await (await footnote.send(address)).text(); // escaped by the server
    return template.content;
  }

  // ---- The view ----

  async function open() {
    try {
      const view = await fragment("/evaluate/view");
      section().replaceChildren(view);
      shown = true;
      chosen = null;
      soon();
    } catch (error) {
      shown = false;
      const line = document.createElement("p");
      line.className = "fn-ev-wrong";
      line.textContent = said("This cannot be shown now: {why}", { why: error.message });
      section().replaceChildren(line);
    }
  }

  // ---- Choosing a file ----

  function choose(files) {
    if (!files.length) return;
    const most = Number(find("[data-most]").dataset.most);
    const [file] = files;
    wrong("");
    chosen = null;
    if (files.length > 1) wrong(said("One file at a time: put all questions into one."));
    else if (file.size > most) wrong(said("{name} is too large: {n} MB is the most.", { name: file.name, n: most / 1048576 }));
    else chosen = file;
    find(".fn-ev-chosen bdi").textContent = chosen ? chosen.name : said("Drop a question file here");
    find(".fn-ev-drop").toggleAttribute("data-chosen", Boolean(chosen));
    find(".fn-ev-form .fn-button-first").disabled = !chosen;
    if (chosen) find(".fn-ev-form .fn-button-first").focus();
  }

  function wrong(words) {
    const line = find(".fn-ev-begin .fn-ev-wrong");
    line.hidden = !words;
    line.textContent = words;
  }

  function limit() {
    const field = find("[name=limit]");
    if (field.validity.badInput || (field.value && !(Number.isInteger(Number(field.value)) && Number(field.value) > 0))) {
      throw new Error(said("How many questions is a whole number from 1 on, or empty for all."));
    }
    return field.value ? Number(field.value) : null;
  }

  // ---- Beginning, stopping, going on ----

  async function begin(button, send) {
    wrong("");
    const words = button.textContent;
    button.disabled = true;
    try {
      const most = limit(); // said before anything is sent
      button.textContent = said("Reads them …");
      const run = await (await send(most)).json();
      await draw(run.id);
      announce(said("“{name}” is being measured.", { name: run.name }));
      runOf(run.id)?.scrollIntoView({ block: "nearest" });
    } catch (error) {
      wrong(error.message);
    }
    button.textContent = words;
    button.disabled = false;
  }

  function sendFile(most) {
    const asked = new URLSearchParams({ name: chosen.name });
    if (most) asked.set("limit", most);
    if (find("[name=repair]").checked) asked.set("repair", "true");
    return footnote.send(`/api/evaluations?${asked}`, {
      method: "POST",
      headers: { "content-type": "application/octet-stream" },
      body: chosen,
    });
  }

  async function act(run, how) {
    try {
      await footnote.post(`/api/evaluations/${run.dataset.run}/${how}`, {});
      await draw(run.dataset.run);
    } catch (error) {
      footnote.toast(error.message);
    }
  }

  // ---- Drawing one, and looking how those under way stand ----

  async function draw(id) {
    const made = (await fragment(`/evaluate/${id}`)).firstElementChild;
    const before = runOf(id);
    const focused = before?.contains(document.activeElement);
    if (before) before.replaceWith(made);
    else find(".fn-ev-runs ol").prepend(made);
    find(".fn-ev-runs").hidden = false;
    if (focused) made.querySelector("h4").focus();
    soon();
  }

  function soon() {
    clearTimeout(looking);
    const watched = footnote.view() === "evaluate" && shown && find("[data-under-way]");
    if (watched) looking = setTimeout(look, EVERY * Math.min(2 ** failed, 16));
  }

  async function look() {
    try {
      const { evaluations } = await (await footnote.send("/api/evaluations")).json();
      failed = 0;
      for (const now of evaluations) {
        const run = runOf(now.id);
        if (!run || (run.dataset.state !== now.state && now.over)) await came(now);
        else if ("underWay" in run.dataset) tell(run, now);
      }
    } catch {
      failed += 1; // the server may be away for a moment
    }
    soon();
  }

  async function came(now) {
    await draw(now.id);
    if (!now.over) return;
    if (now.state === "failed") announce(said("“{name}” could not be measured: {why}", { name: now.name, why: now.error }));
    else announce(said("“{name}” is measured: {words}", { name: now.name, words: runOf(now.id).querySelector(".fn-ev-lead")?.textContent ?? "" }));
  }

  function tell(run, now) {
    run.dataset.state = now.state;
    run.querySelector("progress").value = now.done;
    for (const place of run.querySelectorAll("[data-said]")) {
      const words = now.said[place.dataset.said];
      if (place.textContent !== words) place.textContent = words;
    }
    const stop = run.querySelector("[data-act=stop]");
    if (stop) stop.disabled = now.state === "stopping" || now.state === "summing";
  }

  // ---- What a figure means: on pressing too, where there is no pointer to rest on it ----

  function tip(label) {
    for (const tile of section().querySelectorAll(".fn-ev-tile")) {
      tile.toggleAttribute("data-told", label !== null && tile.contains(label) && !tile.hasAttribute("data-told"));
      tile.toggleAttribute("data-hushed", false);
    }
  }

  // ---- Events ----

  const holdsFiles = (event) => footnote.view() === "evaluate" && [...(event.dataTransfer?.types ?? [])].includes("Files");
  const over = (on) => find(".fn-ev-drop")?.toggleAttribute("data-over", on);

  addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    over(true);
  });
  addEventListener("dragleave", (event) => event.relatedTarget || over(false));
  addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    over(false);
    if (find(".fn-ev-drop")) choose([...event.dataTransfer.files]);
  });

  addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || footnote.view() !== "evaluate") return;
    tip(null);
    for (const tile of section().querySelectorAll(".fn-ev-tile:is(:hover, :focus-within)")) tile.toggleAttribute("data-hushed", true);
  });

  addEventListener("DOMContentLoaded", () => {
    section().addEventListener("pointerout", ({ target }) => target.closest?.(".fn-ev-tile")?.removeAttribute("data-hushed"));
    section().addEventListener("focusout", ({ target }) => {
      const tile = target.closest?.(".fn-ev-tile");
      tile?.removeAttribute("data-hushed");
      tile?.removeAttribute("data-told");
    });
    section().addEventListener("change", ({ target }) => {
      if (target.name !== "file") return;
      choose([...target.files]);
      target.value = ""; // the same file may be chosen again, changed
    });
    section().addEventListener("submit", (event) => {
      event.preventDefault();
      if (chosen) begin(find(".fn-ev-form .fn-button-first"), sendFile);
    });
    section().addEventListener("click", ({ target }) => {
      const pressed = target.closest("button");
      if (!pressed) return;
      const run = pressed.closest(".fn-ev-run");
      if (pressed.classList.contains("fn-ev-label")) tip(pressed);
      else if (pressed.dataset.act === "choose") find("[name=file]").click();
      else if (pressed.dataset.act === "gold") begin(pressed, (most) => footnote.post("/api/evaluations/gold", { limit: most }));
      else if (run && pressed.dataset.act) act(run, pressed.dataset.act);
    });
  });

  document.addEventListener("footnote:view", ({ detail }) => {
    clearTimeout(looking);
    if (detail !== "evaluate") return;
    // Others may have begun some, or the chat kept gold questions; but a chosen file stays.
    if (!shown || !chosen) open();
    else soon();
  });
})();
