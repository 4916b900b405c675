/**
 * Runs in the report: draws the figures in the theme of the reader, and in the light one, at the
 * width of a sheet, when it is printed. Plain JavaScript, since nothing compiles it.
 */
export const PAGE_SCRIPT = `
"use strict";
const figures = JSON.parse(document.getElementById("figures").textContent);
const root = document.documentElement;
const settings = { displayModeBar: false, responsive: true };
const sheetWidth = 640;
function draw(theme, width) {
  for (const [id, figure] of Object.entries(figures[theme])) {
    const place = document.getElementById(id);
    const size = width ? { width, height: place.clientHeight, autosize: false } : { autosize: true };
    const layout = { ...figure.layout, ...size };
    Plotly.react(place, structuredClone(figure.data), structuredClone(layout), settings);
  }
}
function show(theme) {
  root.dataset.theme = theme;
  draw(theme);
}
document.getElementById("theme").addEventListener("click", () => {
  show(root.dataset.theme === "dark" ? "light" : "dark");
});
addEventListener("beforeprint", () => draw("light", sheetWidth));
addEventListener("afterprint", () => draw(root.dataset.theme));
show(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
`;
