/** The row of symbols: one tab each with price, the last hour as a line, and what is predicted. */

import { byId, h, setText, svg } from './dom.js';
import { bps, fixed, percent, reasonInShort } from './words.js';

const SPARK = { width: 84, height: 30, minutes: 60 };

/** Tabs in the manner of WAI-ARIA: one is in the tab order, arrow keys walk. `onSelect(name)` hears a choice. */
export class SymbolTabs {
  cards = new Map();
  selected = null;

  constructor(onSelect) {
    this.onSelect = onSelect;
    this.root = byId('symbols');
    this.root.addEventListener('keydown', (event) => this.keyPressed(event));
  }

  /** Makes a card for each symbol that has none. */
  list(names) {
    for (const name of names) {
      if (this.cards.has(name)) continue;
      const card = newCard(name, () => this.onSelect(name));
      this.cards.set(name, card);
      this.root.append(card.root);
    }
  }

  select(name) {
    this.selected = name;
    for (const [other, { root }] of this.cards) {
      root.setAttribute('aria-selected', String(other === name));
      root.tabIndex = other === name ? 0 : -1;
    }
    const { root } = this.cards.get(name);
    byId('board').setAttribute('aria-labelledby', root.id);
    root.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** Shows what a book says on its card. */
  show(book) {
    const card = this.cards.get(book.name);
    if (!card) return;
    setText(card.price, fixed(book.lastPrice, book.decimals));
    showSpark(card.spark, book.candles.items.slice(-SPARK.minutes).map((candle) => candle.close));
    showPrediction(card, book.prediction);
  }

  keyPressed(event) {
    const names = [...this.cards.keys()];
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -names.length, End: names.length };
    const step = steps[event.key];
    if (step === undefined || names.length === 0) return;
    event.preventDefault();
    const at = names.indexOf(this.selected) + step;
    const index = Math.abs(step) > 1 ? Math.max(0, Math.min(names.length - 1, at)) : (at + names.length) % names.length;
    this.onSelect(names[index]);
    this.cards.get(names[index]).root.focus();
  }
}

function newCard(name, onclick) {
  const card = {
    price: h('span', { class: 'card-price num' }, '–'),
    spark: svg('svg', { class: 'spark', viewBox: `0 0 ${SPARK.width} ${SPARK.height}`, 'aria-hidden': 'true' }),
    status: h('span', { class: 'pill' }, '–'),
    move: h('span', { class: 'card-move num' }, ''),
    note: h('span', { class: 'card-note num' }, ''),
  };
  card.root = h('button', {
    type: 'button', role: 'tab', class: 'card', id: `tab-${name.replace('/', '-')}`, 'aria-controls': 'board', tabindex: -1, onclick,
  },
  h('span', { class: 'card-line' }, h('span', { class: 'card-name' }, name), card.status),
  h('span', { class: 'card-line' }, card.price, card.spark),
  h('span', { class: 'card-line card-said' }, card.move, card.note));
  return card;
}

function showPrediction(card, prediction) {
  if (prediction === undefined) {
    setText(card.status, '–');
    setText(card.note, 'no prediction yet');
    return;
  }
  card.status.dataset.status = prediction.status;
  setText(card.status, prediction.status);
  const live = prediction.status === 'LIVE';
  setText(card.move, live ? `${bps(prediction.expected)} bps` : '');
  card.move.dataset.way = live ? way(prediction.expected) : '';
  setText(card.note, live ? `up ${percent(prediction.up, 0)}` : reasonInShort(prediction));
}

const way = (change) => (change > 0 ? 'up' : change < 0 ? 'down' : '');

function showSpark(root, closes) {
  if (closes.length < 2) return root.replaceChildren();
  const low = Math.min(...closes);
  const height = Math.max(...closes) - low || 1;
  const points = closes.map((close, i) => {
    const x = (i / (closes.length - 1)) * (SPARK.width - 2) + 1;
    const y = SPARK.height - 3 - ((close - low) / height) * (SPARK.height - 6);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  root.dataset.way = way(closes.at(-1) - closes[0]);
  root.replaceChildren(svg('polyline', { points: points.join(' ') }));
}
