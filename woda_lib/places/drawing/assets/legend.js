/* The legend: what each shade, pattern, letter and circle means, and how many there are of it. */
(function () {
  "use strict";

  const { el } = woda;

  /** What the legend says of a layer: its heading and rows, for the page and for a picture. */
  function rows(drawn) {
    const { spec } = drawn;
    if (spec.kind === "circles") {
      const made = spec.examples.map((value) => ({
        circle: spec.largest * Math.sqrt(value / spec.most), fill: spec.fill,
        label: woda.written(value, spec.value),
      }));
      if (spec.lost.length) made.push({ circle: 4, fill: "#ffffff", dashed: true, label: spec.withheld, count: spec.lost.length });
      return made;
    }
    const counts = spec.classes.map(() => 0);
    spec.class_of.forEach((place) => counts[place]++);
    return spec.classes.map((look, place) => ({ ...look, count: counts[place] }));
  }

  function words(row) {
    return row.label.replace(/_/g, " ");
  }

  function swatch(row) {
    if (row.letter) return el("span", { class: "woda-letter", style: `background:${row.fill}`, "aria-hidden": "true" }, row.letter);
    const sign = el("span", { class: "woda-swatch", "aria-hidden": "true" });
    if (row.circle) {
      const side = Math.max(2 * row.circle + 2, 10);
      sign.className = "woda-size";
      sign.innerHTML = `<svg width="${side}" height="${side}"><circle cx="${side / 2}" cy="${side / 2}" r="${Math.max(row.circle, 2)}" ` +
        `fill="${row.fill}" fill-opacity="0.82" ${row.dashed ? 'stroke="#85808a" stroke-dasharray="2 2"' : ""}/></svg>`;
    } else {
      sign.innerHTML = `<svg width="30" height="18"><rect x="0.5" y="0.5" width="29" height="17" ` +
        `fill="${woda.patterns.fill(row.fill, row.hatch)}" stroke="#85808a"/></svg>`;
    }
    return sign;
  }

  function legend(view) {
    const shown = view.shown;
    if (!shown.length) return [el("p", {}, "No layer is shown.")];
    return shown.map((drawn) => {
      const { spec } = drawn;
      const what = spec.kind === "areas" && spec.group !== "over";
      const made = rows(drawn);
      const counted = spec.kind === "points" || (what && made.some((row) => row.count !== 1)); // each its own: no news
      const list = made.map((row) =>
        el("li", {}, swatch(row), el("span", {}, words(row)),
          row.count != null && (counted || row.dashed)
            ? el("span", { class: "woda-count" }, row.count.toLocaleString("en-GB")) : null));
      return el("div", { class: "woda-legend" },
        el("h3", {}, spec.value.heading,
          counted ? el("span", { class: "woda-count" }, spec.kind === "points" ? "how many" : "areas") : null),
        el("ul", {}, list),
        spec.source || spec.date
          ? el("p", { class: "woda-source" }, [spec.source, spec.date].filter(Boolean).join(", ")) : null);
    });
  }

  woda.legendRows = rows;
  woda.legendWords = words;
  woda.legend = legend;
  woda.parts.push((sheet) => {
    const box = el("div", {});
    const section = sheet.section("Legend", box);
    section.classList.add("woda-legends");
    sheet.panel.append(section);
    sheet.on("shown", (view) => {
      if (view === sheet.views[0]) box.replaceChildren(...legend(view));
    });
  });
})();
