/** Scored headlines about the symbol and the market as a whole. */

import { byId, h, outsideLink, setText } from './dom.js';
import { moment, percent, signed } from './words.js';

const MOST = 8;

/** Shows the newest headlines that concern a symbol. */
export function showNews(desk, symbol, now) {
  const items = desk.newsOf(symbol).slice(0, MOST);
  byId('news').replaceChildren(...items.map((item) => entry(item, now)));
  byId('news-empty').hidden = items.length > 0;
  setText(byId('news-note'), items.length > 0 ? `${symbol} and the market` : '');
}

function entry(item, now) {
  const level = item.score > 0.1 ? 'good' : item.score < -0.1 ? 'bad' : '';
  const about = item.symbol === '*' ? 'market' : item.symbol;
  const facts = [`${moment(item.at, now)}`, about, item.scorer, item.confidence === null ? null : `${percent(item.confidence, 0)} sure`];
  return h('li', {},
    h('span', { class: `score-chip num ${level}`, title: item.reason || null }, signed(item.score, 2)),
    h('div', {}, outsideLink(item.link, item.title || 'untitled'), h('p', { class: 'muted num' }, facts.filter(Boolean).join(' · '))));
}
