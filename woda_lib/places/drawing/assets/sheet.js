/* The sheet: the page around a map, and the parts that share it. */
(function () {
  "use strict";

  const { el } = woda;

  /** One map of the sheet and the layers drawn on it. */
  class View {
    constructor(sheet, map, frame) {
      Object.assign(this, { sheet, map, frame });
      woda.borders(map);
      this.drawn = sheet.specs.map((spec) => new woda.Drawn(spec, map));
      this.drawn.forEach((drawn) => this.listen(drawn));
    }
    get shown() {
      return this.drawn.filter((drawn) => drawn.shown);
    }
    /** Show these layers and no others. */
    show(specs) {
      this.drawn.forEach((drawn) => drawn.show(specs.includes(drawn.spec)));
      this.sheet.tell("shown", this);
    }
    listen(drawn) {
      const item = (event) => (event.layer || event.propagatedFrom || event.sourceTarget).woda;
      drawn.leaflet.on("click", (event) => {
        if (this.sheet.busy) return;
        const found = item(event);
        if (!found) return;
        L.DomEvent.stopPropagation(event);
        this.sheet.select(found);
      });
      drawn.leaflet.on("mouseover", (event) => this.sheet.tell("over", this, item(event), event));
      drawn.leaflet.on("mousemove", (event) => this.sheet.tell("over", this, item(event), event));
      drawn.leaflet.on("mouseout", () => this.sheet.tell("out", this));
    }
  }

  class Sheet {
    constructor({ map, layers, about }) {
      this.about = about;
      this.specs = layers;
      layers.filter((spec) => spec.outlines).forEach((spec) => {
        const { features } = layers.find((other) => other.layer === spec.outlines).data;
        spec.data.features.forEach((feature, i) => (feature.geometry = features[i].geometry));
      });
      this.heard = {};
      this.selected = null;
      this.busy = false; // while an area is being drawn, a click is not a choice
      this.build(map);
      this.views = [new View(this, map, this.frame)];
      woda.parts.forEach((part) => part(this));
      this.open(map);
    }
    on(what, heard) {
      (this.heard[what] = this.heard[what] || []).push(heard);
    }
    tell(what, ...rest) {
      (this.heard[what] || []).forEach((heard) => heard(...rest));
    }
    /** Say something to whoever cannot see it. */
    say(text) {
      this.live.textContent = text;
    }
    select(item, { move = false, quiet = false } = {}) {
      this.selected = item;
      if (item && move) this.moveTo(item);
      this.tell("selected", item, quiet);
    }
    moveTo(item) {
      const view = this.views.find((one) => one.shown.some((drawn) => drawn.spec === item.spec)) || this.views[0];
      if (!view.shown.some((drawn) => drawn.spec === item.spec)) this.tell("wanted", item.spec);
      if (item.bounds) view.map.fitBounds(item.bounds.pad(0.6), { animate: false, maxZoom: 14 });
      else view.map.setView(item.middle, Math.max(view.map.getZoom(), 14), { animate: false });
    }
    build(map) {
      const { about } = this;
      const holder = map.getContainer();
      this.live = el("p", { class: "woda-hidden", "aria-live": "polite" });
      this.tools = el("div", { class: "woda-tools" });
      this.frame = el("div", { class: "woda-frame" });
      this.maps = el("div", { class: "woda-maps" }, this.frame);
      this.panel = el("div", { class: "woda-panel" });
      this.under = el("div", { class: "woda-under" });
      const source = [about.source, about.date].filter(Boolean).join(", ");
      const framed = holder.closest("main"); // a sealed page has one, and a heading
      const heading = (framed && framed.querySelector("h1")) || el("h1", {});
      heading.className = "";
      this.synthetic = framed && framed.querySelector(".synthetic"); // said by the sealed page
      heading.textContent = about.title || heading.textContent || "Map";
      this.root = el(framed ? "div" : "main", { class: "woda" },
        el("header", {},
          heading,
          this.synthetic,
          about.note ? el("p", { class: "woda-note" }, about.note) : null),
        this.tools,
        el("div", { class: "woda-body" },
          el("div", { class: "woda-left" },
            this.maps,
            el("p", { class: "woda-source woda-foot" }, source ? "Source: " + source : "")),
          this.panel,
          this.under),
        this.live);
      holder.replaceWith(this.root);
      this.frame.append(holder);
      this.dress(map, about.title || "Map");
    }
    /** Scale, north and names of what Leaflet leaves unnamed. */
    dress(map, name) {
      map.options.zoomSnap = 0.25;
      map.options.zoomDelta = 1;
      if (map.attributionControl) map.attributionControl.remove();
      map.getContainer().querySelectorAll(".leaflet-control-scale").forEach((old) => old.remove());
      L.control.scale({ maxWidth: 110 }).addTo(map);
      const north = L.control({ position: "topright" });
      north.onAdd = () => {
        const sign = el("div", { class: "woda-north", role: "img", "aria-label": "North is up" });
        sign.innerHTML = '<svg width="22" height="40" viewBox="0 0 22 40" aria-hidden="true">' +
          '<path d="M11 14L18 38L11 32L4 38Z"/><text x="11" y="11" text-anchor="middle">N</text></svg>';
        return sign;
      };
      north.addTo(map);
      const box = map.getContainer();
      box.setAttribute("role", "application");
      box.setAttribute("aria-label", "Map: " + name);
      map.scrollWheelZoom.disable(); // so that a page can be scrolled past its map
      box.addEventListener("focusin", () => map.scrollWheelZoom.enable());
      box.addEventListener("focusout", () => map.scrollWheelZoom.disable());
    }
    /** Fit the map to what it shows, and open it. */
    open(map) {
      const wanted = this.specs.filter((spec) => spec.shown);
      const box = L.latLngBounds([]);
      const ground = this.views[0].drawn.filter((drawn) => drawn.spec.group === "areas");
      (ground.length ? ground : this.views[0].drawn).forEach((drawn) => drawn.items.forEach((item) => box.extend(item.bounds || item.middle)));
      this.home = box;
      map.invalidateSize({ animate: false });
      map.fitBounds(box, { animate: false, padding: [6, 6] });
      map.wodaZoom = map.getZoom();
      map.setMinZoom(Math.floor(map.getZoom()) - 1);
      map.setMaxBounds(box.pad(0.6));
      this.views[0].show(wanted);
      this.tell("opened");
      let width = this.frame.clientWidth;
      new ResizeObserver(() => {
        if (this.frame.clientWidth === width || this.printing) return;
        width = this.frame.clientWidth;
        this.views.forEach((view) => view.map.invalidateSize({ animate: false }));
        if (!this.selected) this.views[0].map.fitBounds(box, { animate: false, padding: [6, 6] });
      }).observe(this.frame);
      new ResizeObserver(() => {
        const height = Math.ceil(this.root.getBoundingClientRect().height);
        if (!this.printing) parent.postMessage({ height }, "*"); // to a report, whose frame grows
      }).observe(this.root);
    }
    section(heading, ...children) {
      const id = woda.name("section");
      return el("section", { "aria-labelledby": id }, el("h2", { id }, heading), ...children);
    }
  }

  woda.View = View;
  woda.sheets = [];
  document.addEventListener("DOMContentLoaded", () => {
    document.documentElement.lang = document.documentElement.lang || "en-GB";
    const port = document.querySelector('meta[name="viewport"]');
    if (port) port.content = "width=device-width, initial-scale=1"; // folium forbids zooming
    woda.maps().forEach((made) => woda.sheets.push(new Sheet(made)));
    if (!document.title && woda.sheets[0]) document.title = woda.sheets[0].about.title || "Map";
  });
})();
