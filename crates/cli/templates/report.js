"use strict";
// Search and filters over the findings. Without this the page has them all.
(() => {
  const tools = document.getElementById("tools");
  if (!tools) return;
  const [search, severity, code] = ["search", "severity", "code"].map((id) => document.getElementById(id));
  const rows = [...document.querySelectorAll("#rows tbody tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, at) => {
      const fits = (!severity.value || row.dataset.severity === severity.value) && (!code.value || row.dataset.code === code.value)
        && words.every((word) => texts[at].includes(word));
      row.hidden = !fits;
      shown += fits;
    });
    document.getElementById("shown").textContent = `${shown.toLocaleString("en")} of ${rows.length.toLocaleString("en")} shown`;
    document.getElementById("none").hidden = shown > 0;
  };
  let waiting;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  [severity, code].forEach((choice) => choice.addEventListener("change", filter));
  tools.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  tools.hidden = false;
  filter();
})();
