"use strict";

/* The table of questions, drawn a hundred rows at a time. All text is set as text. */
(() => {
  const AT_ONCE = 100;
  const { passages, rows } = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const body = byId("rows");
  const controls = ["search", "outcome", "bin", "order"].map(byId).filter(Boolean);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let found = []; // places of the rows that fit
  let drawn = 0; // how many of them stand in the table

  const plain = (text) =>
    text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ");
  const searched = rows.map((row) =>
    plain(
      [row.id, row.question, ...row.golds, row.said, ...row.shown.flatMap((s) => [s.title, s.outlet])].join(" \n "),
    ),
  );
  const outcome = (row) => (row.right === null ? "nothing to find" : row.right ? "right" : "wrong");

  function element(name, { text, ...attributes } = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    made.append(...children);
    return made;
  }

  /* ---- Which rows, in which order ---- */

  function value(id) {
    const control = byId(id);
    return control ? control.value : "";
  }

  function filtered() {
    const words = plain(value("search")).split(" ").filter(Boolean);
    const wanted = value("outcome");
    const bin = value("bin");
    const fits = (row, place) =>
      (!wanted || outcome(row) === wanted) &&
      (!bin || row.error === bin) &&
      words.every((word) => searched[place].includes(word));
    return rows.flatMap((row, place) => (fits(row, place) ? [place] : []));
  }

  function ordered(places) {
    const keys = {
      worst: (row) => row.score ?? Infinity,
      surest: (row) => -(row.sure ?? -Infinity),
      unsure: (row) => row.sure ?? -Infinity,
    };
    const key = keys[value("order")];
    if (!key) return places;
    const before = (a, b) => (a < b ? -1 : a > b ? 1 : 0); // infinities have no difference
    return places.sort((a, b) => before(key(rows[a]), key(rows[b])) || a - b);
  }

  function show() {
    found = ordered(filtered());
    drawn = 0;
    body.replaceChildren();
    const all = rows.length === 1 ? "1 question" : `${rows.length.toLocaleString("en")} questions`;
    byId("count").textContent =
      found.length === rows.length ? all : `${found.length.toLocaleString("en")} of ${all}`;
    byId("nothing").hidden = found.length > 0;
    more();
  }

  function more() {
    const next = found.slice(drawn, drawn + AT_ONCE);
    drawn += next.length;
    body.append(...next.map(line));
    const left = found.length - drawn;
    byId("more").hidden = left === 0;
    byId("more").textContent = `Show ${Math.min(left, AT_ONCE)} more`;
  }

  /* ---- A row, and what it opens ---- */

  function line(place) {
    const row = rows[place];
    const button = element(
      "button",
      { type: "button", class: "open", "aria-expanded": "false", dir: "auto" },
      row.question,
    );
    const golds = row.golds.length ? row.golds.join("; ") : null;
    const cells = [
      element("th", { scope: "row", role: "rowheader" }, button),
      cell("Accepted", golds ?? "no answer", golds === null),
      cell(body.dataset.said, row.said || "none", !row.said),
      cell(body.dataset.score, row.score_said, false, "number"),
    ];
    if (body.dataset.sure) cells.push(cell(body.dataset.sure, row.sure_said, false, "number"));
    const name = row.error ? row.error.replaceAll("_", " ") : outcome(row);
    const badge = element("span", { class: `badge ${outcome(row).replaceAll(" ", "-")}`, text: name });
    cells.push(element("td", { role: "cell", class: "outcome" }, badge));
    return element("tr", { role: "row", id: `q${place}`, "data-place": place }, ...cells);
  }

  function cell(label, text, missing, kind = "") {
    return element(
      "td",
      { role: "cell", class: kind, "data-label": label },
      element(missing ? "i" : "span", { text, dir: "auto" }),
    );
  }

  function toggle(tr) {
    const button = tr.querySelector(".open");
    const place = Number(tr.dataset.place);
    const opened = byId(`q${place}-more`);
    button.setAttribute("aria-expanded", String(!opened));
    tr.classList.toggle("opened", !opened);
    if (opened) {
      opened.remove();
      button.removeAttribute("aria-controls");
      return;
    }
    const inside = element("td", { role: "cell", colspan: tr.children.length }, ...detail(rows[place]));
    tr.after(element("tr", { role: "row", class: "detail", id: `q${place}-more` }, inside));
    button.setAttribute("aria-controls", `q${place}-more`);
  }

  function detail(row) {
    const accepted = row.golds.join("; ") || "there is no answer";
    const facts = [["Id", row.id], ["Accepted", accepted], ...row.facts].map(([label, text]) =>
      element("div", {}, element("dt", { text: label }), element("dd", {}, element("bdi", { text }))),
    );
    const shown = row.shown.map((each) => passage(each, row.given));
    if (!shown.length) shown.push(element("p", { class: "note", text: "It cited nothing, so there is no passage to show." }));
    return [element("dl", {}, ...facts), ...shown];
  }

  function passage(shown, given) {
    const head = element("header", {});
    if (shown.title) head.append(element("h3", { text: shown.title, dir: "auto" }));
    const meta = [shown.outlet, shown.note].filter(Boolean);
    if (meta.length) head.append(element("p", {}, ...meta.map((text) => element("bdi", { text }))));
    const quote = element("blockquote", { dir: "auto" }, ...marked(shown, given));
    return element("article", { class: "passage" }, head, quote);
  }

  /* Gold words wrap what lies in them; an answer that goes beyond them is marked in pieces. */
  function marked({ passage: place, marked: answer, golds }, given) {
    const text = passages[place];
    const pieces = [];
    let at = 0;
    for (const [start, end] of golds) {
      pieces.push(...answered(text, at, start, answer, given));
      pieces.push(element("span", { class: "gold" }, ...answered(text, start, end, answer, given)));
      at = end;
    }
    pieces.push(...answered(text, at, text.length, answer, given));
    return pieces;
  }

  function answered(text, start, end, answer, given) {
    const from = Math.max(start, answer ? answer[0] : end);
    const to = Math.min(end, answer ? answer[1] : start);
    if (from >= to) return [text.slice(start, end)];
    const mark = element("mark", { text: text.slice(from, to), ...(given ? {} : { class: "guess" }) });
    return [text.slice(start, from), mark, text.slice(to, end)];
  }

  /* ---- Coming from elsewhere on the page, or from a link with #q12 ---- */

  function reveal(place) {
    if (!(place in rows)) return;
    if (!found.includes(place)) clear();
    while (!byId(`q${place}`)) more();
    const tr = byId(`q${place}`);
    if (!byId(`q${place}-more`)) toggle(tr);
    tr.scrollIntoView({ block: "start", behavior: still.matches ? "auto" : "smooth" });
    tr.querySelector(".open").focus({ preventScroll: true });
  }

  function clear() {
    for (const control of controls) control.value = "";
    show();
  }

  function fromHash() {
    const hash = /^#q(\d+)$/.exec(location.hash);
    if (hash) reveal(Number(hash[1]));
  }

  byId("explorer").hidden = false;
  for (const link of document.querySelectorAll("a[data-row]")) {
    link.href = `#q${link.dataset.row}`;
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      history.pushState(null, "", link.getAttribute("href"));
      reveal(Number(link.dataset.row));
    });
  }
  for (const link of document.querySelectorAll("a[data-bin]")) {
    link.addEventListener("click", () => {
      for (const control of controls) control.value = "";
      byId("bin").value = link.dataset.bin;
      show();
    });
  }
  let waiting;
  for (const control of controls) {
    control.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(show, control.id === "search" ? 120 : 0);
    });
  }
  document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
  body.addEventListener("click", (event) => {
    const tr = event.target.closest("tr[data-place]");
    if (!tr) return;
    // Words in a row can be selected without opening it.
    if (event.target.closest(".open") || !String(getSelection())) toggle(tr);
  });
  byId("more").addEventListener("click", () => {
    const first = drawn;
    more();
    byId(`q${found[first]}`).querySelector(".open").focus();
  });
  byId("clear").addEventListener("click", () => {
    clear();
    byId("search").focus();
  });
  addEventListener("hashchange", fromHash);
  addEventListener("popstate", fromHash);
  show();
  fromHash();
})();
