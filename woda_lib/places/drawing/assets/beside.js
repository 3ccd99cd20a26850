/* Side by side: a second map of another layer, which moves with the first. */
(function () {
  "use strict";

  const { el } = woda;

  /** Copy the base map, and its names of places: what stands in their two panes. */
  function copyBase(from, to) {
    from.eachLayer((layer) => {
      const options = { ...layer.options, renderer: undefined };
      if (!["base", "names"].includes(options.pane)) return;
      if (!to.getPane(options.pane)) {
        to.createPane(options.pane).style.cssText = from.getPane(options.pane).style.cssText;
      }
      if (layer instanceof L.Polygon) L.polygon(layer.getLatLngs(), options).addTo(to);
      else if (layer instanceof L.Marker && layer.getElement()) copyName(layer, options, from, to);
    });
  }

  /** Copy a name, and hide it wherever the first map hides its own. */
  function copyName(layer, options, from, to) {
    const icon = { ...layer.options.icon.options, html: layer.getElement().innerHTML };
    const made = L.marker(layer.getLatLng(), { ...options, icon: L.divIcon(icon) }).addTo(to);
    const follow = () => {
      const [old, copy] = [layer, made].map((one) => one.getElement() && one.getElement().firstElementChild);
      if (old && copy) copy.style.visibility = old.style.visibility;
    };
    to.on("zoomend moveend", follow);
  }

  /** What a map is called beside another: by what shades its areas. */
  woda.shows = (view) => {
    const ground = view.shown.find((drawn) => drawn.spec.group !== "over");
    return ground ? ground.spec.name : view.shown.map((drawn) => drawn.spec.name).join("; ") || "No layer is shown";
  };

  woda.parts.push((sheet) => {
    const grounds = sheet.specs.filter((spec) => spec.group !== "over");
    if (grounds.length < 2) return;
    const id = woda.name("beside");
    const select = el("select", { id, onchange: () => set(select.value) },
      el("option", { value: "" }, "one map"), grounds.map((spec) => el("option", { value: spec.layer }, spec.name)));
    sheet.tools.append(el("div", { class: "woda-beside" }, el("label", { for: id }, "Beside it"), select));
    const legends = el("div", {});
    let second = null, frame = null, moving = false, parted = [];

    function follow(from, to) {
      const moved = () => {
        if (moving) return;
        moving = true;
        try {
          to.setView(from.getCenter(), from.getZoom(), { animate: false });
        } finally {
          moving = false;
        }
      };
      from.on("move zoomend", moved);
      return () => from.off("move zoomend", moved);
    }
    /** Above each of two maps and its legend stands what it shows. */
    function entitle() {
      sheet.views.forEach((view, i) => {
        view.frame.querySelector(".woda-which")?.remove();
        const heading = sheet.root.querySelectorAll(".woda-legends h2")[i];
        if (second) view.frame.prepend(el("h2", { class: "woda-which" }, woda.shows(view)));
        heading.textContent = second ? "Legend: " + woda.shows(view) : "Legend";
      });
    }
    function open() {
      const first = sheet.views[0].map;
      const box = el("div", { class: "folium-map woda-second" });
      frame = el("div", { class: "woda-frame" }, box);
      sheet.maps.append(frame);
      sheet.root.classList.add("woda-two");
      const map = L.map(box, { zoomControl: false, center: first.getCenter(), zoom: first.getZoom(), zoomSnap: 0.25 });
      map.wodaZoom = first.wodaZoom;
      sheet.dress(map, "the one beside");
      copyBase(first, map);
      second = new woda.View(sheet, map, frame);
      sheet.views.push(second);
      sheet.keys(second);
      parted = [follow(first, map), follow(map, first)];
    }
    function set(layer) {
      const spec = grounds.find((one) => one.layer === layer);
      select.value = layer;
      if (!spec && second) {
        parted.forEach((part) => part()); // or a map that is gone would be moved
        sheet.views.pop();
        second.map.remove();
        frame.remove();
        section.hidden = true;
        sheet.root.classList.remove("woda-two");
        second = null;
      } else if (spec) {
        if (!second) open();
        second.show([spec]);
        second.map.getContainer().setAttribute("aria-label", "Map beside: " + spec.name);
        legends.replaceChildren(...woda.legend(second));
        section.hidden = false;
      }
      entitle();
      sheet.views.forEach((view) => view.map.invalidateSize({ animate: false }));
      sheet.views[0].map.fitBounds(sheet.home, { animate: false, padding: [6, 6] });
      if (second) sheet.views[0].map.fire("move");
      sheet.say(spec ? `Two maps that move together; the second shows ${spec.name}.` : "One map.");
    }
    const section = sheet.section("Legend of the second map", legends);
    section.classList.add("woda-legends");
    section.hidden = true;
    sheet.panel.append(section);
    sheet.on("shown", () => second && entitle());
    sheet.on("opened", () => {
      const wanted = sheet.about.beside;
      if (!wanted) return;
      const [one, other] = wanted.map((name) => grounds.find((spec) => spec.name === name));
      sheet.tell("wanted", one);
      set(other.layer);
      sheet.live.textContent = "";
    });
  });
})();
