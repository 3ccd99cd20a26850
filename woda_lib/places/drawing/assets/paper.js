/* Paper: while a page is printed its maps have the size of the sheet, and show what they showed. */
(function () {
  "use strict";

  const WIDE = 700, TALL = 500, GAP = 12; // CSS pixels of A4 across, beside the legend

  woda.parts.push((sheet) => {
    let shown = null;
    window.addEventListener("beforeprint", () => {
      if (shown) return;
      sheet.printing = true;
      shown = sheet.views.map((view) => ({ center: view.map.getCenter(), zoom: view.map.getZoom(), bounds: view.map.getBounds() }));
      const width = (WIDE - GAP * (sheet.views.length - 1)) / sheet.views.length;
      sheet.views.forEach((view) => {
        view.frame.style.cssText = `width:${width}px;height:${TALL}px`;
        view.map.invalidateSize({ animate: false });
      });
      sheet.views[0].map.fitBounds(shown[0].bounds.pad(-0.05), { animate: false });
      sheet.partNames();
    });
    /* Not every browser tells when it has printed, so the button that prints asks for this as well. */
    sheet.fromPaper = () => {
      if (!shown) return;
      sheet.views.forEach((view, i) => {
        view.frame.style.cssText = "";
        view.map.invalidateSize({ animate: false });
        view.map.setView(shown[i].center, shown[i].zoom, { animate: false });
      });
      shown = null;
      sheet.printing = false;
    };
    window.addEventListener("afterprint", sheet.fromPaper);
  });
})();
