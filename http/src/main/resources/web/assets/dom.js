/** Small helpers to build and update the page. Text always enters as text, never as markup. */

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/**
 * Builds an element. `attributes` are set as attributes, except `class` and listeners (`onclick: f`); null and false are
 * left out. Children are nodes or text.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** As `h`, for SVG. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children);
  return element;
}

function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
  else element.setAttribute(name, value === true ? '' : value);
}

/** Sets an element's text only when it changes, so that screen readers and the layout stay calm. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Replaces what an element holds only when that says something else. */
export function setContent(element, ...children) {
  const next = h('div', {}, ...children);
  if (element.textContent !== next.textContent) element.replaceChildren(...next.childNodes);
}

/** Replaces what an element holds; a button with the focus hands it to the one that says the same. */
export function replaceAndRefocus(element, ...children) {
  const focused = element.contains(document.activeElement) ? document.activeElement.textContent : null;
  element.replaceChildren(...children);
  if (focused !== null) [...element.querySelectorAll('button')].find((button) => button.textContent === focused)?.focus();
}

/** A link to an address from outside; plain text unless it is http or https. */
export function outsideLink(address, text) {
  return isWebAddress(address)
    ? h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, text)
    : h('span', {}, text);
}

function isWebAddress(address) {
  try {
    return ['http:', 'https:'].includes(new URL(address).protocol);
  } catch {
    return false;
  }
}

/** Runs `task` at once and then at most every `millis`, the last call always being honoured. */
export function throttled(task, millis) {
  let last = -Infinity;
  let timer = null;
  return () => {
    if (timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      last = performance.now();
      task();
    }, Math.max(0, last + millis - performance.now()));
  };
}
