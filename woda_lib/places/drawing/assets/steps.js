/* Steps: from place to place by arrow keys, so that a map is one stop of the Tab key and no trap. */
(function () {
  "use strict";

  const { el } = woda;
  const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

  /** What can be stepped to: shapes and markers in sight, and clusters, each with its pixel. */
  function stops(view) {
    const { map } = view;
    const sight = map.getBounds();
    const made = [];
    view.shown.forEach((drawn) => {
      if (drawn.spec.group === "over" && drawn.spec.kind === "areas") return;
      const clusters = new Set();
      drawn.items.forEach((item) => {
        const parent = drawn.leaflet.getVisibleParent && drawn.leaflet.getVisibleParent(item.shape);
        if (parent && parent !== item.shape) clusters.add(parent);
        else if (sight.contains(item.middle)) made.push({ item, at: map.latLngToContainerPoint(item.middle) });
      });
      clusters.forEach((cluster) => {
        if (sight.contains(cluster.getLatLng())) made.push({ cluster, drawn, at: map.latLngToContainerPoint(cluster.getLatLng()) });
      });
    });
    return made;
  }

  /** The stop nearest in a direction: what lies aside costs twice. */
  function towards(all, from, [dx, dy]) {
    let best = null, least = Infinity;
    for (const stop of all) {
      const x = stop.at.x - from.x, y = stop.at.y - from.y;
      const along = x * dx + y * dy, aside = Math.abs(x * dy - y * dx);
      if (along < 1 || aside > along * 2) continue;
      const cost = along + 2 * aside;
      if (cost < least) [best, least] = [stop, cost];
    }
    return best;
  }

  woda.parts.push((sheet) => {
    const id = woda.name("keys");
    sheet.maps.after(el("p", { class: "woda-keys", id },
      "On the map, arrow keys move and + and − zoom. Enter steps into places; arrows then go from one to the next; Escape leaves."));
    sheet.keys = (view) => {
      const box = view.map.getContainer();
      box.setAttribute("aria-describedby", id);
      let here = null;
      const ring = L.circleMarker(view.map.getCenter(), { radius: 24, color: "#1d1a21", weight: 3, fill: false, interactive: false });
      function go(stop) {
        if (!stop) {
          sheet.say("Nothing further that way.");
          return;
        }
        here = stop;
        ring.remove();
        if (stop.item) sheet.select(stop.item);
        else {
          sheet.select(null);
          ring.setLatLng(stop.cluster.getLatLng()).addTo(view.map);
          sheet.say(`${stop.cluster.getChildCount()} of ${stop.drawn.spec.name} here. Enter zooms in.`);
        }
        if (!view.map.getBounds().pad(-0.1).contains((stop.item || {}).middle || stop.cluster.getLatLng())) {
          view.map.panTo((stop.item || {}).middle || stop.cluster.getLatLng(), { animate: false });
        }
      }
      function leave() {
        here = null;
        ring.remove();
        view.map.keyboard.enable();
        box.classList.remove("woda-stepping");
      }
      box.addEventListener("keydown", (event) => {
        if (sheet.busy || event.target !== box) return;
        if (event.key === "Enter" && !here) {
          event.preventDefault();
          const middle = view.map.getSize().divideBy(2);
          const all = stops(view);
          if (!all.length) return sheet.say("Nothing to step to is in sight.");
          view.map.keyboard.disable();
          box.classList.add("woda-stepping");
          go(all.reduce((a, b) => (a.at.distanceTo(middle) <= b.at.distanceTo(middle) ? a : b)));
        } else if (event.key === "Enter" && here.cluster) {
          event.preventDefault();
          const at = here.cluster.getLatLng();
          const children = here.cluster.getAllChildMarkers();
          view.map.fitBounds(here.cluster.getBounds().pad(0.2), { animate: false, maxZoom: 18 });
          leave();
          if (view.map.getZoom() >= 18 && here === null) sheet.select(children[0].woda);
          sheet.say("Zoomed in. Enter steps into places again.");
          view.map.panTo(at, { animate: false });
        } else if (here && ARROWS[event.key]) {
          event.preventDefault();
          const from = view.map.latLngToContainerPoint(here.item ? here.item.middle : here.cluster.getLatLng());
          go(towards(stops(view), from, ARROWS[event.key]));
        } else if (event.key === "Escape" && here) {
          leave();
          sheet.select(null);
          sheet.say("Left the places; arrows move the map.");
        }
      });
      box.addEventListener("focusout", leave);
    };
    sheet.keys(sheet.views[0]);
  });
})();
