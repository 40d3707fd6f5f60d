/** The panel of the present prediction, and the countdown to the next. */

import { byId, h, setText } from './dom.js';
import { MINUTE } from './records.js';
import { bps, explanation, fixed, hourMinute, hourMinuteSecond, minutesSeconds, percent, speaker } from './words.js';

/** Predictions come this long after a minute's end: the grace in which late trades may still arrive. */
const GRACE_MILLIS = 500;

/** Shows the newest prediction of a book. */
export function showForecast(book) {
  const root = byId('forecast');
  const p = book.prediction;
  setText(byId('forecast-title'), `In ${book.horizon / MINUTE} minutes`);
  root.replaceChildren(...(p === undefined ? nothingYet() : p.predicted === null ? abstained(p) : figures(p, book)));
}

function nothingYet() {
  return [h('p', { class: 'empty' }, 'No prediction yet. The first one comes after the first closed minute.')];
}

function abstained(p) {
  return [
    h('div', { class: 'said' }, h('p', { class: 'said-price silent' }, 'Nothing is said'), pill(p)),
    h('p', { class: 'why' }, explanation(p)),
    h('dl', { class: 'figures num' }, fact('Asked at', `${hourMinute(p.at)} UTC`)),
  ];
}

function figures(p, book) {
  const price = (value) => fixed(value, book.decimals);
  const live = p.status === 'LIVE';
  return [
    h('div', { class: 'said', 'data-status': p.status },
      h('p', { class: 'said-price num' }, price(p.predicted)),
      h('p', { class: `said-move num ${live ? way(p.expected) : ''}` }, live ? `${bps(p.expected)} bps` : 'no change'),
      pill(p)),
    h('p', { class: 'said-when num' }, `at ${hourMinuteSecond(p.target)} UTC, `, h('span', { id: 'target-in', 'data-target': p.target }, '')),
    chance(p),
    h('dl', { class: 'figures num' },
      interval('80 %', p.low80, p.high80, p.last, price),
      interval('95 %', p.low95, p.high95, p.last, price),
      fact('From', `${price(p.last)} at ${hourMinute(p.at)}`),
      fact('Made', `${hourMinuteSecond(p.madeAt)} by ${speaker(p.model)}`)),
    h('p', { class: 'why' }, live ? `Model ${p.model} speaks. Naive would say: it stays at ${price(p.last)}.` : explanation(p)),
  ];
}

const way = (change) => (change > 0 ? 'up' : change < 0 ? 'down' : '');

const pill = (p) => h('span', { class: 'pill', 'data-status': p.status }, p.status);

function fact(name, value) {
  return h('div', {}, h('dt', {}, name), h('dd', {}, value));
}

function interval(name, low, high, last, price) {
  if (low === null) return null;
  return h('div', {}, h('dt', {}, name), h('dd', {}, `${price(low)} – ${price(high)}`,
    h('small', {}, `±${fixed(((high - low) / 2 / last) * 1e4, 1)} bps`)));
}

/** The probability that the price rises, as a bar from the middle. */
function chance(p) {
  const share = Math.max(0, Math.min(1, p.up ?? 0.5));
  const fill = h('span', { class: `chance-fill ${share >= 0.5 ? 'up' : 'down'}` });
  fill.style.left = `${Math.min(share, 0.5) * 100}%`;
  fill.style.width = `${Math.abs(share - 0.5) * 100}%`;
  return h('div', { class: 'chance' },
    h('span', { class: 'num' }, `down ${percent(1 - share)}`),
    h('span', { class: 'chance-bar', 'aria-hidden': 'true' }, fill),
    h('span', { class: 'num' }, `up ${percent(share)}`));
}

/** Counts down to the next prediction and to the present one's target; called every second. */
export function showCountdown({ now, paced, waiting }) {
  const into = (now - GRACE_MILLIS) % MINUTE;
  setText(byId('countdown'), waiting ?? (paced ? `next in ${minutesSeconds(MINUTE - into)}` : 'at the pace of the replay'));
  byId('minute-bar').style.transform = `scaleX(${paced && !waiting ? (into / MINUTE).toFixed(3) : 0})`;
  const targetIn = byId('target-in');
  if (targetIn === null) return;
  const left = Number(targetIn.dataset.target) - now;
  setText(targetIn, left > 0 ? `in ${minutesSeconds(left)}` : 'has passed');
}
