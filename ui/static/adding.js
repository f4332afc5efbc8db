/* Files into the library: chosen or dropped, one request each, and what became of each. */
"use strict";

(() => {
  const { said } = footnote;
  const AT_ONCE = 2;
  const OUTCOMES = {
    added: "{n} added",
    replaced: "{n} replaced",
    unchanged: "{n} unchanged",
    refused: "{n} refused",
    stopped: "{n} not added",
    passed: "{n} of other kinds passed over",
  };
  const section = () => document.getElementById("fn-library");
  const find = (selector) => section().querySelector(selector);

  let waiting = []; // of { file, name, line }, in the order they came
  let working = 0;
  let counts = {};
  let done = 0;
  let total = 0;

  const mayEdit = () => footnote.view() === "library" && Boolean(find("[data-edit]"));
  const kinds = () => new Set(find(".fn-lib").dataset.kinds.split(","));

  const byName = (one, other) => (one.name < other.name ? -1 : 1);

  function ending(name) {
    const dot = name.lastIndexOf(".");
    return dot > 0 ? name.slice(dot).toLowerCase() : "";
  }

  /* In a folder, files of other kinds and hidden ones are passed over, as `footnote add` does. */
  function readable(path) {
    const parts = path.split("/");
    const hidden = parts.some((part) => part.startsWith(".") || part.startsWith("~$"));
    return !hidden && kinds().has(ending(parts.at(-1)));
  }

  /* files: of { file, name, inFolder } */
  function add(files) {
    const wanted = files.filter(({ name, inFolder }) => !inFolder || readable(name));
    const passed = files.length - wanted.length;
    const panel = find(".fn-lib-adding");
    if (!working && !waiting.length) {
      panel.querySelector("ol").replaceChildren();
      counts = {};
      done = total = 0;
    }
    if (passed) counts.passed = (counts.passed ?? 0) + passed;
    total += wanted.length;
    const lines = wanted.map(({ file, name }) => ({ file, name, line: lineFor(name) }));
    panel.querySelector("ol").append(...lines.map(({ line }) => line));
    waiting.push(...lines);
    panel.hidden = false;
    if (wanted.length) footnote.announce(said("Files being added: {n}", { n: figure(wanted.length) }));
    tell();
    while (working < AT_ONCE && waiting.length) work();
    if (!working) finished();
  }

  const figure = (n) => n.toLocaleString("en");

  function lineFor(name) {
    const line = document.createElement("li");
    const [path, outcome] = [document.createElement("bdi"), document.createElement("span")];
    path.textContent = name;
    line.append(path, outcome);
    say(line, "waiting", said("waiting"));
    return line;
  }

  function say(line, kind, words) {
    line.dataset.outcome = kind;
    line.lastChild.textContent = words;
  }

  async function work() {
    working += 1;
    while (waiting.length) await one(waiting.shift());
    working -= 1;
    if (!working) finished();
  }

  async function one({ file, name, line }) {
    say(line, "reading", said("reading"));
    try {
      const most = Number(find(".fn-lib").dataset.most);
      if (file.size > most) throw new Error(said("a file may hold {n} MB at most: split it", { n: most >> 20 }));
      const answer = await footnote.send(`/api/library/add?name=${encodeURIComponent(name.toWellFormed?.() ?? name)}`, {
        method: "POST",
        headers: { "content-type": "application/octet-stream" },
        body: file,
      });
      const { outcome, line: words, articles, warnings } = await answer.json();
      say(line, outcome, [said(outcome), words, ...warnings].filter(Boolean).join(" · "));
      count(outcome);
      footnote.library.carryOver(articles);
      if (outcome !== "unchanged") footnote.library.listSoon();
    } catch (error) {
      say(line, "refused", said("refused: {reason}", { reason: error.message }));
      count("refused");
    }
    tell();
  }

  function count(outcome) {
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    done += 1;
  }

  const summary = () =>
    Object.keys(OUTCOMES)
      .filter((outcome) => counts[outcome])
      .map((outcome) => said(OUTCOMES[outcome], { n: figure(counts[outcome]) }))
      .join(", ");

  function tell() {
    const busy = working > 0 || waiting.length > 0;
    const bar = find(".fn-lib-adding progress");
    bar.max = Math.max(total, 1);
    bar.value = done;
    bar.hidden = !busy;
    find("#fn-lib-progress").textContent = busy
      ? said("Adding: {done} of {n} done", { done: figure(done), n: figure(total) })
      : said("Done: {what}", { what: summary() || said("nothing to add") });
    const [stop, close] = [find("[data-act=stop]"), find("[data-act=clear]")];
    const moved = document.activeElement === stop && !busy;
    stop.hidden = !busy;
    close.hidden = busy;
    if (moved) close.focus();
  }

  function finished() {
    tell();
    footnote.announce(find("#fn-lib-progress").textContent);
  }

  /* What is being read is read to its end; what is done stays done. */
  function stop() {
    for (const { line } of waiting.splice(0)) {
      say(line, "stopped", said("not added"));
      count("stopped");
    }
    tell();
  }

  function close() {
    find(".fn-lib-adding").hidden = true;
    find("h2").focus();
  }

  function choose(input) {
    const files = [...input.files].map((file) => ({
      file,
      name: file.webkitRelativePath || file.name,
      inFolder: Boolean(file.webkitRelativePath),
    }));
    input.value = "";
    if (files.length) add(input.webkitdirectory ? files.sort(byName) : files);
  }

  // ---- Dropping ----

  const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));
  const someOf = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));

  async function walk(entry, inFolder = false) {
    const name = entry.fullPath.replace(/^\//, "");
    if (entry.isFile) return [{ file: await fileOf(entry), name, inFolder }];
    const reader = entry.createReader();
    const files = [];
    for (let some = await someOf(reader); some.length; some = await someOf(reader)) {
      for (const each of some) files.push(...(await walk(each, true)));
    }
    return files.sort(byName);
  }

  async function dropped(transfer) {
    // Entries must be taken before the first wait: the list is emptied then.
    const entries = [...transfer.items].filter(({ kind }) => kind === "file").map((item) => item.webkitGetAsEntry());
    const plain = [...transfer.files];
    const files = [];
    for (const [at, entry] of entries.entries()) {
      try {
        if (entry) files.push(...(await walk(entry)));
        else if (plain[at]) files.push({ file: plain[at], name: plain[at].name, inFolder: false });
      } catch {
        footnote.toast(said("{name} cannot be read: check its permissions and drop it again", { name: entry.name }));
      }
    }
    if (files.length) add(files);
  }

  const holdsFiles = (event) => mayEdit() && [...(event.dataTransfer?.types ?? [])].includes("Files");
  const overlay = (shown) => find(".fn-lib-drop") && (find(".fn-lib-drop").hidden = !shown);

  addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    overlay(true);
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget && mayEdit()) overlay(false);
  });
  addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    overlay(false);
    dropped(event.dataTransfer);
  });
  addEventListener("keydown", (event) => event.key === "Escape" && mayEdit() && overlay(false));
  addEventListener("beforeunload", (event) => (working || waiting.length) && event.preventDefault());
  addEventListener("DOMContentLoaded", () => {
    section().addEventListener("click", ({ target }) => {
      const act = target.closest("[data-act]")?.dataset.act;
      if (act === "files") find("#fn-lib-files").click();
      else if (act === "folder") find("#fn-lib-folder").click();
      else if (act === "stop") stop();
      else if (act === "clear") close();
    });
    section().addEventListener("change", ({ target }) => target.type === "file" && choose(target));
  });
})();
