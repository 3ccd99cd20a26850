// What a page can do beyond being read: theme, code, sorting, the Tab key, the section being read,
// the way from a frozen copy to the site.
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
    const bare = text.replace(/[,£%\s]/g, "").replace("\u2212", "-");
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
    each(".scroll, .cell", stopWhereItScrolls);
    each(".contents", markSectionBeingRead);
    each("a[href^='../../site/']", lengthenFromRelease);
  });
})();
