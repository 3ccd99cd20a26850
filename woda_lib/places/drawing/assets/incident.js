/* The incident tool: a circle or an outline, clicked or typed, handed on as GeoJSON and a command. */
(function () {
  "use strict";

  const { el } = woda;
  const CORNERS = 64; // of the polygon that stands for a circle
  const STYLE = { color: "#a61f1b", weight: 3, fillColor: "#a61f1b", fillOpacity: 0.08, interactive: false, dashArray: "8 4", pane: "woda-incident" };
  const CASING = { ...STYLE, color: "#ffffff", weight: 7, fill: false, dashArray: null }; // seen on dark shades too

  /** The places typed as pairs of metres; an Error says what is wrong with which. */
  function pairs(text) {
    const lines = text.split(/[\n;]+/).map((line) => line.trim()).filter(Boolean);
    return lines.map((line, place) => {
      const parts = line.split(/[\s,]+/).map(Number);
      if (parts.length !== 2 || parts.some((part) => !Number.isFinite(part))) {
        throw new Error(`Line ${place + 1} is not two numbers: metres east, then metres north.`);
      }
      return parts;
    });
  }

  /** A postcode's place among the packed ones: of each sector a corner in tens of metres, and units with so many digits. */
  function unpacked(sectors, code) {
    const [east, north, digits, units] = sectors[`${code.slice(0, -3)} ${code.slice(-3, -2)}`] || [0, 0, 2, ""];
    for (let i = 0; i < units.length; i += 2 + 2 * digits) {
      if (units.startsWith(code.slice(-2), i)) {
        return [east, north].map((start, j) => 10 * (start + parseInt(units.substr(i + 2 + digits * j, digits), 36)));
      }
    }
    return null;
  }

  function crosses(ring) {
    const turn = (a, b, c) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
    const edges = ring.map((corner, i) => [corner, ring[(i + 1) % ring.length]]);
    return edges.some(([a, b], i) => edges.some(([c, d], j) => {
      if (j <= i + 1 || (i === 0 && j === edges.length - 1)) return false;
      return turn(a, b, c) !== turn(a, b, d) && turn(c, d, a) !== turn(c, d, b);
    }));
  }

  function area(ring) {
    const twice = ring.reduce((sum, [x, y], i) => {
      const [nx, ny] = ring[(i + 1) % ring.length];
      return sum + x * ny - nx * y;
    }, 0);
    return Math.abs(twice) / 2;
  }

  function holds(ring, [x, y]) {
    let inside = false;
    ring.forEach(([ax, ay], i) => {
      const [bx, by] = ring[(i + 1) % ring.length];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    });
    return inside;
  }

  function around([east, north], radius) {
    return Array.from({ length: CORNERS }, (_, i) => {
      const angle = (2 * Math.PI * i) / CORNERS;
      return [east + radius * Math.sin(angle), north + radius * Math.cos(angle)];
    });
  }

  /** The area as `woda run business_register -p incident_area=` reads it; commas would part values. */
  function asked(ring, told) {
    if (told.shape === "circle") return `${told.easting} ${told.northing} / ${told.radius} m`;
    return ring.map(([x, y]) => `${Math.round(x)} ${Math.round(y)}`).join("; ");
  }

  function geoJson(ring, told) {
    const corners = ring.map((corner) => corner.map(Math.round));
    return {
      type: "FeatureCollection",
      crs: { type: "name", properties: { name: "urn:ogc:def:crs:EPSG::27700" } },
      features: [{ type: "Feature", properties: told, geometry: { type: "Polygon", coordinates: [[...corners, corners[0]]] } }],
    };
  }

  woda.incident = { pairs, crosses, area, holds, around, asked, unpacked };

  woda.parts.push((sheet) => {
    const about = sheet.about.incident;
    if (!about) return;
    const id = woda.name("incident");
    const map = () => sheet.views[0].map;
    let mode = "circle", drawing = null, result = null;

    const radio = (value, words) => el("label", {},
      el("input", { type: "radio", name: id, value, checked: value === mode, onchange: () => choose(value) }), el("span", {}, words));
    const centre = el("input", { id: id + "-centre", type: "text", autocomplete: "off", "aria-describedby": id + "-centre-hint" });
    const radius = el("input", { id: id + "-radius", type: "number", min: 1, max: 100000, step: 1, value: about.radius });
    const corners = el("textarea", { id: id + "-corners", rows: 4, "aria-describedby": id + "-corners-hint", spellcheck: "false" });
    const known = Boolean(about.postcodes);
    const forCircle = el("div", {},
      el("label", { for: centre.id }, "Centre"), centre,
      el("p", { class: "woda-hint", id: id + "-centre-hint" }, (known ? "A postcode, a" : "A") + " grid reference (SO 850 546), or metres east and north (385000 254600)"),
      el("label", { for: radius.id }, "Radius, metres"), radius);
    const forOutline = el("div", { hidden: true },
      el("label", { for: corners.id }, "Corners"), corners,
      el("p", { class: "woda-hint", id: id + "-corners-hint" }, "Metres east and north, a corner a line"));
    const error = el("p", { class: "woda-error", role: "alert" });
    const told = el("p", {});
    const command = el("code", { tabindex: 0, role: "textbox", "aria-readonly": "true", "aria-label": "Command" });
    const copied = el("span", { class: "woda-hint", role: "status" });
    const draw = el("button", { type: "button", "aria-pressed": "false", onclick: () => (drawing ? stop("Drawing ended.") : begin()) }, "Draw on the map");
    const finish = el("button", { type: "button", hidden: true, onclick: () => end() }, "Finish");
    const output = el("div", { class: "woda-result", hidden: true }, told, command,
      el("div", { class: "woda-row" },
        el("button", { type: "button", onclick: copy }, "Copy the command"),
        el("button", { type: "button", onclick: () => woda.download(new Blob([JSON.stringify(geoJson(result.ring, result.told))], { type: "application/geo+json" }), "incident_area.geojson") }, "Download GeoJSON"),
        el("button", { type: "button", onclick: clear }, "Clear")),
      copied);
    // No form: a frame that may not send one would swallow it.
    const enter = (event) => event.key === "Enter" && event.target.tagName === "INPUT" && event.target.type !== "radio" && typed();
    const form = el("div", { class: "woda-form", onkeydown: enter },
      el("fieldset", {}, el("legend", {}, "Shape"), radio("circle", "Circle"), radio("outline", "Outline")),
      forCircle, forOutline, error,
      el("div", { class: "woda-row" }, el("button", { type: "button", onclick: () => typed() }, "Mark it"), draw, finish), output);
    const heading = woda.name("section");
    const details = el("details", {}, el("summary", {}, el("h2", { id: heading }, "Mark an area")), form);
    sheet.panel.append(el("section", { class: "woda-incident", "aria-labelledby": heading }, details));

    const shapes = L.featureGroup(), sketch = L.featureGroup();

    function choose(value) {
      mode = value;
      forCircle.hidden = mode !== "circle";
      forOutline.hidden = mode === "circle";
      if (drawing) stop("");
    }
    /** Say what is wrong; an area marked before goes, lest its command be taken for this one's. */
    function fail(message) {
      error.textContent = message;
      if (message) forget();
    }
    function forget() {
      shapes.clearLayers();
      output.hidden = true;
      result = null;
    }
    /** The pane of what is marked: above markers, beneath names. */
    function pane() {
      if (!map().getPane("woda-incident")) map().createPane("woda-incident").style.cssText = "z-index:610;pointer-events:none";
    }
    function outline(group, Shape, at) {
      [CASING, STYLE].forEach((style) => group.addLayer(new Shape(at, style)));
    }
    const placed = (ring) => ring.map(([x, y]) => woda.grid.at(x, y));
    const inSight = () => sheet.frame.scrollIntoView({ block: "nearest" });
    /** Whether the marked area is out of sight, or hardly a dot. */
    function lost(bounds) {
      const [a, b] = [bounds.getSouthWest(), bounds.getNorthEast()].map((at) => map().latLngToContainerPoint(at));
      const view = map().getSize();
      return !map().getBounds().contains(bounds) || (b.x - a.x < view.x / 10 && a.y - b.y < view.y / 10);
    }
    /** Where a centre is: a postcode that the page knows, or metres. */
    function place(text) {
      const code = text.toUpperCase().replace(/\s/g, "");
      if (/^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$/.test(code)) {
        const found = known && unpacked(about.postcodes, code);
        if (!found) throw new Error(known ? "This map knows no such postcode. Type metres east and north instead." : "This map holds no postcodes. Type metres east and north instead.");
        return found;
      }
      const square = woda.grid.reference(code);
      if (square) return square;
      const all = pairs(text);
      if (all.length !== 1) throw new Error("A circle has one centre: metres east, then metres north.");
      return all[0];
    }
    function within(ring) {
      const box = sheet.home.pad(0.3);
      const inside = ([x, y]) => box.contains(woda.grid.at(x, y));
      if (ring.every(inside)) return;
      if (ring.every(([x, y]) => x > 0 && y > 0 && inside([y, x]))) throw new Error("East and north are the wrong way round: metres east come first.");
      if (ring.every(([x, y]) => Math.abs(x) <= 180 && Math.abs(y) <= 180)) throw new Error("These are degrees. Type metres on the British National Grid, as 385000 254600.");
      throw new Error("This lies outside what the map covers. Look at the numbers again: metres east, then metres north.");
    }
    function typed() {
      fail("");
      try {
        if (mode === "circle") {
          const middle = place(centre.value.trim()), metres = Number(radius.value);
          if (!(metres >= 1 && metres <= 100000)) throw new Error("A radius is 1 to 100,000 metres.");
          within([middle]);
          settle(around(middle, metres), { shape: "circle", easting: Math.round(middle[0]), northing: Math.round(middle[1]), radius: Math.round(metres) });
        } else {
          settle(checked(pairs(corners.value)), { shape: "outline" });
        }
      } catch (problem) {
        fail(problem.message);
      }
    }
    function checked(ring) {
      const [first, last] = [ring[0], ring[ring.length - 1]];
      if (ring.length > 1 && first[0] === last[0] && first[1] === last[1]) ring = ring.slice(0, -1);
      if (ring.length < 3) throw new Error("An outline has three corners or more.");
      within(ring);
      if (crosses(ring)) throw new Error("The outline crosses itself. Give the corners in order, once around.");
      return ring;
    }
    function inside(ring) {
      return sheet.views[0].shown.filter((drawn) => drawn.spec.kind === "points").map((drawn) => {
        const count = drawn.items.filter((item) => holds(ring, woda.grid.of(item.middle))).length;
        return `${count.toLocaleString("en-GB")} of ${drawn.spec.name}`;
      });
    }
    function settle(ring, what) {
      result = { ring, told: what };
      shapes.clearLayers();
      pane();
      outline(shapes.addTo(map()), L.Polygon, placed(ring));
      const size = (area(ring) / 1e6).toLocaleString("en-GB", { maximumSignificantDigits: 3 });
      const shape = what.shape === "circle" ? `A circle of ${what.radius.toLocaleString("en-GB")} m around ${what.easting} ${what.northing}` : `An outline of ${ring.length} corners`;
      const counted = inside(ring);
      told.textContent = `${shape}: ${size} km².` + (counted.length ? ` Inside, of what is shown: ${counted.join("; ")}.` : "");
      command.textContent = about.command.replace("{area}", asked(ring, what));
      output.hidden = false;
      copied.textContent = "";
      if (lost(shapes.getBounds())) map().fitBounds(shapes.getBounds().pad(1), { animate: false });
      inSight();
      sheet.say(told.textContent);
    }
    function clear() {
      forget();
      sheet.say("The area is cleared.");
      draw.focus();
    }
    function copy() {
      const done = () => (copied.textContent = "Copied.");
      const byHand = () => {
        getSelection().selectAllChildren(command);
        copied.textContent = document.execCommand("copy") ? "Copied." : "Selected: press Control and C.";
      };
      if (navigator.clipboard) navigator.clipboard.writeText(command.textContent).then(done, byHand);
      else byHand();
    }

    /* Drawing: clicks set the centre and the rim, or corner after corner; no dragging. */
    function begin() {
      fail("");
      drawing = [];
      sheet.busy = true;
      sheet.tell("out");
      draw.setAttribute("aria-pressed", "true");
      draw.textContent = "Stop drawing";
      finish.hidden = mode === "circle";
      sketch.addTo(map());
      map().doubleClickZoom.disable();
      map().getContainer().classList.add("woda-drawing");
      map().on("click", click).on("mousemove", move);
      document.addEventListener("keydown", keys);
      pane();
      inSight();
      sheet.say(mode === "circle" ? "Click the centre, then the rim." : "Click the corners in order; Enter or Finish closes the outline, Backspace takes the last one back, Escape stops.");
    }
    function stop(words) {
      drawing = null;
      sketch.clearLayers();
      draw.setAttribute("aria-pressed", "false");
      draw.textContent = "Draw on the map";
      finish.hidden = true;
      map().getContainer().classList.remove("woda-drawing");
      map().off("click", click).off("mousemove", move);
      document.removeEventListener("keydown", keys);
      setTimeout(() => {
        sheet.busy = false;
        map().doubleClickZoom.enable();
      }, 300);
      if (words) sheet.say(words);
    }
    function click(event) {
      const last = drawing[drawing.length - 1];
      if (last && map().latLngToContainerPoint(last).distanceTo(event.containerPoint) < 4) {
        if (mode === "outline" && drawing.length > 2) end();
        return;
      }
      drawing.push(event.latlng);
      if (mode === "circle" && drawing.length === 2) return end();
      move(event);
    }
    function move(event) {
      sketch.clearLayers();
      if (!drawing.length) return;
      if (mode === "circle") {
        const middle = woda.grid.of(drawing[0]), rim = woda.grid.of(event.latlng);
        const metres = Math.hypot(rim[0] - middle[0], rim[1] - middle[1]);
        if (metres > 1) outline(sketch, L.Polygon, placed(around(middle, metres)));
      } else {
        outline(sketch, L.Polyline, [...drawing, event.latlng]);
      }
      drawing.forEach((at) => sketch.addLayer(L.circleMarker(at, { ...STYLE, dashArray: null, radius: 4, fillOpacity: 1 })));
    }
    function end() {
      const places = drawing.map((at) => woda.grid.of(at).map(Math.round));
      try {
        if (mode === "circle") {
          const [middle, rim] = places;
          const metres = Math.max(1, Math.round(Math.hypot(rim[0] - middle[0], rim[1] - middle[1])));
          centre.value = middle.join(" ");
          radius.value = metres;
          settle(around(middle, metres), { shape: "circle", easting: middle[0], northing: middle[1], radius: metres });
        } else {
          const ring = checked(places);
          corners.value = ring.map((corner) => corner.join(" ")).join("\n");
          settle(ring, { shape: "outline" });
        }
      } catch (problem) {
        fail(problem.message);
      }
      stop("");
    }
    function keys(event) {
      if (event.key === "Escape") stop("Drawing ended.");
      else if (event.key === "Enter" && mode === "outline" && event.target.tagName !== "BUTTON") end();
      else if (event.key === "Backspace" && event.target === map().getContainer()) drawing.pop();
    }
  });
})();
