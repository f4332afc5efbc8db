/* The report beside the chat: cited answers, put in order and taken along as a file.

   It lives in this browser alone; the server only turns it into files and checks it. */
"use strict";

(() => {
  const { announce, recall, remember, said, toast } = footnote;
  const FORMS = [
    [".docx", "Word"],
    [".pdf", "PDF"],
    [".html", "HTML"],
    [".md", "Markdown"],
    [".yaml", "Report file"],
    ["bibtex", "BibTeX", ".bib"],
    ["ris", "RIS", ".ris"],
    ["csl-json", "CSL JSON", ".json"],
    ["text", "References", ".txt"],
  ];
  const STYLES = [
    ["apa", "APA"],
    ["chicago-notes", "Chicago"],
    ["mla", "MLA"],
    ["harvard", "Harvard"],
    ["ieee", "IEEE"],
  ];

  const empty = () => ({ title: "", style: "apa", note: "", items: [] });
  const read = () => ({ ...empty(), ...recall("report", {}) });
  const byId = (id) => document.getElementById(id);

  function write(report) {
    if (!remember("report", report)) {
      toast(said("This browser has no room for more: export the report, and begin another."));
      return false;
    }
    drawCount(report);
    return true;
  }

  /* ---- Elements, made of text alone ---- */

  function element(name, attributes = {}, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key in made && typeof value !== "string") made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...inside);
    return made;
  }

  const button = (words, attributes) => element("button", { type: "button", ...attributes }, words);

  function field(words, control) {
    const id = `fn-report-${control.name}`;
    control.id = id;
    return element("p", { class: "fn-field" }, element("label", { for: id }, words), control);
  }

  /* A day as the page's language writes it; what is none as it is. */
  function dayWords(iso) {
    const [year, month, day] = iso.slice(0, 10).split("-").map(Number);
    if (!day) return iso;
    const format = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, { dateStyle: "long" });
    return format.format(new Date(year, month - 1, day));
  }

  /* ---- Drawing ---- */

  function drawCount(report) {
    const tab = byId("fn-tab-report");
    if (!tab) return;
    const { length } = report.items;
    tab.textContent = length ? `${said("Report")} (${length})` : said("Report");
  }

  function draw() {
    const place = byId("fn-report");
    if (!place) return;
    const report = read();
    drawCount(report);
    const head = element("header", {}, element("h2", {}, said("Report")));
    if (!report.items.length) {
      head.append(element("p", {}, said("“Cite” puts an answer here, with its words and where they stand.")));
      place.replaceChildren(head);
      return;
    }
    const title = element("input", { name: "title", type: "text", maxlength: "300", placeholder: said("Untitled report") });
    title.value = report.title;
    const note = element("textarea", { name: "note", rows: "2" });
    note.value = report.note;
    place.replaceChildren(
      head,
      field(said("Title"), title),
      field(said("Note before it all"), note),
      element("ol", { class: "fn-items-cited" }, ...report.items.map((item, n) => drawItem(item, n, report.items.length))),
      drawExport(report),
    );
  }

  function drawItem(item, n, count) {
    const note = element("textarea", { name: `note-${n}`, rows: "1", "data-note": String(n), placeholder: said("Your note") });
    note.value = item.note ?? "";
    note.setAttribute("aria-label", said("Note on item {n}", { n: n + 1 }));
    const cited = item.citations?.[(item.cited?.[0] ?? 1) - 1];
    const where = cited ? [element("bdi", {}, cited.source || cited.title)] : [];
    if (cited?.published) where.push(`, ${dayWords(cited.published)}`);
    const values = (item.claims ?? []).map((claim) => claim.words).join(", ");
    const disagree = item.status === "conflict" ? [element("p", { class: "fn-credit" }, said("sources disagree: {values}", { values }))] : [];
    const move = (by, words, sign) =>
      button(sign, { "data-move": String(n), "data-by": String(by), "aria-label": said(words, { n: n + 1 }), disabled: n + by < 0 || n + by >= count });
    return element(
      "li",
      { "data-testid": "report-item" },
      element("p", { class: "fn-asked", dir: "auto" }, item.question),
      element("p", { class: "fn-said-there", dir: "auto" }, item.answer || said("The articles do not say.")),
      element("p", { class: "fn-credit" }, ...where),
      ...disagree,
      note,
      element(
        "p",
        { class: "fn-tools" },
        move(-1, "Move item {n} up", "↑"),
        move(1, "Move item {n} down", "↓"),
        button(said("Remove"), { "data-remove": String(n), "aria-label": said("Remove item {n}", { n: n + 1 }) }),
      ),
    );
  }

  function drawExport(report) {
    const style = element("select", { name: "style" }, ...STYLES.map(([value, words]) => element("option", { value }, words)));
    style.value = report.style;
    return element(
      "div",
      { class: "fn-export" },
      field(said("Style of citing"), style),
      element("p", { class: "fn-tools" }, ...FORMS.map(([form, words]) => button(words, { "data-export": form }))),
      element(
        "p",
        { class: "fn-tools" },
        button(said("Check every quotation"), { "data-verify": "" }),
        button(said("Empty the report"), { "data-empty": "" }),
      ),
      element("ul", { class: "fn-verdicts", id: "fn-verdicts", "aria-live": "polite" }),
    );
  }

  /* ---- Doing ---- */

  function cite(turn) {
    const report = read();
    const item = JSON.parse(turn.dataset.item);
    if (!write({ ...report, items: [...report.items, item] })) return;
    draw();
    toast(said("Put into the report."), said("Show"), () => byId("fn-tab-report").click());
  }

  function change(changed) {
    write({ ...read(), ...changed });
  }

  function move(n, by) {
    const { items } = read();
    const [item] = items.splice(n, 1);
    items.splice(n + by, 0, item);
    change({ items });
    draw();
    const moved = document.querySelectorAll("[data-testid=report-item]")[n + by];
    (moved.querySelector(`[data-by="${by}"]:not(:disabled)`) ?? moved.querySelector("[data-move]:not(:disabled)"))?.focus();
    announce(said("Item {n} is now item {m}", { n: n + 1, m: n + by + 1 }));
  }

  function remove(n) {
    const { items } = read();
    const [item] = items.splice(n, 1);
    change({ items });
    draw();
    toast(said("Removed from the report."), said("Undo"), () => {
      const now = read().items;
      now.splice(n, 0, item);
      change({ items: now });
      draw();
    });
  }

  function clear() {
    const before = read();
    write(empty());
    draw();
    toast(said("The report is empty."), said("Undo"), () => {
      write(before);
      draw();
    });
  }

  const whole = () => {
    const report = read();
    return { footnote_report: 1, ...report, title: report.title.trim() || said("Untitled report") };
  };

  async function exported(form) {
    const [, , ending] = FORMS.find(([each]) => each === form);
    try {
      const response = await footnote.post("/api/report", { report: whole(), form });
      const address = URL.createObjectURL(await response.blob());
      const name = whole().title.replace(/[^\p{L}\p{N} _-]+/gu, "").trim().slice(0, 80) || "report";
      element("a", { href: address, download: `${name}${ending ?? form}` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    } catch (error) {
      toast(error.message);
    }
  }

  /* What has become of a quotation: the words gone and come, and the article as it is now. */
  function drawVerdict({ status, explanation, record, diff, article_id, place }) {
    const line = element("li", { dir: "auto" }, `“${record.quote}” (`, element("bdi", {}, record.title), `): ${said(status)}. ${explanation}.`);
    if (diff.length) {
      const changed = diff.map(({ kind, text }) => (kind === "same" ? text : element(kind === "removed" ? "del" : "ins", {}, text)));
      line.append(element("blockquote", {}, ...changed));
    }
    if (article_id && status !== "gone") {
      const at = place ? `?start=${place.start}&end=${place.end}#cited` : "";
      line.append(" ", element("a", { href: `/article/${encodeURIComponent(article_id)}${at}`, target: "_blank", rel: "noopener" }, said("Whole article")));
    }
    return line;
  }

  async function verify() {
    const place = byId("fn-verdicts");
    const { items } = read();
    const citations = items.flatMap((item) => item.citations ?? []);
    try {
      const { verdicts } = await (await footnote.post("/api/verify", { citations })).json();
      const wrong = verdicts.filter((verdict) => verdict.status !== "intact");
      const lines = wrong.map(drawVerdict);
      const summary = wrong.length
        ? said("{n} of {all} quotations are not as they were cited:", { n: wrong.length, all: verdicts.length })
        : said("All {n} quotations stand as they were cited.", { n: verdicts.length });
      place.replaceChildren(element("li", {}, summary), ...lines);
    } catch (error) {
      toast(error.message);
    }
  }

  document.addEventListener("click", ({ target }) => {
    const pressed = target.closest?.("button");
    if (!pressed) return;
    const { dataset } = pressed;
    if ("cite" in dataset) cite(pressed.closest("article"));
    else if (dataset.move) move(Number(dataset.move), Number(dataset.by));
    else if (dataset.remove) remove(Number(dataset.remove));
    else if (dataset.export) exported(dataset.export);
    else if ("verify" in dataset) verify();
    else if ("empty" in dataset) clear();
  });

  document.addEventListener("input", ({ target }) => {
    if (!target.closest?.("#fn-report")) return;
    const { name, value, dataset } = target;
    if (dataset.note) {
      const { items } = read();
      items[Number(dataset.note)].note = value;
      change({ items });
    } else if (["title", "note", "style"].includes(name)) change({ [name]: value });
  });

  /* Another tab of this browser has changed it. */
  addEventListener("storage", ({ key }) => {
    if (key === "footnote.report") draw();
  });

  // The panel is drawn again by the server where it speaks another language.
  new MutationObserver(() => {
    if (byId("fn-report") && !byId("fn-report").firstChild) draw();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
