// A table takes the Tab key only where it scrolls; without this script each does.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const regions = document.querySelectorAll(".scroll");
  const seen = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const region of regions) seen.observe(region);
});
