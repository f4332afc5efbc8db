/* The library view: what is in it, what is found, and which articles questions use. */
"use strict";

(() => {
  const { said } = footnote;
  const section = () => document.getElementById("fn-library");
  const find = (selector) => section().querySelector(selector);
  const all = (selector) => section().querySelectorAll(selector);

  let started = false;
  let outlet = null; // the one looked at; null for all
  let state = ""; // of the library, as last listed
  let asked = 0; // counts the lists asked for, so that a late one is not shown
  let live = new Map(); // id of each article -> its outlet
  let left = new Set(); // ids of those that questions do not use
  let found = null; // ids of those the present search shows; null for all
  let typing = 0;
  let later = 0;

  const figure = (n) => n.toLocaleString("en");
  const counted = (n, one, many) => said(n === 1 ? one : many, { n: figure(n) });

  // ---- What is listed ----

  function look() {
    const asking = new URLSearchParams();
    const values = {
      q: find("[name=q]").value.trim(),
      order: find("[name=order]").value,
      after: find("[name=after]").value,
      before: find("[name=before]").value,
    };
    for (const [name, value] of Object.entries(values)) if (value) asking.set(name, value);
    if (outlet !== null) asking.set("outlet", outlet);
    return asking;
  }

  async function fragment(address) {
    const template = document.createElement("template");
    template.innerHTML = await (await footnote.send(address)).text(); // escaped by the server
    return template.content;
  }

  async function list({ quiet = true } = {}) {
    clearTimeout(later);
    const mine = (asked += 1);
    try {
      const shown = await fragment(`/library/list?${look()}`);
      if (mine !== asked) return;
      const data = { ...shown.firstElementChild.dataset };
      const ticked = new Set(removals());
      const opened = [...all(".fn-lib-copies[open]")].map((fold) => fold.closest("[data-id]").dataset.id);
      find("#fn-lib-list").replaceChildren(shown);
      for (const id of opened) find(`[data-id="${CSS.escape(id)}"] > .fn-lib-what > details`)?.setAttribute("open", "");
      for (const box of all("[data-remove]")) box.checked = ticked.has(box.dataset.remove);
      found = data.found === data.total ? null : data.ids.split(" ").filter(Boolean);
      find("#fn-lib-summary").textContent = data.summary;
      countArticles(Number(data.total));
      if (data.state !== state) await changed(data.state);
      paint();
      if (!quiet) footnote.announce(data.summary);
    } catch (error) {
      if (mine === asked) footnote.toast(error.message);
    }
  }

  /* Soon, and once for many changes. */
  function listSoon(wait = 400) {
    clearTimeout(later);
    later = setTimeout(list, wait);
  }

  function countArticles(total) {
    const subtitle = document.getElementById("fn-count");
    if (subtitle) subtitle.textContent = counted(total, "1 article", "{n} articles");
    find(".fn-lib-empty").hidden = total > 0;
    find(".fn-lib-body").hidden = total === 0;
  }

  async function changed(now) {
    const [ids, outlets] = await Promise.all([
      footnote.send("/api/library/ids").then((response) => response.json()),
      fragment("/library/outlets"),
    ]);
    state = now;
    live = new Map(ids.outlets.flatMap(({ name, ids: theirs }) => theirs.map((id) => [id, name])));
    if (outlet !== null && !ids.outlets.some(({ name }) => name === outlet)) {
      outlet = null;
      listSoon(0);
    }
    const focused = document.activeElement?.closest?.("#fn-lib-outlets") ? { ...document.activeElement.dataset } : null;
    find("#fn-lib-outlets").replaceChildren(outlets);
    if (focused) {
      for (const each of all("#fn-lib-outlets button, #fn-lib-outlets input")) {
        if (JSON.stringify(each.dataset) === JSON.stringify(focused)) each.focus();
      }
    }
    readScope();
  }

  async function more(button) {
    const asking = look();
    asking.set("offset", button.dataset.offset);
    const mine = asked;
    try {
      const next = await fragment(`/library/list?${asking}`);
      if (mine !== asked) return;
      const first = next.querySelector(".fn-lib-rows > li");
      find(".fn-lib-rows").append(...next.querySelectorAll(".fn-lib-rows > li"));
      const button = next.querySelector(".fn-lib-more");
      if (button) find(".fn-lib-more").replaceWith(button);
      else find(".fn-lib-more").remove();
      paint();
      first.querySelector("a").focus();
    } catch (error) {
      footnote.toast(error.message);
    }
  }

  function reset() {
    for (const field of all("[name=q], [name=after], [name=before]")) field.value = "";
    outlet = null;
    list({ quiet: false });
    find("[name=q]").focus();
  }

  // ---- Which articles questions use ----

  function readScope() {
    const kept = footnote.recall("scope", {});
    const only = new Set(kept.articles ?? []);
    left = new Set(
      only.size ? [...live.keys()].filter((id) => !only.has(id)) : (kept.without ?? []).filter((id) => live.has(id)),
    );
  }

  function keepScope() {
    const used = [...live.keys()].filter((id) => !left.has(id));
    const whole = used.length && used.length < left.size ? { articles: used } : { without: [...left] };
    tellScope(whole);
    paint();
    footnote.announce(usesWords());
  }

  function tellScope(scope) {
    if (!footnote.remember("scope", scope)) {
      footnote.toast(said("This browser keeps nothing: the choice is lost when the page is closed."));
    };
    document.dispatchEvent(new CustomEvent("footnote:scope"));
  }

  /* A new article is used, and a new version as the one before it was. */
  function carryOver(articles) {
    const kept = footnote.recall("scope", {});
    const only = kept.articles?.length ? new Set(kept.articles) : null;
    const without = new Set(kept.without ?? []);
    let differs = false;
    for (const { id, was, outcome } of articles) {
      if (only && !only.has(id) && (was ? only.has(was) : outcome === "added")) differs = Boolean(only.add(id));
      if (!only && was && without.has(was) && !without.has(id)) differs = Boolean(without.add(id));
    }
    if (differs) tellScope(only ? { articles: [...only] } : { without: [...without] });
    readScope();
  }

  function use(ids, wanted) {
    for (const id of ids) {
      if (wanted) left.delete(id);
      else left.add(id);
    }
    keepScope();
  }

  function usesWords() {
    const total = live.size;
    if (!total) return "";
    const used = total - left.size;
    if (used === total) return counted(total, "Questions use the 1 article.", "Questions use all {n} articles.");
    const values = { used: used ? figure(used) : said("none"), n: figure(total) };
    return said(total === 1 ? "Questions use none of 1 article." : "Questions use {used} of {n} articles.", values);
  }

  /* One tick for many articles: some of them is neither yes nor no. */
  function tickFor(box, ids) {
    const used = ids.filter((id) => !left.has(id)).length;
    box.checked = ids.length > 0 && used === ids.length;
    box.indeterminate = used > 0 && used < ids.length;
  }

  const idsOf = (name) => [...live].filter(([, theirs]) => theirs === name).map(([id]) => id);
  const idsFound = () => found ?? [...live.keys()];

  function paint() {
    find("#fn-lib-uses").textContent = usesWords();
    find("[data-act=use-all]").hidden = left.size === 0;
    for (const box of all("[data-use]")) {
      box.checked = !left.has(box.dataset.use);
      box.closest("[data-id]").classList.toggle("fn-lib-left", !box.checked);
    }
    for (const box of all("[data-use-outlet]")) tickFor(box, idsOf(box.dataset.useOutlet));
    tickFor(find("[data-use-found]"), idsFound());
    find("[data-use-found]").setAttribute("aria-label", said("Use in questions: {what}", { what: find("#fn-lib-summary").textContent }));
    for (const button of all("[data-outlet]")) button.setAttribute("aria-pressed", String(button.dataset.outlet === outlet));
    find("[data-outlet-all]")?.setAttribute("aria-pressed", String(outlet === null));
    countRemovals();
  }

  // ---- Removing ----

  const removals = () => [...all("[data-remove]:checked")].map((box) => box.dataset.remove);

  function removing(on) {
    section().toggleAttribute("data-removing", on);
    find(".fn-lib-removing").hidden = !on;
    find("[data-act=removing]").hidden = on;
    for (const box of all("[data-remove]")) box.checked = false;
    countRemovals();
    if (on) find("[data-remove]")?.focus();
    else find("[data-act=removing]").focus();
  }

  function countRemovals() {
    const button = find("[data-act=remove]");
    if (!button) return;
    const count = removals().length;
    button.disabled = count === 0;
    button.textContent = count ? counted(count, "Remove 1 article", "Remove {n} articles") : said("Remove");
  }

  async function remove() {
    const ids = removals();
    try {
      await footnote.post("/api/library/remove", { ids });
      removing(false);
      await list();
      const words = counted(ids.length, "1 article removed.", "{n} articles removed.");
      footnote.toast(words, said("Undo"), () => undo(ids));
    } catch (error) {
      footnote.toast(error.message);
      await list();
    }
  }

  async function undo(ids) {
    try {
      const { back, superseded } = await (await footnote.post("/api/library/undo", { ids })).json();
      await list();
      const newer = superseded.map(({ title }) => `“${title}”`).join(", ");
      const words = counted(back.length, "1 article is back.", "{n} articles are back.");
      const not = newer && said("Not {titles}: a newer version has taken its place.", { titles: newer });
      footnote.toast([words, not].filter(Boolean).join(" "));
    } catch (error) {
      footnote.toast(error.message);
    }
    find("h2").focus();
  }

  // ---- Pasting ----

  function pasting(on) {
    const form = find("#fn-lib-paste");
    const button = find("[data-act=paste]");
    form.hidden = !on;
    button.setAttribute("aria-expanded", String(on));
    if (on) form.elements.text.focus();
    else button.focus();
  }

  async function paste(form) {
    const wrong = form.querySelector(".fn-lib-error");
    const button = form.querySelector("button:not([type])");
    wrong.hidden = true;
    button.disabled = true;
    try {
      const answer = await footnote.post("/api/library/paste", Object.fromEntries(new FormData(form)));
      const { outcome, line, articles } = await answer.json();
      form.reset();
      pasting(false);
      carryOver(articles);
      const words = { added: "“{title}” added.", replaced: "“{title}” replaced.", unchanged: "“{title}” is there already." };
      footnote.toast(said(words[outcome], { title: line }));
      await list();
    } catch (error) {
      wrong.textContent = error.message;
      wrong.hidden = false;
    } finally {
      button.disabled = false;
    }
  }

  // ---- Starting ----

  async function start() {
    if (started) return list();
    started = true;
    try {
      section().replaceChildren(await fragment("/library/view"));
    } catch (error) {
      started = false;
      section().replaceChildren(document.createElement("p"));
      section().firstChild.textContent = said("The library cannot be shown: {reason}", { reason: error.message });
      return;
    }
    if (matchMedia("(max-width: 899.98px)").matches) find(".fn-lib-side details").open = false;
    document.dispatchEvent(new CustomEvent("footnote:library"));
    await list();
  }

  const acts = {
    "use-all": () => {
      left.clear();
      keepScope();
      find("h2").focus();
    },
    paste: () => pasting(find("#fn-lib-paste").hidden),
    unpaste: () => pasting(false),
    removing: () => removing(true),
    keep: () => removing(false),
    remove,
    reset,
    more,
  };

  function clicked({ target }) {
    const button = target.closest("button");
    if (!button) return;
    if (button.dataset.act) acts[button.dataset.act]?.(button);
    else if ("outlet" in button.dataset || "outletAll" in button.dataset) {
      outlet = "outletAll" in button.dataset || outlet === button.dataset.outlet ? null : button.dataset.outlet;
      list({ quiet: false });
    }
  }

  function chosen({ target }) {
    if (target.dataset.use) use([target.dataset.use], target.checked);
    else if ("useOutlet" in target.dataset) use(idsOf(target.dataset.useOutlet), target.checked);
    else if ("useFound" in target.dataset) use(idsFound(), target.checked);
    else if (target.dataset.remove) countRemovals();
    else if (["order", "after", "before"].includes(target.name) && !target.closest("form")) list({ quiet: false });
  }

  function typed({ target }) {
    if (target.name !== "q") return;
    clearTimeout(typing);
    typing = setTimeout(() => list({ quiet: false }), 150);
  }

  function escaped(event) {
    if (event.key !== "Escape" || footnote.view() !== "library" || !started) return;
    if (event.target.closest?.("#fn-lib-paste")) pasting(false);
    else if (section().hasAttribute("data-removing")) removing(false);
  }

  document.addEventListener("footnote:view", ({ detail }) => detail === "library" && start());
  document.addEventListener("keydown", escaped);
  addEventListener("storage", ({ key }) => {
    if (key !== "footnote.scope" || !started) return;
    readScope();
    paint();
    document.dispatchEvent(new CustomEvent("footnote:scope"));
  });
  addEventListener("DOMContentLoaded", () => {
    section().addEventListener("click", clicked);
    section().addEventListener("change", chosen);
    section().addEventListener("input", typed);
    section().addEventListener("submit", (event) => {
      event.preventDefault();
      paste(event.target);
    });
  });

  footnote.library = { listSoon, carryOver };
})();
