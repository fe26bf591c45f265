const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element. Texts become text nodes and never markup, so names from the API may hold anything.
 * @param {string} tag with classes if wanted: `"p.note.warning"`
 * @param {Record<string, unknown>} properties `on…` are listeners, `data` is the dataset, the rest are attributes;
 *   false, null and undefined leave an attribute out
 * @param {...(Node | string | number | false | null | undefined | unknown[])} children
 */
export function el(tag, properties = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "data") Object.assign(element.dataset, value);
    else if (key === "value") element.value = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...present(children));
  return element;
}

/** Puts other children in place of those that an element has. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/style/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** A text from the API: its writing direction is its own. */
export const bdi = (text) => el("bdi", {}, text);

export const button = (label, { kind = "plain", symbol, ...properties } = {}) =>
  el(`button.button.${kind}`, { type: "button", ...properties }, symbol && icon(symbol), label);

let lastId = 0;
export const freshId = (name) => `${name}-${(lastId += 1)}`;

const present = (children) =>
  children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false);
