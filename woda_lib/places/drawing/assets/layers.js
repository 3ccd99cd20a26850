/* Layers: how the features of one become shapes, circles or markers on a Leaflet map. */
(function () {
  "use strict";

  const PAPER = "#ffffff", INK = "#1d1a21", EDGE = "#85808a";
  const PANES = { areas: 350, kinds: 360, over: 410 };

  /** The base map's borders once more, above what is opaque, on white so that they are seen on any shade. */
  function borders(map) {
    const pane = "woda-borders";
    map.createPane(pane).style.cssText = "z-index:405;pointer-events:none";
    map.eachLayer((layer) => {
      if (!(layer instanceof L.Polygon) || layer.options.pane !== "base") return;
      [{ color: PAPER, weight: 3, opacity: 0.8 }, { color: INK, weight: 1.2, dashArray: "4 3" }].forEach((style) =>
        L.polygon(layer.getLatLngs(), { ...style, pane, fill: false, interactive: false }).addTo(map));
    });
  }

  /** One layer drawn on one map. `items` are its features: where, and how each is marked. */
  class Drawn {
    constructor(spec, map) {
      this.spec = spec;
      this.map = map;
      this.items = spec.data.features.map((feature, index) => ({ spec, index, feature }));
      const pane = "woda-" + spec.group;
      if (!map.getPane(pane)) map.createPane(pane).style.zIndex = PANES[spec.group];
      this.leaflet = { areas: areas, circles: circles, points: points }[spec.kind](this, pane);
    }
    get shown() {
      return this.map.hasLayer(this.leaflet);
    }
    show(yes) {
      if (yes) this.leaflet.addTo(this.map);
      else this.leaflet.remove();
    }
    bounds() {
      return this.leaflet.getBounds();
    }
  }

  function classOf(spec, index) {
    return spec.classes[spec.class_of[index]];
  }

  function areas(drawn, pane) {
    const { spec, items } = drawn;
    const group = L.featureGroup();
    items.forEach((item) => {
      const look = classOf(spec, item.index);
      item.shape = L.geoJSON(item.feature, {
        pane,
        style: {
          color: spec.group === "areas" ? EDGE : INK,
          weight: spec.group === "areas" ? 0.6 : 0.4,
          fillColor: woda.patterns.fill(look.fill, look.hatch),
          fillOpacity: spec.group === "over" ? 0.72 : 1,
          hatch: look.hatch,
          flat: look.fill,
        },
      });
      item.shape.eachLayer((layer) => (layer.woda = item));
      item.bounds = item.shape.getBounds();
      item.middle = item.bounds.getCenter();
      group.addLayer(item.shape);
    });
    return group;
  }

  /** Circles grow with the map, at half its pace, so that those of a town come apart. */
  function circles(drawn, pane) {
    const { spec, items, map } = drawn;
    const group = L.featureGroup();
    const renderer = L.svg({ pane });
    const radius = (value) => spec.largest * Math.sqrt(value / spec.most) * drawn.grown;
    drawn.grown = 1;
    items
      .slice()
      .sort((a, b) => (b.feature.properties[spec.value.column] || 0) - (a.feature.properties[spec.value.column] || 0))
      .forEach((item) => {
        const value = item.feature.properties[spec.value.column];
        item.middle = L.GeoJSON.coordsToLatLng(spec.middles[item.index]);
        if (value === 0) return;
        item.shape = L.circleMarker(item.middle, {
          pane, renderer, color: value == null ? EDGE : PAPER, weight: value == null ? 1 : 0.8,
          dashArray: value == null ? "2 2" : null,
          fillColor: value == null ? PAPER : spec.fill, fillOpacity: 0.82,
        });
        item.shape.woda = item;
        item.resize = () => item.shape.setRadius(value == null ? 3.5 : Math.max(2, radius(value)));
        group.addLayer(item.shape);
      });
    const resize = () => {
      const start = map.wodaZoom == null ? map.getZoom() : map.wodaZoom;
      drawn.grown = 2 ** ((map.getZoom() - (start || 0)) / 2);
      items.forEach((item) => item.resize && item.resize());
    };
    group.on("add", () => { map.on("zoomend", resize); resize(); });
    group.on("remove", () => map.off("zoomend", resize));
    return group;
  }

  function points(drawn, pane) {
    const { spec, items } = drawn;
    const gathers = spec.gather && L.markerClusterGroup;
    const group = gathers
      ? L.markerClusterGroup({
          showCoverageOnHover: false,
          animate: false,
          maxClusterRadius: 60,
          chunkedLoading: false,
          iconCreateFunction: gathered,
          clusterPane: pane === "woda-over" ? "markerPane" : pane,
        })
      : L.featureGroup();
    group.addLayers = group.addLayers || ((all) => all.forEach((one) => group.addLayer(one)));
    const markers = items.map((item) => {
      const look = classOf(spec, item.index);
      item.middle = L.GeoJSON.coordsToLatLng(item.feature.geometry.coordinates);
      item.shape = L.marker(item.middle, {
        keyboard: false,
        icon: L.divIcon({ className: "woda-point", iconSize: [26, 26], html: badge(look) }),
        paint: { text: look.letter, fill: look.fill, round: false },
      });
      item.shape.woda = item;
      return item.shape;
    });
    group.addLayers(markers);
    if (gathers) {
      group.on("clusterclick", (event) => (event.originalEvent || event).stopPropagation?.());
    }
    return group;
  }

  function badge(look) {
    return `<span style="background:${look.fill}">${look.letter}</span>`;
  }

  function gathered(cluster) {
    const count = cluster.getChildCount();
    const side = count < 10 ? 30 : count < 100 ? 36 : count < 1000 ? 42 : 50;
    cluster.options.keyboard = false;
    cluster.options.paint = { text: count.toLocaleString("en-GB"), fill: PAPER, round: true, side };
    return L.divIcon({
      className: "woda-cluster",
      iconSize: [side, side],
      html: `<span>${count.toLocaleString("en-GB")}</span>`,
    });
  }

  /** What an item is called. */
  function title(item) {
    return String(item.feature.properties[item.spec.title] ?? "Without a name");
  }

  /** A field of an item in words; what is withheld or missing says so. */
  function told(item, field) {
    const value = item.feature.properties[field.column];
    if (value == null) {
      const lost = field === item.spec.value && item.spec.lost.includes(item.index);
      return lost ? "withheld" : "no value";
    }
    return woda.written(value, field);
  }

  /** The legend's words for an item's class; none where the value itself is the class. */
  function classWords(item) {
    if (item.spec.kind === "circles") return null;
    return classOf(item.spec, item.index).label.replace(/_/g, " ");
  }

  woda.Drawn = Drawn;
  woda.borders = borders;
  woda.title = title;
  woda.told = told;
  woda.classWords = classWords;
})();
