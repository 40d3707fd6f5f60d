/** Why the newest prediction is what it is: what moved it, loaded when somebody opens it. */

import { ApiError, get, ofSymbol } from './api.js';
import { byId, h } from './dom.js';
import { featureWords } from './features.js';
import { reasons } from './records.js';
import { hourMinute, signed, speaker } from './words.js';

let loaded = null;
let bookOf = () => null;
let report = () => {};

/** `current()` answers the book that is looked at; `onFailure` hears what went wrong. */
export function prepareReasons(current, onFailure) {
  bookOf = current;
  report = onFailure;
  byId('reasons').addEventListener('toggle', () => bookOf() && showReasons(bookOf()));
}

/** Keeps what is open up to date with the book's newest prediction. */
export function showReasons(book) {
  const root = byId('reasons');
  const p = book.prediction;
  root.hidden = p === undefined || p.predicted === null;
  if (root.hidden || !root.open) return;
  const key = `${book.name} ${p.at}`;
  if (loaded === key) return;
  if (loaded === null || !loaded.startsWith(`${book.name} `)) fill(h('p', { class: 'empty' }, 'Asking the model…'));
  loaded = key;
  load(book, p, key);
}

async function load(book, p, key) {
  try {
    const why = reasons(await get(ofSymbol(book.name, `predictions/${new Date(p.at).toISOString()}/why`)));
    if (loaded === key) fill(...shown(why));
  } catch (failure) {
    if (loaded !== key) return;
    loaded = null;
    if (failure instanceof ApiError && [404, 409].includes(failure.status)) fill(h('p', { class: 'note' }, failure.message));
    else {
      fill(h('p', { class: 'empty' }, 'Not available right now. Close and open this to try again.'));
      report(failure);
    }
  }
}

const fill = (...children) => byId('reasons-body').replaceChildren(...children);

function shown(why) {
  if (why.contributions.length === 0) return [h('p', { class: 'note' }, why.note ?? 'No feature moved this forecast.')];
  const scale = Math.max(...why.contributions.map((c) => Math.abs(c.bps)), Math.abs(why.restBps), Math.abs(why.baseBps));
  return [
    h('table', { class: 'num' },
      h('thead', { class: 'visually-hidden' }, h('tr', {}, ...['What', 'Pull', 'bps'].map((name) => h('th', { scope: 'col' }, name)))),
      h('tbody', {},
        ...why.contributions.map((c) => {
          const words = featureWords(c.feature, c.value);
          return row(words.name, words.value, c.bps, scale, c.feature);
        }),
        row(`${why.restCount} other features`, null, why.restBps, scale),
        row('What it says on average', null, why.baseBps, scale),
        h('tr', { class: 'total' }, h('th', { scope: 'row' }, 'Together'), h('td'), h('td', {}, `${signed(why.totalBps, 2)} bps`)))),
    h('p', { class: 'note' }, `What moved the forecast made at ${hourMinute(why.at)} by ${speaker(why.model)}, in bps. ▲ pulls up, ▼ pulls down; exact, and it adds up.`),
  ];
}

function row(name, value, bps, scale, title) {
  const up = bps >= 0;
  const fillBar = h('i', { class: up ? 'up' : 'down' });
  const width = scale > 0 ? (Math.abs(bps) / scale) * 50 : 0;
  fillBar.style.width = `${width}%`;
  fillBar.style.left = `${up ? 50 : 50 - width}%`;
  return h('tr', {},
    h('th', { scope: 'row', title }, name, value === null ? null : h('small', {}, value)),
    h('td', { class: 'bar', 'aria-hidden': 'true' }, h('span', {}, fillBar)),
    h('td', {}, `${bps === 0 ? '' : up ? '▲' : '▼'} ${signed(bps, 2)}`));
}
