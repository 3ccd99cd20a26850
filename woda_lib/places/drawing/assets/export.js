/* A picture of the map, legend and source as PNG: drawn on a canvas here, from what Leaflet shows. */
(function () {
  "use strict";

  const { el } = woda;
  const SCALE = 2, EDGE = 20, LEGEND = 270;
  const INK = "#1d1a21", INK2 = "#4f4a55", PAPER = "#ffffff";
  const font = (size, weight = 400) => `${weight} ${size}px "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif`;

  function wrapped(pen, text, width) {
    const lines = [""];
    text.split(" ").forEach((word) => {
      const tried = (lines[lines.length - 1] + " " + word).trim();
      if (pen.measureText(tried).width > width && lines[lines.length - 1]) lines.push(word);
      else lines[lines.length - 1] = tried;
    });
    return lines;
  }

  function write(pen, text, x, y, { size = 14, weight = 400, colour = INK, width = Infinity, leading = 1.35 } = {}) {
    pen.font = font(size, weight);
    pen.fillStyle = colour;
    wrapped(pen, text, width).forEach((line, i) => pen.fillText(line, x, y + size + i * size * leading));
    return y + wrapped(pen, text, width).length * size * leading;
  }

  function zIndex(layer, map) {
    const pane = map.getPane(layer.options.pane || (layer instanceof L.Marker ? "markerPane" : "overlayPane"));
    return Number(pane && getComputedStyle(pane).zIndex) || 400;
  }

  function trace(pen, map, latlngs, closed) {
    if (latlngs.length && latlngs[0].lat === undefined) {
      latlngs.forEach((part) => trace(pen, map, part, closed));
      return;
    }
    latlngs.forEach((latlng, i) => {
      const at = map.latLngToContainerPoint(latlng);
      if (i) pen.lineTo(at.x, at.y);
      else pen.moveTo(at.x, at.y);
    });
    if (closed) pen.closePath();
  }

  function shape(pen, map, layer) {
    const look = layer.options;
    pen.beginPath();
    if (layer instanceof L.CircleMarker) {
      const at = map.latLngToContainerPoint(layer.getLatLng());
      pen.arc(at.x, at.y, layer.getRadius(), 0, 2 * Math.PI);
    } else trace(pen, map, layer.getLatLngs(), layer instanceof L.Polygon);
    const filled = look.fill !== false && (layer instanceof L.Polygon || layer instanceof L.CircleMarker);
    if (filled) {
      pen.globalAlpha = look.fillOpacity ?? 0.2;
      pen.fillStyle = look.flat ? woda.patterns.paint(pen, look.flat, look.hatch, SCALE) : look.fillColor || look.color;
      if (typeof pen.fillStyle !== "string") pen.fillStyle.setTransform(new DOMMatrix().scale(1 / SCALE));
      pen.fill("evenodd");
    }
    pen.globalAlpha = look.opacity ?? 1;
    if (look.stroke !== false && look.weight) {
      pen.strokeStyle = look.color;
      pen.lineWidth = look.weight;
      pen.setLineDash(look.dashArray ? String(look.dashArray).split(/[ ,]+/).map(Number) : []);
      pen.stroke();
    }
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }

  function marker(pen, map, layer) {
    const node = layer.getElement();
    const inner = node && getComputedStyle(node.firstElementChild || node);
    if (!node || inner.visibility === "hidden" || inner.display === "none" || inner.opacity === "0") return;
    const at = map.latLngToContainerPoint(layer.getLatLng());
    const look = layer.options.paint;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    if (look) {
      const side = look.side || 26;
      pen.beginPath();
      if (look.round) pen.arc(at.x, at.y, side / 2, 0, 2 * Math.PI);
      else pen.roundRect(at.x - 12, at.y - 12, 24, 24, 5);
      pen.fillStyle = look.fill;
      pen.fill();
      pen.strokeStyle = look.round ? INK : PAPER;
      pen.lineWidth = 2;
      pen.stroke();
      pen.font = font(13, 700);
      pen.fillStyle = look.round ? INK : PAPER;
      pen.fillText(look.text, at.x, at.y + 0.5);
    } else if (node.textContent.trim()) {
      const style = inner;
      const box = (node.firstElementChild || node).getBoundingClientRect(), frame = map.getContainer().getBoundingClientRect();
      const x = box.left - frame.left + box.width / 2, y = box.top - frame.top + box.height / 2;
      pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      pen.strokeStyle = PAPER;
      pen.lineWidth = 3;
      pen.lineJoin = "round";
      pen.strokeText(node.textContent.trim(), x, y);
      pen.fillStyle = style.color;
      pen.fillText(node.textContent.trim(), x, y);
    }
    pen.textAlign = "left";
    pen.textBaseline = "alphabetic";
  }

  function mapPicture(pen, view, x, y) {
    const { map } = view;
    const size = map.getSize();
    pen.save();
    pen.translate(x, y);
    pen.beginPath();
    pen.rect(0, 0, size.x, size.y);
    pen.clip();
    pen.fillStyle = getComputedStyle(map.getContainer()).backgroundColor;
    pen.fillRect(0, 0, size.x, size.y);
    const layers = [];
    map.eachLayer((layer) => (layer instanceof L.Path || layer instanceof L.Marker) && layers.push(layer));
    layers.map((layer, i) => [zIndex(layer, map), i, layer]).sort((a, b) => a[0] - b[0] || a[1] - b[1])
      .forEach(([, , layer]) => (layer instanceof L.Marker ? marker : shape)(pen, map, layer));
    scaleAndNorth(pen, map, size);
    pen.restore();
    pen.strokeStyle = "#85808a";
    pen.lineWidth = 1;
    pen.strokeRect(x, y, size.x, size.y);
  }

  function scaleAndNorth(pen, map, size) {
    const bar = map.getContainer().querySelector(".leaflet-control-scale-line");
    const width = bar.offsetWidth, x = 10, y = size.y - 14;
    pen.fillStyle = "rgba(255,255,255,0.85)";
    pen.fillRect(x - 4, y - 22, width + 12, 30);
    pen.strokeStyle = INK;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(x, y - 6); pen.lineTo(x, y); pen.lineTo(x + width, y); pen.lineTo(x + width, y - 6);
    pen.stroke();
    write(pen, bar.textContent, x + 4, y - 21, { size: 12 });
    pen.save();
    pen.translate(size.x - 32, 10);
    pen.fillStyle = INK;
    pen.fill(new Path2D("M11 14L18 38L11 32L4 38Z"));
    pen.textAlign = "center";
    pen.font = font(13, 700);
    pen.fillText("N", 11, 11);
    pen.restore();
  }

  function legendPicture(pen, view, x, y, width) {
    view.shown.forEach((drawn) => {
      y = write(pen, drawn.spec.value.heading, x, y, { size: 14, weight: 700, width }) + 4;
      woda.legendRows(drawn).forEach((row) => {
        const height = row.circle ? Math.max(20, 2 * row.circle + 4) : 22;
        const middle = y + height / 2;
        pen.beginPath();
        if (row.circle) pen.arc(x + 16, middle, row.circle, 0, 2 * Math.PI);
        else if (row.letter) pen.roundRect(x + 4, middle - 10, 22, 20, 4);
        else pen.rect(x, middle - 8, 30, 16);
        pen.fillStyle = woda.patterns.paint(pen, row.fill, row.hatch, SCALE);
        if (typeof pen.fillStyle !== "string") pen.fillStyle.setTransform(new DOMMatrix().scale(1 / SCALE));
        pen.fill();
        if (row.dashed) pen.setLineDash([2, 2]);
        if (!row.letter && (!row.circle || row.dashed)) { pen.strokeStyle = "#85808a"; pen.lineWidth = 1; pen.stroke(); }
        pen.setLineDash([]);
        if (row.letter) {
          pen.fillStyle = PAPER;
          pen.font = font(12, 700);
          pen.textAlign = "center";
          pen.fillText(row.letter, x + 15, middle + 4);
          pen.textAlign = "left";
        }
        const bottom = write(pen, woda.legendWords(row), x + 40, middle - 10, { size: 13, width: width - 40 });
        y = Math.max(y + height, bottom);
      });
      const told = [drawn.spec.source, drawn.spec.date].filter(Boolean).join(", ");
      if (told) y = write(pen, told, x, y + 2, { size: 12, colour: INK2, width });
      y += 14;
    });
    return y;
  }

  /** Draw the sheet on a canvas. */
  function picture(sheet) {
    const sizes = sheet.views.map((view) => view.map.getSize());
    const wide = sizes.reduce((sum, size) => sum + size.x, 0) + (sizes.length - 1) * 14;
    const tall = Math.max(...sizes.map((size) => size.y));
    const aside = wide > 560;
    const width = 2 * EDGE + wide + (aside ? LEGEND + EDGE : 0);
    const canvas = el("canvas");
    canvas.width = width * SCALE;
    canvas.height = 4000 * SCALE;
    const pen = canvas.getContext("2d");
    pen.scale(SCALE, SCALE);
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, width, 4000);
    let y = write(pen, sheet.about.title || "Map", EDGE, EDGE, { size: 24, width: width - 2 * EDGE }) + 8;
    if (sheet.synthetic) y = write(pen, sheet.synthetic.textContent, EDGE, y, { size: 14, weight: 700, width: width - 2 * EDGE }) + 8;
    const two = sheet.views.length > 1;
    const top = y + (two ? 24 : 0);
    let x = EDGE;
    sheet.views.forEach((view, i) => {
      if (two) write(pen, woda.shows(view), x, y, { size: 14, weight: 700 });
      mapPicture(pen, view, x, top);
      x += sizes[i].x + 14;
    });
    y = top + tall + 12;
    let legendY = aside ? top : y;
    const legendX = aside ? 2 * EDGE + wide : EDGE;
    sheet.views.forEach((view) => {
      if (two) legendY = write(pen, "Legend: " + woda.shows(view), legendX, legendY, { size: 15, weight: 700, width: aside ? LEGEND : wide }) + 6;
      legendY = legendPicture(pen, view, legendX, legendY, aside ? LEGEND : wide);
    });
    y = Math.max(y, legendY);
    const source = [sheet.about.source, sheet.about.date].filter(Boolean).join(", ");
    if (source) y = write(pen, "Source: " + source, EDGE, y, { size: 12, colour: INK2, width: width - 2 * EDGE });
    const cut = el("canvas");
    cut.width = canvas.width;
    cut.height = Math.min(4000, y + EDGE) * SCALE;
    cut.getContext("2d").drawImage(canvas, 0, 0);
    return cut;
  }

  woda.picture = picture;
  woda.parts.push((sheet) => {
    const save = () => picture(sheet).toBlob((blob) => {
      woda.download(blob, woda.slug(sheet.about.title || "map") + ".png");
      sheet.say("The picture is saved.");
    });
    sheet.take = el("div", { class: "woda-take woda-row" },
      el("button", { type: "button", onclick: save }, "Save as PNG"),
      el("button", { type: "button", onclick: () => { window.print(); sheet.fromPaper(); } }, "Print or save as PDF"));
    sheet.tools.append(sheet.take);
  });
})();
