/** Everything the page knows, one `Series` of each kind per symbol, bounded so that it may stay open for days. */

import { decimalsOf } from './words.js';

/** Minutes kept of the symbol that is looked at, and of each of the others. */
const KEEP_SHOWN = 1600;
const KEEP_OTHERS = 240;
const KEEP_NEWS = 60;
const DECIMALS_FROM = 30;
const USUAL_HORIZON = 5 * 60_000;

/** Records in the order of their time `at`, one for each. */
export class Series {
  items = [];

  get first() {
    return this.items[0];
  }

  get last() {
    return this.items[this.items.length - 1];
  }

  /** Puts a record at its place; one of the same time is replaced unless it is of a higher revision. */
  put(item) {
    const index = this.indexFrom(item.at);
    const present = this.items[index];
    if (present?.at !== item.at) this.items.splice(index, 0, item);
    else if ((item.revision ?? 0) >= (present.revision ?? 0)) this.items[index] = item;
  }

  /** The record of exactly this time. */
  get(at) {
    const item = this.items[this.indexFrom(at)];
    return item?.at === at ? item : undefined;
  }

  /** The records of `[from, to)`. */
  between(from, to) {
    return this.items.slice(this.indexFrom(from), this.indexFrom(to));
  }

  /** Drops the oldest beyond `most`, a tenth more at a time so that it is seldom done. */
  trim(most) {
    if (this.items.length > most * 1.1) this.items.splice(0, this.items.length - most);
  }

  /** Index of the first record at or after `at`. */
  indexFrom(at) {
    let low = 0;
    let high = this.items.length;
    if (high > 0 && this.items[high - 1].at < at) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.items[middle].at < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What is known about one symbol. */
export class SymbolBook {
  candles = new Series();
  predictions = new Series();
  outcomes = new Series();
  performance = null;
  /** Whether `GET …/candles` has nothing older, and how far back was asked. */
  complete = false;

  constructor(name) {
    this.name = name;
    this.listedPrice = null;
  }

  /** The last known price, or null. */
  get lastPrice() {
    return this.candles.last?.close ?? this.listedPrice;
  }

  /** The newest prediction, or undefined. */
  get prediction() {
    return this.predictions.last;
  }

  /** Milliseconds from as-of to target time. */
  get horizon() {
    const newest = this.predictions.last;
    return newest ? newest.target - newest.at : USUAL_HORIZON;
  }

  /** Decimals that the symbol's prices are written with. */
  get decimals() {
    const recent = this.candles.items.slice(-DECIMALS_FROM).map((candle) => candle.close);
    return Math.max(2, ...[this.listedPrice, ...recent].map(decimalsOf));
  }

  /** Keeps the newest only; more of them for the symbol that is looked at. */
  trim(shown) {
    const most = shown ? KEEP_SHOWN : KEEP_OTHERS;
    for (const series of [this.candles, this.predictions, this.outcomes]) series.trim(most);
    if (!shown && this.candles.items.length >= most) this.complete = false;
  }
}

/** The page's memory. */
export class Desk {
  books = new Map();
  news = [];
  models = [];
  source = null;
  feed = { state: null, detail: '' };
  /** Who speaks, from when and why; null until the server has said so. */
  speaker = null;
  history = '';

  /** The symbol's book; made when it is new. */
  book(name) {
    if (!this.books.has(name)) this.books.set(name, new SymbolBook(name));
    return this.books.get(name);
  }

  /** The card of the model that speaks, or undefined. */
  get champion() {
    const version = this.speaker?.version;
    return this.models.find((model) => (version === undefined ? model.state === 'CHAMPION' : model.version === version));
  }

  /** The newest candle's close time over all symbols, or null. */
  get lastCloseTime() {
    const times = [...this.books.values()].map((book) => book.candles.last?.at ?? 0);
    const newest = Math.max(0, ...times);
    return newest > 0 ? newest + 60_000 : null;
  }

  /** Adds scored headlines, newest first, each once. */
  addNews(headlines) {
    const byKey = new Map([...this.news, ...headlines].map((item) => [item.key, item]));
    this.news = [...byKey.values()].sort((a, b) => b.at - a.at).slice(0, KEEP_NEWS * Math.max(1, this.books.size));
  }

  /** The headlines that concern a symbol or the whole market, newest first. */
  newsOf(symbol) {
    return this.news.filter((item) => item.symbol === '*' || item.symbol === symbol).slice(0, KEEP_NEWS);
  }
}
