/** The table of the last predictions and what came of them. */

import { byId, h, setText } from './dom.js';
import { bps, fixed, hourMinute, minutesSeconds, reasonInShort, unscoredWords } from './words.js';

const FIRST_ROWS = 20;
const MORE_ROWS = 30;
const MOST_ROWS = 240;

let rows = FIRST_ROWS;

/** Lets the button show more rows; `redraw` is called then. */
export function prepareHistory(redraw) {
  byId('history-more').addEventListener('click', () => {
    rows = Math.min(MOST_ROWS, rows + MORE_ROWS);
    redraw();
  });
}

/** Shows the newest predictions of a book, newest first. */
export function showHistory(book, now) {
  const newest = book.predictions.items.slice(-rows).reverse();
  byId('history').replaceChildren(...newest.map((p) => row(p, book.outcomes.get(p.target), book)));
  const empty = byId('history-empty');
  empty.hidden = newest.length > 0;
  setText(empty, 'No prediction yet. Each one appears here and is judged when its time has come.');
  byId('history-more').hidden = book.predictions.items.length <= rows || rows >= MOST_ROWS;
  setText(byId('history-note'), newest.length > 0 ? summary(newest, book) : '');
  tickHistory(now);
}

/** Counts the pending ones down; called every second. */
export function tickHistory(now) {
  for (const cell of document.querySelectorAll('#history [data-target]')) {
    const left = Number(cell.dataset.target) - now;
    setText(cell, left > 0 ? `in ${minutesSeconds(left)}` : 'due');
  }
}

function summary(shown, book) {
  const judged = shown.map((p) => book.outcomes.get(p.target)).filter((o) => o?.scored);
  if (judged.length === 0) return '';
  const held = judged.filter((o) => o.inside80).length;
  return `${held} of ${judged.length} inside 80 %`;
}

function row(p, outcome, book) {
  const price = (value) => fixed(value, book.decimals);
  const start = [
    h('th', { scope: 'row' }, hourMinute(p.at)),
    h('td', { class: 'left by', 'data-status': p.status, title: reasonInShort(p) }, p.status === 'LIVE' ? p.model : p.status === 'FALLBACK' ? 'naive' : '–'),
    h('td', { class: 'when-wide dim' }, price(p.last)),
  ];
  if (p.predicted === null) {
    return h('tr', { class: 'silent-row' }, ...start, h('td', { colspan: 7, class: 'left dim' }, `Nothing said: ${reasonInShort(p)}`));
  }
  return h('tr', { class: outcome ? '' : 'pending' }, ...start, h('td', {}, price(p.predicted)), ...outcomeCells(p, outcome, price));
}

function outcomeCells(p, outcome, price) {
  if (outcome === undefined) {
    return [h('td', { class: 'dim', 'data-target': p.target }, ''), h('td'), h('td'), h('td'), h('td'), h('td')];
  }
  if (!outcome.scored) return [h('td', { colspan: 6, class: 'left dim' }, `Not scored: ${unscoredWords(outcome.unscoredReason)}`)];
  const { actual, error, naiveError } = outcome;
  const better = Math.abs(error) < Math.abs(naiveError);
  const worse = Math.abs(error) > Math.abs(naiveError);
  return [
    h('td', {}, price(actual)),
    h('td', { class: better ? 'better' : worse ? 'worse' : '' }, bps(error / p.last)),
    h('td', { class: 'dim' }, bps(naiveError / p.last)),
    h('td', { class: 'mark' }, mark(outcome.inside80, 'inside', 'outside', 'miss80')),
    h('td', { class: 'mark' }, mark(outcome.inside95, 'inside', 'outside', 'miss95')),
    h('td', { class: 'mark' }, way(p, actual)),
  ];
}

function mark(good, yes, no, missStyle) {
  if (good === null) return h('span', { class: 'dim' }, '–');
  return h('span', { class: good ? 'hit' : missStyle, role: 'img', 'aria-label': good ? yes : no, title: good ? yes : no }, good ? '✓' : '✕');
}

/** Whether the price went the predicted way; nothing when none was predicted or it stayed. */
function way(p, actual) {
  const said = Math.sign(p.predicted - p.last);
  const came = Math.sign(actual - p.last);
  if (p.status !== 'LIVE' || said === 0 || came === 0) return h('span', { class: 'dim' }, '–');
  return mark(said === came, 'right way', 'wrong way', 'miss');
}

