/* Search: a combobox over the names of areas and of points (WAI-ARIA Authoring Practices). */
(function () {
  "use strict";

  const { el } = woda;
  const MOST = 8;

  function plain(text) {
    return text.toLowerCase().normalize("NFD").replace(/[^a-z0-9 ]/g, "");
  }

  woda.parts.push((sheet) => {
    const seen = new Set();
    const known = [];
    sheet.views[0].drawn.forEach((drawn) => drawn.items.forEach((item) => {
      const code = item.spec.key ? String(item.feature.properties[item.spec.key] ?? "") : "";
      const told = woda.title(item);
      const once = item.spec.kind === "points" ? null : code || told;
      if (once && seen.has(once)) return; // one area in two layers is one place
      if (once) seen.add(once);
      if (item.spec.group === "kinds") return;
      known.push({ item, told, words: plain(told + " " + code) });
    }));
    if (!known.length) return;

    const id = woda.name("find");
    const list = el("ul", { role: "listbox", id: id + "-list", "aria-label": "Places found", hidden: true });
    const input = el("input", {
      id, type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false",
      "aria-controls": list.id, "aria-autocomplete": "list", oninput: look, onkeydown: key,
      onblur: () => setTimeout(close, 150),
    });
    sheet.tools.append(el("div", { class: "woda-search" }, el("label", { for: id }, "Find a place"), input, list));
    let found = [], active = -1;

    function look() {
      const wanted = plain(input.value.trim());
      found = wanted
        ? known.filter((one) => one.words.includes(wanted))
            .sort((a, b) => a.words.indexOf(wanted) - b.words.indexOf(wanted)).slice(0, MOST)
        : [];
      active = -1;
      input.removeAttribute("aria-activedescendant");
      list.replaceChildren(...found.map((one, place) =>
        el("li", { role: "option", id: `${id}-${place}`, "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); choose(place); } },
          el("span", {}, one.told), el("span", { class: "woda-count" }, one.item.spec.kind === "points" ? one.item.spec.name : "area"))));
      const open = found.length > 0;
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (wanted) sheet.say(open ? `${found.length} place${found.length > 1 ? "s" : ""} found; arrow down to choose.` : "No place is called so.");
    }
    function mark(place) {
      active = place;
      [...list.children].forEach((child, i) => child.setAttribute("aria-selected", String(i === place)));
      if (place >= 0) {
        input.setAttribute("aria-activedescendant", list.children[place].id);
        list.children[place].scrollIntoView({ block: "nearest" });
      }
    }
    function choose(place) {
      const one = found[place];
      if (!one) return;
      input.value = one.told;
      close();
      const shown = sheet.views[0].shown.find((drawn) => drawn.spec.key && drawn.items.some((item) =>
        item.feature.properties[drawn.spec.key] === one.item.feature.properties[one.item.spec.key]));
      const same = one.item.spec.kind !== "points" && shown && one.item.spec.key
        ? shown.items.find((item) => item.feature.properties[shown.spec.key] === one.item.feature.properties[one.item.spec.key]) : null;
      sheet.select(same || one.item, { move: true });
    }
    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      active = -1;
    }
    function key(event) {
      const { key } = event;
      if (key === "ArrowDown" || key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) look();
        if (!found.length) return;
        const step = key === "ArrowDown" ? 1 : -1;
        mark(active < 0 ? (step > 0 ? 0 : found.length - 1) : (active + step + found.length) % found.length);
      } else if (key === "Enter" && found.length && !list.hidden) {
        event.preventDefault();
        choose(Math.max(active, 0));
      } else if (key === "Escape") {
        if (list.hidden) input.value = "";
        close();
      }
    }
  });
})();
