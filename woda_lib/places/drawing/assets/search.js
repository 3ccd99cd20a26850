/* Search: a combobox over the names of areas and of points (WAI-ARIA Authoring Practices). */
(function () {
  "use strict";

  const { el } = woda;
  const MOST = 8;

  function plain(text) {
    return text.toLowerCase().normalize("NFD").replace(/[^a-z0-9 ]/g, "");
  }

  const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

  /** Sectors that begin as was typed, and the units of one that was typed in full. */
  function postcodes(held, wanted) {
    const typed = wanted.toUpperCase();
    if (!held || !/^[A-Z]{1,2}\d/.test(typed)) return [];
    const as = (code) => (typed.includes(" ") ? code : code.replace(" ", ""));
    const units = (sector) => LETTERS.flatMap((one) => LETTERS.map((two) => sector + one + two))
      .map((code) => ({ told: code, metres: woda.incident.unpacked(held, code.replace(" ", "")) })).filter((unit) => unit.metres);
    const place = (told, all) => ({
      told, what: all.length > 1 ? "postcodes" : "postcode", zoom: all.length > 1 ? 13 : 15,
      at: () => woda.grid.at(...[0, 1].map((i) => all.reduce((sum, unit) => sum + unit.metres[i], 0) / all.length)),
    });
    return Object.keys(held).sort().flatMap((sector) => {
      const code = as(sector);
      const there = code.startsWith(typed) || typed.startsWith(code) ? units(sector) : [];
      const begun = typed.startsWith(code) ? there.filter((unit) => as(unit.told).startsWith(typed)).map((unit) => place(unit.told, [unit])) : [];
      return code.startsWith(typed) ? [place(sector, there), ...begun] : begun;
    });
  }

  woda.parts.push((sheet) => {
    const held = sheet.about.incident?.postcodes;
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
    /* What the base map names, where no layer has it, is a place of no layer: it is shown, not chosen. */
    sheet.views[0].map.eachLayer((layer) => {
      if (layer.options.pane !== "names" || !layer.getElement) return;
      const told = layer.getElement().textContent.trim(), words = plain(told);
      if (!told || known.some((one) => one.words === words || plain(one.told) === words)) return;
      const zoom = layer.getElement().querySelector(".district") ? 11 : 13;
      known.push({ told, words, what: "place", zoom, at: () => layer.getLatLng() });
    });
    if (!known.length) return;

    const id = woda.name("find");
    const list = el("ul", { role: "listbox", id: id + "-list", "aria-label": "Places found", hidden: true });
    const told = el("p", { class: "woda-hint" });
    const box = el("div", { class: "woda-found", hidden: true }, list, told);
    const input = el("input", {
      id, type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false",
      "aria-controls": list.id, "aria-autocomplete": "list", oninput: look, onkeydown: key,
      onblur: () => setTimeout(close, 150),
    });
    sheet.tools.append(el("div", { class: "woda-search" }, el("label", { for: id }, "Find a place"), input, box));
    let found = [], active = -1;
    const tip = L.tooltip({ direction: "top", className: "woda-tip", opacity: 1, permanent: true });
    sheet.on("selected", () => tip.remove());

    function look() {
      const wanted = plain(input.value.trim());
      const all = wanted
        ? [...known.filter((one) => one.words.includes(wanted))
            .sort((a, b) => a.words.indexOf(wanted) - b.words.indexOf(wanted) || a.told.localeCompare(b.told, "en-GB", { numeric: true })),
          ...postcodes(held, wanted)]
        : [];
      found = all.slice(0, MOST);
      active = -1;
      input.removeAttribute("aria-activedescendant");
      list.replaceChildren(...found.map((one, place) =>
        el("li", { role: "option", id: `${id}-${place}`, "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); choose(place); } },
          el("span", {}, one.told), el("span", { class: "woda-count" }, one.what || (one.item.spec.kind === "points" ? one.item.spec.name : "area")))));
      const open = found.length > 0;
      list.hidden = !open;
      box.hidden = !wanted;
      input.setAttribute("aria-expanded", String(open));
      const most = all.length > MOST ? `The first ${MOST} of ${all.length.toLocaleString("en-GB")}` : "";
      told.textContent = open ? most : "No place is called so.";
      told.hidden = !told.textContent;
      if (wanted) sheet.say(open ? `${most || found.length + " place" + (found.length > 1 ? "s" : "")} found; arrow down to choose.` : told.textContent);
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
      if (one.at) {
        const { map } = sheet.views[0], at = one.at();
        sheet.select(null);
        map.setView(at, Math.max(map.getZoom(), one.zoom), { animate: false });
        tip.setContent(one.told).setLatLng(at).addTo(map);
        return sheet.say(`The map shows ${one.told}.`);
      }
      const shown = sheet.views[0].shown.find((drawn) => drawn.spec.key && drawn.items.some((item) =>
        item.feature.properties[drawn.spec.key] === one.item.feature.properties[one.item.spec.key]));
      const same = one.item.spec.kind !== "points" && shown && one.item.spec.key
        ? shown.items.find((item) => item.feature.properties[shown.spec.key] === one.item.feature.properties[one.item.spec.key]) : null;
      sheet.select(same || one.item, { move: true });
    }
    function close() {
      list.hidden = box.hidden = true;
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
