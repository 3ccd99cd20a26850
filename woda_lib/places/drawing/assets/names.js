/* Names of places step aside for markers: each goes where it covers nothing, or is left out. */
(function () {
  "use strict";

  const MARKS = ".woda-point, .woda-cluster, .leaflet-control";
  const SIDES = [[0, 0], [0, -1.9], [0.62, -0.55], [-0.62, -0.55], [0, 0.9], [0, -2.9]]; // of its width, and height

  function meet(a, b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  }

  function part(box) {
    const frame = box.getBoundingClientRect();
    const taken = [...box.querySelectorAll(MARKS)].map((mark) => mark.getBoundingClientRect());
    box.querySelectorAll(".place").forEach((name) => {
      name.style.marginLeft = name.style.marginTop = "";
      name.style.opacity = "";
      name.classList.remove("woda-aside");
      if (name.style.visibility === "hidden") return;
      const { width, height } = name.getBoundingClientRect();
      const free = SIDES.find(([x, y]) => {
        name.style.marginLeft = `${x * (width + 34)}px`;
        name.style.marginTop = `${y * height}px`;
        const there = name.getBoundingClientRect();
        const inside = there.left > frame.left && there.right < frame.right && there.top > frame.top;
        return inside && !taken.some((other) => meet(there, other));
      });
      if (!free) name.style.opacity = 0;
      else taken.push(name.getBoundingClientRect());
      name.classList.toggle("woda-aside", Boolean(free && (free[0] || free[1])));
    });
  }

  woda.parts.push((sheet) => {
    let waiting = null;
    sheet.partNames = () => sheet.views.forEach((view) => part(view.map.getContainer()));
    const soon = () => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(sheet.partNames);
    };
    sheet.on("shown", (view) => {
      if (!view.heardNames) view.map.on("zoomend moveend resize", soon);
      view.heardNames = true;
      soon();
    });
  });
})();
