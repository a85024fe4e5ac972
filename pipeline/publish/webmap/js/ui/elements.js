// How the page makes elements: text is always a text node, never markup.

/**
 * h("button", {class: "x", onclick: f}, "text", child): attributes that are functions become listeners,
 * true and false set or leave out an attribute, children that are null or false are skipped.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes]
 * @param {...any} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export const h = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
};

/**
 * @param {string} path in a square of 24
 * @param {number} [size] pixels
 * @returns {SVGElement}
 */
export const icon = (path, size = 18) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({
    viewBox: "0 0 24 24",
    width: size,
    height: size,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 2,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
  }))
    svg.setAttribute(name, String(value));
  const line = document.createElementNS(svg.namespaceURI, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
};

/**
 * A swatch in the pattern of a status, or a line of some colour; css/page.css draws it.
 * @param {string} status
 * @param {string} [colour] of a line
 * @returns {HTMLElement}
 */
export const swatch = (status, colour = "") => {
  const sample = h("span", { class: `swatch ${status}`, "aria-hidden": "true" });
  sample.style.color = colour;
  return sample;
};

/**
 * A bar whose parts are as long as their counts: [[status, count], …].
 * @param {[string, number][]} parts
 * @returns {HTMLElement}
 */
export const bar = (parts) => {
  const whole = h("span", { class: "bar", "aria-hidden": "true" });
  for (const [status, count] of parts) {
    if (!count) continue;
    const part = h("span", { class: `part ${status}` });
    part.style.flexGrow = String(count);
    whole.append(part);
  }
  return whole;
};
