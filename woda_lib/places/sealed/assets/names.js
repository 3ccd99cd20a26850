// Writes place names on a map, and keeps those apart that would lie over each other: the first wins.
function placeNames(map, names, pane) {
  const labels = names.map(([name, kind, lat, lon]) => {
    const label = document.createElement("span");
    label.className = `place ${kind}`;
    label.textContent = name;
    const icon = L.divIcon({className: "", iconSize: [0, 0], html: label});
    L.marker([lat, lon], {icon, pane, interactive: false, keyboard: false}).addTo(map);
    return label;
  });
  const part = () => {
    const kept = [];
    for (const label of labels) {
      const box = label.getBoundingClientRect();
      const hidden = kept.some(other => box.left < other.right && other.left < box.right &&
        box.top < other.bottom && other.top < box.bottom);
      label.style.visibility = hidden ? "hidden" : "";
      if (!hidden) kept.push(box);
    }
  };
  map.on("zoomend viewreset resize", part);
  map.whenReady(part);
}
