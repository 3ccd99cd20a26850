/* The switch: which layers are shown. One of those that shade areas, any of those that lie over. */
(function () {
  "use strict";

  const { el } = woda;

  woda.parts.push((sheet) => {
    const ground = sheet.specs.filter((spec) => spec.group !== "over");
    const over = sheet.specs.filter((spec) => spec.group === "over");
    const first = ground.find((spec) => spec.shown);
    ground.forEach((spec) => (spec.shown = spec === first));
    if (sheet.specs.length < 2) return;
    const name = woda.name("ground");
    const state = el("p", { class: "woda-state", role: "status" });
    const option = (type, spec, checked) => {
      const input = el("input", { type, name, checked, value: spec ? spec.layer : "", onchange: changed });
      return el("label", {}, input, el("span", {}, spec ? spec.name : "None"));
    };
    const choices = [...ground.map((spec) => option("radio", spec, spec.shown)), ground.length ? option("radio", null, !first) : null].filter(Boolean);
    const boxes = over.map((spec) => option("checkbox", spec, spec.shown));
    const inputs = () => [...choices, ...boxes].map((label) => label.firstChild);

    function changed() {
      const wanted = inputs().filter((input) => input.checked).map((input) => input.value);
      sheet.views[0].show(sheet.specs.filter((spec) => wanted.includes(spec.layer)));
    }
    const fields = (legend, all) => all.length ? el("fieldset", {}, el("legend", {}, legend), all) : null;
    const section = sheet.section("Layers", fields("Areas show", choices), fields("Over them", boxes), state);
    section.classList.add("woda-switch");
    sheet.panel.append(section);
    sheet.on("wanted", (spec) => {
      const input = inputs().find((one) => one.value === spec.layer);
      if (input) input.checked = true;
      changed();
    });
    sheet.on("shown", (view) => {
      if (view !== sheet.views[0]) return;
      const names = view.shown.map((drawn) => drawn.spec.name);
      state.textContent = names.length ? "Shown: " + names.join("; ") + "." : "No layer is shown.";
      if (sheet.selected && !view.shown.some((drawn) => drawn.spec === sheet.selected.spec)) sheet.select(null);
    });
  });
})();
