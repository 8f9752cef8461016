// What keeps a page from being read by everybody: contrast by computed styles, fields without labels, headings, width.
([least, leastLarge]) => {
  const faults = [];
  const told = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const colour = (text) => {
    const parts = text.match(/[\d.]+/g).map(Number);
    return { r: parts[0], g: parts[1], b: parts[2], a: parts.length > 3 ? parts[3] : 1 };
  };
  const over = (top, below) => ({
    r: top.r * top.a + below.r * (1 - top.a), g: top.g * top.a + below.g * (1 - top.a), b: top.b * top.a + below.b * (1 - top.a), a: 1,
  });
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const own = colour(getComputedStyle(at).backgroundColor);
      layers.push(own);
      if (own.a === 1) break;
    }
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    let found = dark ? { r: 18, g: 18, b: 18, a: 1 } : { r: 255, g: 255, b: 255, a: 1 };
    for (const layer of layers.reverse()) found = over(layer, found);
    return found;
  };
  const visible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const seen = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || seen.has(element) || !visible(element) || element.closest("svg, script, option, datalist")) continue;
    seen.add(element);
    const style = getComputedStyle(element);
    const below = ground(element);
    let above = over(colour(style.color), below);
    for (let at = element; at; at = at.parentElement) {
      const share = Number(getComputedStyle(at).opacity);
      if (share < 1) above = over({ ...above, a: share }, below);
    }
    const [one, other] = [light(above), light(below)].sort((x, y) => y - x);
    const contrast = (one + 0.05) / (other + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (large ? leastLarge : least)) faults.push(`contrast ${contrast.toFixed(2)}: ${told(element)}`);
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const named = field.labels?.length || field.getAttribute("aria-label") || field.getAttribute("aria-labelledby");
    if (!named) faults.push(`no label: ${told(field)}`);
  }
  for (const button of document.querySelectorAll("button, a[href]"))
    if (!button.textContent.trim() && !button.getAttribute("aria-label")) faults.push(`no words: ${told(button)}`);
  for (const picture of document.querySelectorAll("svg"))
    if (picture.getAttribute("aria-hidden") !== "true" && !picture.getAttribute("aria-label")) faults.push(`no words: ${told(picture)}`);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) faults.push(`id ${id} stands twice`);
  for (const element of document.querySelectorAll("[aria-describedby], [aria-labelledby], label[for]"))
    for (const id of (element.getAttribute("aria-describedby") ?? element.getAttribute("aria-labelledby") ?? element.getAttribute("for")).split(" "))
      if (!document.getElementById(id)) faults.push(`names ${id}, which is not there: ${told(element)}`);
  if (document.querySelectorAll("h1").length !== 1) faults.push(`${document.querySelectorAll("h1").length} h1`);
  let level = 1;
  for (const heading of document.querySelectorAll("main h1, main h2, main h3, main h4")) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) faults.push(`h${own} after h${level}: ${told(heading)}`);
    level = own;
  }
  if (!document.documentElement.lang) faults.push("no language");
  if (document.querySelectorAll("main").length !== 1) faults.push("no main");
  const wide = document.documentElement.scrollWidth;
  if (wide > window.innerWidth) faults.push(`scrolls sideways: ${wide} of ${window.innerWidth}`);
  return faults;
}
