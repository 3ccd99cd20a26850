// What a page can do beyond being read: theme, code, sorting, finding, the Tab key, the section being
// read, the way from a frozen copy to the site.
"use strict";
(() => {
  const root = document.documentElement;
  const themes = ["auto", "light", "dark"];

  // A private window may refuse storage; the choice then lasts for the page.
  const recalled = () => {
    try { return localStorage.getItem("woda-theme") || "auto"; } catch { return "auto"; }
  };
  const remember = (theme) => {
    try { localStorage.setItem("woda-theme", theme); } catch { /* see above */ }
  };
  const apply = (theme) => {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  apply(recalled()); // before the first paint

  function offerThemes(button) {
    let theme = recalled();
    const say = () => { button.textContent = `Theme: ${theme}`; };
    button.addEventListener("click", () => {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      apply(theme);
      remember(theme);
      say();
    });
    say();
    button.hidden = false;
  }

  function offerCode(button) {
    const folded = [...document.querySelectorAll("details.code")];
    button.addEventListener("click", () => {
      const show = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(show));
      for (const details of folded) details.open = show;
    });
    button.hidden = folded.length === 0;
  }

  // A cell sorts as a number, else as a date, else as text; withheld and empty cells come last.
  function sortKey(cell) {
    const text = (cell.dataset.v ?? cell.textContent).trim();
    if (text === "" || text === "[c]") return null;
    const bare = text.replace(/[,£%\s\u2060]/g, "").replace("\u2212", "-");
    if (bare !== "" && !Number.isNaN(Number(bare))) return Number(bare);
    if (/^(\d{1,2} )?[A-Z][a-z]{2,8} \d{4}$/.test(text)) {
      return Date.parse(/^\d/.test(text) ? text : `1 ${text}`);
    }
    return text;
  }
  function compare(one, other) {
    if (typeof one === "number" && typeof other === "number") return one - other;
    return String(one).localeCompare(String(other), "en-GB", { numeric: true });
  }

  // Each heading's button: smallest first, largest first, then the order of the report again.
  function offerSorting(table) {
    const heads = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    const original = [...body.rows];
    const next = { ascending: "descending", descending: null };
    heads.forEach((head, column) => {
      if (head.hasAttribute("data-nosort") || original.length < 2) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        const order = now ? next[now] : "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        if (order === null) { body.append(...original); return; }
        head.setAttribute("aria-sort", order);
        const keyed = original.map((row) => [sortKey(row.cells[column]), row]);
        const known = keyed.filter(([key]) => key !== null);
        const unknown = keyed.filter(([key]) => key === null);
        known.sort(([one], [other]) => compare(one, other) * (order === "ascending" ? 1 : -1));
        body.append(...[...known, ...unknown].map(([, row]) => row));
      });
    });
  }

  // A dictionary narrows to what is asked for: rows that say every word, in datasets that have any.
  // What stands in a dataset's head counts for each of its rows.
  function offerFinding(form) {
    const plain = (node) => (node ? node.textContent : "").toLowerCase().replace(/[_\s]+/g, " ");
    const entries = [...document.querySelectorAll("[data-entry]")].map((entry) => ({
      entry,
      head: plain(entry.querySelector("[data-head]")),
      rules: entry.querySelector("[data-rules]"),
      rows: [...entry.querySelectorAll("[data-row]")].map((row) => [row, plain(row)]),
    }));
    const groups = [...document.querySelectorAll("[data-group]")];
    const box = form.querySelector("input");
    const said = form.querySelector("[role='status']");
    const count = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;
    const find = () => {
      const words = box.value.toLowerCase().replace(/_/g, " ").split(/\s+/).filter(Boolean);
      let columns = 0;
      let datasets = 0;
      for (const { entry, head, rules, rows } of entries) {
        const missing = words.filter((word) => !head.includes(word));
        let shown = 0;
        for (const [row, text] of rows) {
          row.hidden = !missing.every((word) => text.includes(word));
          shown += row.hidden ? 0 : 1;
        }
        entry.hidden = shown === 0;
        if (rules) rules.hidden = missing.length > 0;
        columns += shown;
        datasets += entry.hidden ? 0 : 1;
      }
      for (const group of groups) {
        for (const link of group.querySelectorAll("a")) {
          link.parentElement.hidden = document.getElementById(link.hash.slice(1)).hidden;
        }
        group.hidden = !group.querySelector("li:not([hidden])");
      }
      if (words.length === 0) said.textContent = "";
      else if (datasets === 0) said.textContent = "Nothing here says that. Try fewer or shorter words.";
      else said.textContent = `${count(columns, "column")} of ${count(datasets, "dataset")}`;
    };
    box.addEventListener("input", find);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    if (box.value) find(); // a browser that goes back may remember what was typed
  }

  // Without this script every scroll region takes the Tab key; with it, only one that scrolls.
  function stopWhereItScrolls(region) {
    const check = () => {
      if (region.scrollWidth > region.clientWidth + 1) region.tabIndex = 0;
      else region.removeAttribute("tabindex");
    };
    new ResizeObserver(check).observe(region);
    check();
  }

  function markSectionBeingRead(contents) {
    const links = new Map();
    for (const link of contents.querySelectorAll("a[href^='#']")) {
      links.set(document.getElementById(link.hash.slice(1)), link);
    }
    const watch = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        for (const link of links.values()) link.removeAttribute("aria-current");
        links.get(target).setAttribute("aria-current", "true");
      }
    }, { rootMargin: "-10% 0px -75% 0px" });
    for (const section of links.keys()) if (section) watch.observe(section);
  }

  // What is long beside its text stays open where both fit side by side, and is folded elsewhere.
  function foldWhereItIsNarrow(details) {
    details.open = matchMedia("(min-width: 64rem)").matches;
  }

  // The page of a map is shut off in its frame, and says how tall it is: nobody scrolls in a frame.
  function growWithItsPage(frame) {
    addEventListener("message", ({ source, data }) => {
      if (source !== frame.contentWindow || !(data.height > 0)) return;
      frame.style.maxHeight = "none";
      frame.style.height = `${data.height + frame.offsetHeight - frame.clientHeight}px`;
    });
  }

  // A release holds reports byte for byte, two folders deeper than the run that they came from.
  function lengthenFromRelease(link) {
    if (!/\/releases\/[^/]+\/[^/]+\/files\/[^/]+$/.test(location.pathname)) return;
    link.setAttribute("href", `../../${link.getAttribute("href")}`);
  }

  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
  document.addEventListener("DOMContentLoaded", () => {
    each("[data-theme-switch]", offerThemes);
    each("[data-code-switch]", offerCode);
    each("table[data-sort]", offerSorting);
    each("[data-find]", offerFinding);
    each(".scroll, .cell", stopWhereItScrolls);
    each("[data-folds]", foldWhereItIsNarrow);
    each(".contents", markSectionBeingRead);
    each(".map .live", growWithItsPage);
    each("a[href^='../../site/']", lengthenFromRelease);
  });
})();
