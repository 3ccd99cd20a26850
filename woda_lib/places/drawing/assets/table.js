/* The table that says the same as the map: a layer's places, values and classes, in any order. */
(function () {
  "use strict";

  const { el } = woda;

  function columns(spec) {
    const made = [{ heading: "Place", text: woda.title, number: false }];
    if (spec.key) made.push({ heading: "Code", text: (item) => String(item.feature.properties[spec.key] ?? ""), number: false });
    [spec.value, ...spec.fields].forEach((field) => {
      const value = (item) => item.feature.properties[field.column];
      const number = spec.data.features.some((feature) => typeof feature.properties[field.column] === "number");
      made.push({ heading: field.heading, text: (item) => woda.told(item, field), value, number });
    });
    if (spec.kind === "areas" && spec.group !== "kinds") made.push({ heading: "Class on the map", text: woda.classWords, value: (item) => spec.class_of[item.index], number: false });
    return made;
  }

  /** Sort by a column, up or down; what has no value stands last either way. */
  function compare(column, up) {
    const value = column.value || column.text;
    return (a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x == null || y == null) return (x == null) - (y == null);
      const order = typeof x === "number" ? x - y : String(x).localeCompare(String(y), "en-GB", { numeric: true });
      return up ? order : -order;
    };
  }

  woda.parts.push((sheet) => {
    const id = woda.name("table");
    const select = el("select", { id, onchange: fill }, sheet.specs.map((spec) => el("option", { value: spec.layer }, spec.name)));
    const region = el("div", { class: "woda-scroll", role: "region", tabindex: 0, "aria-label": "The map as a table" });
    let sorted = { place: 0, up: true };

    function fill() {
      sorted = { place: 0, up: true };
      draw();
    }
    function draw() {
      const drawn = sheet.views[0].drawn.find((one) => one.spec.layer === select.value);
      const all = columns(drawn.spec);
      const items = drawn.items.slice().sort(compare(all[sorted.place], sorted.up));
      const heads = all.map((column, place) => {
        const here = sorted.place === place;
        return el("th", { scope: "col", class: column.number ? "woda-number" : null, "aria-sort": here ? (sorted.up ? "ascending" : "descending") : null },
          el("button", { type: "button", onclick: () => { sorted = { place, up: here ? !sorted.up : !column.number }; draw(); region.querySelectorAll("th button")[place].focus(); } },
            column.heading, el("span", { "aria-hidden": "true" }, here ? (sorted.up ? " ▲" : " ▼") : "")));
      });
      const body = items.map((item) => el("tr", {}, all.map((column, place) => place
        ? el("td", { class: column.number ? "woda-number" : null }, column.text(item))
        : el("th", { scope: "row" }, el("button", { type: "button", onclick: () => show(item) }, column.text(item))))));
      region.replaceChildren(el("table", {},
        el("caption", {}, `${drawn.spec.name}: ${items.length.toLocaleString("en-GB")} places`),
        el("thead", {}, el("tr", {}, heads)), el("tbody", {}, body)));
    }
    function show(item) {
      sheet.select(item, { move: true });
      sheet.frame.scrollIntoView({ block: "nearest" });
    }
    const details = el("details", { class: "woda-table", ontoggle: () => details.open && !region.firstChild && draw() },
      el("summary", {}, "The map as a table"),
      sheet.specs.length > 1 ? el("div", { class: "woda-row" }, el("label", { for: id }, "Layer"), select) : null, region);
    if (sheet.specs.length) sheet.under.append(details);
  });
})();
