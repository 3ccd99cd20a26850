// Shows the whole county, and again when the window changes, until a reader has moved the map.
function frameCounty(map, bounds) {
  const show = () => map.fitBounds(bounds, {animate: false, padding: [12, 12]});
  let moved = false;
  show();
  map.getContainer().addEventListener("pointerdown", () => { moved = true; });
  map.getContainer().addEventListener("wheel", () => { moved = true; }, {passive: true});
  map.getContainer().addEventListener("keydown", () => { moved = true; });
  map.on("resize", () => { if (!moved) show(); });
}
