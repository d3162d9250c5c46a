// Run in a page by the journey test; returns a list of what is wrong, in words.
const wrong = [];
const say = (what, element) => wrong.push(element ? `${what}: ${element.outerHTML.slice(0, 140).replace(/\s+/g, " ")}` : what);
const each = (css, act) => document.querySelectorAll(css).forEach(act);
const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && e.getClientRects().length > 0;
const offScreen = (e) => e.closest(".visually-hidden, .skip") !== null;
const byIds = (ids) => (ids ?? "").split(/\s+/).filter(Boolean).map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
const text = (e) => e.textContent.trim() || [...e.querySelectorAll("[aria-label],[alt],title")].map((c) => c.getAttribute("aria-label") ?? c.alt ?? c.textContent).join(" ").trim();
const named = (e) => Boolean(e.getAttribute("aria-label")?.trim() || byIds(e.getAttribute("aria-labelledby")) || text(e) || e.title);

// The page.
if (!document.documentElement.lang) say("html without lang");
if (!document.title.trim()) say("no title");
if (document.querySelectorAll("main").length !== 1) say("not exactly one main");
const ids = new Set();
each("[id]", (e) => { if (ids.has(e.id)) say(`id "${e.id}" twice`, e); ids.add(e.id); });

// Headings.
if ([...document.querySelectorAll("h1")].filter(shown).length !== 1) say("not exactly one h1");
let level = 0;
each("h1,h2,h3,h4,h5,h6", (e) => {
  if (!shown(e)) return;
  const own = Number(e.tagName[1]);
  if (own > level + 1 && level > 0) say(`h${level} is followed by h${own}`, e);
  if (!text(e)) say("empty heading", e);
  level = own;
});

// Names.
each("input:not([type=hidden]),select,textarea,progress,meter", (e) => {
  if (!shown(e)) return;
  const labelled = [...(e.labels ?? [])].some((label) => text(label)) || e.getAttribute("aria-label")?.trim() || byIds(e.getAttribute("aria-labelledby"));
  if (!labelled) say("field without a label", e);
});
each("button,a[href],summary", (e) => { if (shown(e) && !named(e)) say("no name", e); });
each("img", (e) => { if (!e.hasAttribute("alt")) say("image without alt", e); });
each("svg", (e) => { if (!e.closest("[aria-hidden=true]") && !named(e)) say("drawing without a name that is not hidden", e); });
each("table", (e) => { if (!e.querySelector("th")) say("table without header cells", e); });
each("th", (e) => { if (!text(e)) say("empty header cell", e); });
each("fieldset", (e) => { if (!e.querySelector(":scope > legend")) say("fieldset without legend", e); });
each("nav", (e) => { if (document.querySelectorAll("nav").length > 1 && !e.getAttribute("aria-label") && !e.getAttribute("aria-labelledby")) say("one of several navs without a name", e); });
each("[aria-hidden=true]", (e) => { if (e.matches("a,button,input") || e.querySelector("a[href],button,input")) say("hidden, but can have the focus", e); });
each("[tabindex]", (e) => { if (e.tabIndex > 0) say("tabindex above 0", e); });

// Sizes: 24 by 24 CSS pixels, but for links within text and native controls inside a large label.
each("button,a[href],input:not([type=hidden]),select,textarea,summary", (e) => {
  if (!shown(e) || offScreen(e)) return;
  const label = e.closest("label");
  const box = (label && e.matches("[type=checkbox],[type=radio]") ? label : e).getBoundingClientRect();
  const alone = e.tagName !== "A" || getComputedStyle(e).display !== "inline";
  const inText = e.tagName === "A" && [...e.parentElement.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (alone && !inText && (box.width < 23.5 || box.height < 23.5)) say(`only ${box.width.toFixed(0)} by ${box.height.toFixed(0)} pixels`, e);
});

// Contrast: each visible text against what lies behind it.
const canvas = document.createElement("canvas");
canvas.width = canvas.height = 1;
const paint = canvas.getContext("2d", { willReadFrequently: true });
const colours = new Map();
function rgba(colour) {
  if (!colours.has(colour)) {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = colour;
    paint.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = paint.getImageData(0, 0, 1, 1).data;
    colours.set(colour, [r, g, b, a / 255]);
  }
  return colours.get(colour);
}
const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
function behind(element) {
  const layers = [];
  for (let e = element; e; e = e.parentElement) {
    const style = getComputedStyle(e);
    if (style.backgroundImage !== "none" && !style.backgroundImage.includes("radial")) return null;
    const colour = rgba(style.backgroundColor);
    if (colour[3] > 0) layers.push(colour);
    if (colour[3] === 1) break;
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches && getComputedStyle(document.documentElement).colorScheme.includes("dark");
  return layers.reverse().reduce((below, top) => over(top, below), dark ? [18, 18, 18, 1] : [255, 255, 255, 1]);
}
const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const seen = new Set();
while (walk.nextNode()) {
  const e = walk.currentNode.parentElement;
  if (!walk.currentNode.textContent.trim() || seen.has(e) || !shown(e) || offScreen(e)) continue;
  seen.add(e);
  if (e.closest(":disabled, [aria-disabled=true], script, style, noscript, svg")) continue;
  const style = getComputedStyle(e);
  const ground = behind(e);
  if (!ground) continue;
  const [a, b] = [light(over(rgba(style.color), ground)), light(ground)];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (ratio < (large ? 3 : 4.5)) say(`contrast ${ratio.toFixed(2)}`, e);
}

// Width: nothing sticks out of its card or of the window.
each(".panel, .choice", (card) => {
  const edge = card.getBoundingClientRect().right + 1;
  card.querySelectorAll("button, a, input:not([type=hidden]), select, textarea, p, dd, code").forEach((e) => {
    if (!shown(e) || offScreen(e) || e.closest(".table-wrap")) return;
    if (e.getBoundingClientRect().right > edge) say("sticks out of its card", e);
  });
});
const wide = document.documentElement.scrollWidth - innerWidth;
if (wide > 0) {
  const widest = [...document.querySelectorAll("main *")].find((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".table-wrap, [tabindex='0']"));
  say(`wider than the window by ${wide} pixels`, widest);
}
return wrong;
