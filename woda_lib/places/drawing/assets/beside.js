/* Side by side: a second map of another layer, which moves with the first. */
(function () {
  "use strict";

  const { el } = woda;

  /** Copy what others drew on the first map: its base and its names of places. */
  function copyBase(from, to, ours) {
    from.eachLayer((layer) => {
      if (ours.has(layer) || layer.woda || layer instanceof L.LayerGroup || layer instanceof L.Renderer) return;
      if (layer.options.interactive && layer instanceof L.Path) return;
      const options = { ...layer.options, renderer: undefined };
      if (options.pane && !to.getPane(options.pane)) {
        to.createPane(options.pane).style.cssText = from.getPane(options.pane).style.cssText;
      }
      if (layer instanceof L.Polygon) L.polygon(layer.getLatLngs(), options).addTo(to);
      else if (layer instanceof L.Polyline) L.polyline(layer.getLatLngs(), options).addTo(to);
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

  woda.parts.push((sheet) => {
    const grounds = sheet.specs.filter((spec) => spec.group !== "over");
    if (grounds.length < 2) return;
    const id = woda.name("beside");
    const select = el("select", { id, onchange: () => set(select.value) },
      el("option", { value: "" }, "one map"), grounds.map((spec) => el("option", { value: spec.layer }, spec.name)));
    sheet.tools.append(el("div", { class: "woda-beside" }, el("label", { for: id }, "Beside it"), select));
    const legends = el("div", {});
    let second = null, frame = null, moving = false;

    function follow(from, to) {
      from.on("move zoomend", () => {
        if (moving) return;
        moving = true;
        to.setView(from.getCenter(), from.getZoom(), { animate: false });
        moving = false;
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
      const ours = new Set(sheet.views[0].drawn.map((drawn) => drawn.leaflet));
      copyBase(first, map, ours);
      second = new woda.View(sheet, map, frame);
      sheet.views.push(second);
      sheet.keys(second);
      follow(first, map);
      follow(map, first);
    }
    function set(layer) {
      const spec = grounds.find((one) => one.layer === layer);
      select.value = layer;
      if (!spec && second) {
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
      sheet.views.forEach((view) => view.map.invalidateSize({ animate: false }));
      sheet.views[0].map.fitBounds(sheet.home, { animate: false, padding: [6, 6] });
      if (second) sheet.views[0].map.fire("move");
      sheet.say(spec ? `Two maps that move together; the second shows ${spec.name}.` : "One map.");
    }
    const section = sheet.section("Legend of the second map", legends);
    section.classList.add("woda-legends");
    section.hidden = true;
    sheet.panel.append(section);
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
