/* Details: what is under the pointer, and all that is told of the place that was chosen. */
(function () {
  "use strict";

  const { el } = woda;

  /** Every field of a place, and the values that other shown layers hold of the same code. */
  function fields(sheet, item) {
    const pairs = [item.spec.value, ...item.spec.fields].map((field) => [field.heading, woda.told(item, field)]);
    const words = item.spec.kind === "areas" ? woda.classWords(item) : null;
    if (words && words !== pairs[0][1]) pairs.splice(1, 0, ["Class", words]);
    const code = item.spec.key && item.feature.properties[item.spec.key];
    if (!code) return pairs;
    pairs.unshift(["Code", code]);
    for (const drawn of new Set(sheet.views.flatMap((view) => view.shown))) {
      if (drawn.spec === item.spec || !drawn.spec.key) continue;
      const same = drawn.items.find((other) => other.feature.properties[drawn.spec.key] === code);
      const heading = drawn.spec.value.heading;
      if (same && !pairs.some(([told]) => told === heading)) pairs.push([heading, woda.told(same, drawn.spec.value)]);
    }
    return pairs;
  }

  function outline(item) {
    const group = L.featureGroup();
    const styles = [{ color: "#ffffff", weight: 6 }, { color: "#1d1a21", weight: 3 }];
    styles.forEach((style) => {
      const options = { ...style, fill: false, interactive: false, pane: "woda-chosen" };
      group.addLayer(item.bounds ? L.geoJSON(item.feature, { style: options, ...options })
        : L.circleMarker(item.middle, { ...options, radius: item.spec.kind === "points" ? 17 : (item.shape ? item.shape.getRadius() + 2 : 6) }));
    });
    return group;
  }

  woda.parts.push((sheet) => {
    const box = el("div", {});
    const hint = el("p", { class: "woda-hint" }, "Point at the map, press Enter on it, or find a place by its name.");
    box.append(hint);
    const section = sheet.section("Chosen place", box);
    section.classList.add("woda-details");
    sheet.panel.prepend(section);
    let marks = [];
    sheet.on("selected", (item, quiet) => {
      marks.forEach((mark) => mark.remove());
      marks = [];
      if (!item) {
        box.replaceChildren(hint);
        return;
      }
      const pairs = fields(sheet, item);
      box.replaceChildren(
        el("p", { class: "woda-name" }, woda.title(item)),
        el("dl", {}, pairs.map(([heading, value]) => el("div", {}, el("dt", {}, heading), el("dd", {}, value)))),
        el("button", { type: "button", onclick: () => { sheet.select(null); sheet.views[0].map.getContainer().focus(); } }, "Choose nothing"));
      if (!quiet) sheet.say([woda.title(item), ...pairs.map(([heading, value]) => `${heading}: ${value}`)].join(". "));
      sheet.views.forEach((view) => {
        if (!view.map.getPane("woda-chosen")) view.map.createPane("woda-chosen").style.zIndex = 450;
        view.map.getPane("woda-chosen").style.pointerEvents = "none";
        marks.push(outline(item).addTo(view.map));
      });
    });

    const tip = L.tooltip({ direction: "top", offset: [0, -8], className: "woda-tip", opacity: 1 });
    sheet.on("over", (view, item, event) => {
      if (!item || sheet.busy) return;
      const field = item.spec.value;
      tip.setContent(`<b></b><br><span></span>`).setLatLng(event.latlng);
      if (!view.map.hasLayer(tip)) tip.addTo(view.map);
      const drawn = tip.getElement();
      drawn.querySelector("b").textContent = woda.title(item);
      drawn.querySelector("span").textContent = `${field.heading}: ${woda.told(item, field)}`;
    });
    sheet.on("out", () => tip.remove());
    document.addEventListener("keydown", (event) => event.key === "Escape" && tip.remove());
  });
})();
