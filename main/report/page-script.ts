/**
 * Runs in the report: draws the figures in the theme of the reader, and in the light one, at the
 * width of a sheet and lower, so that three of them fit on it, when it is printed. Plain
 * JavaScript, since nothing compiles it.
 */
export const PAGE_SCRIPT = `
"use strict";
const figures = JSON.parse(document.getElementById("figures").textContent);
const root = document.documentElement;
const settings = { displayModeBar: false, responsive: true };
const sheetWidth = 640;
const sheetHeight = 0.75;
function draw(theme) {
  for (const [id, figure] of Object.entries(figures[theme])) {
    const place = document.getElementById(id);
    // As it was before it was printed.
    if (place.dataset.height !== undefined) place.style.height = place.dataset.height;
    Plotly.react(place, structuredClone(figure.data), { ...structuredClone(figure.layout), autosize: true }, settings);
  }
}
function drawForPrint() {
  for (const [id, figure] of Object.entries(figures.light)) {
    const place = document.getElementById(id);
    const height = Math.round(place.clientHeight * sheetHeight);
    place.dataset.height ??= place.style.height;
    place.style.height = height + "px";
    const size = { width: sheetWidth, height, autosize: false };
    Plotly.react(place, structuredClone(figure.data), { ...structuredClone(figure.layout), ...size }, settings);
  }
}
function show(theme) {
  root.dataset.theme = theme;
  draw(theme);
}
document.getElementById("theme").addEventListener("click", () => {
  show(root.dataset.theme === "dark" ? "light" : "dark");
});
addEventListener("beforeprint", drawForPrint);
addEventListener("afterprint", () => draw(root.dataset.theme));
show(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
`;
