/** The page: loads what is, follows what comes, and draws what has changed while somebody looks. */

import { ApiError, get, ofSymbol, serverNow } from './api.js';
import { MarketChart } from './chart.js';
import { byId, h, setText, throttled } from './dom.js';
import { showCountdown, showForecast } from './forecast.js';
import { showClock, showConnection, showFeed, showModel, showSource, showTrouble } from './header.js';
import { prepareHistory, showHistory, tickHistory } from './history.js';
import { Live } from './live.js';
import { Desk } from './market.js';
import { showNews } from './news.js';
import { prepareReasons, showReasons } from './reasons.js';
import * as records from './records.js';
import { showScore } from './score.js';
import { SymbolTabs } from './symbols.js';
import { askForToken, isAsking } from './token.js';
import { fixed, hourMinuteSecond, quantity } from './words.js';

const { MINUTE } = records;
const WINDOWS = '1h,24h,7d';
const RANGES = { '30m': 30, '90m': 90, '3h': 180, '6h': 360, '12h': 720 };
const OLDEST = 13 * 60 * MINUTE;
const SEQ_TIME = { candles: 'candles', predictions: 'predictions', errors: 'outcomes' };
const RETRY_SECONDS = 5;

const desk = new Desk();
const tabs = new SymbolTabs((name) => select(name));
let shown = null;
let connection = { phase: 'connecting' };
let lastFrameAt = null;

// ---- drawing: parts are marked as changed and drawn together, at most four times a second, never while hidden

const changed = new Set();
const changedBooks = new Set();
const parts = {
  header: () => {
    showSource(desk.source);
    showFeed(desk.feed, desk.history);
    showModel(desk, serverNow());
  },
  cards: () => {
    for (const book of changedBooks) tabs.show(book);
    changedBooks.clear();
  },
  chart: () => drawChart(),
  forecast: () => shown && (showForecast(shown), showReasons(shown), tick()),
  history: () => shown && showHistory(shown, marketNow()),
  score: () => shown && showScore(shown),
  news: () => shown && showNews(desk, shown.name, serverNow()),
};

const drawSoon = throttled(() => requestAnimationFrame(drawChanged), 250);

function touch(...names) {
  for (const name of names) changed.add(name);
  if (!document.hidden) drawSoon();
}

function drawChanged() {
  const names = Object.keys(parts).filter((name) => changed.has(name));
  changed.clear();
  for (const name of names) parts[name]();
}

const chart = new MarketChart(byId('chart'), byId('tip'), {
  onOlder: () => loadOlder(),
  onFollow: (following, minutes) => showRange(following, minutes),
  onReadout: (candle, price) => showReadout(candle, price),
});

function drawChart() {
  if (shown === null) return;
  byId('chart-empty').hidden = shown.candles.items.length > 0;
  setText(byId('chart-empty'), shown.loaded
    ? 'No minute has closed yet. The first candle comes within a minute of the first trades.' : 'Loading…');
  setText(byId('chart-symbol'), shown.name);
  chart.show(shown, marketNow());
  document.title = shown.lastPrice === null ? 'Tickcast' : `${fixed(shown.lastPrice, shown.decimals)} ${shown.name} – Tickcast`;
}

function showReadout(candle, price) {
  const parts = candle
    ? { O: price(candle.open), H: price(candle.high), L: price(candle.low), C: price(candle.close), Vol: quantity(candle.volume) } : {};
  byId('readout').replaceChildren(...Object.entries(parts).map(([name, value]) => h('span', {}, h('i', {}, name), value)));
}

/** The market's clock: of a recording it is as far as its last candle; and no candle comes from the future. */
function marketNow() {
  const past = desk.source === 'replay' || ['CATCHING_UP', 'ENDED'].includes(desk.feed.state);
  const closed = desk.lastCloseTime;
  return past && closed !== null ? closed : Math.max(serverNow(), closed ?? 0);
}

function tick() {
  const now = marketNow();
  showClock(serverNow());
  showConnection(connection);
  showCountdown({ now, paced: desk.source !== 'replay', waiting: waitingWords() });
  tickHistory(now);
}

/** Why there is no countdown to the next prediction, or undefined. */
function waitingWords() {
  if (connection.phase === 'waiting' || connection.phase === 'stale') return 'not connected';
  return { SILENT: 'feed silent', PAUSED: 'feed paused', ENDED: 'replay ended', CATCHING_UP: 'catching up', CONNECTING: 'feed connecting' }[desk.feed.state];
}

// ---- loading by REST

/** Loads what every symbol needs; what is shown comes first. */
async function load() {
  const list = (await get('symbols')).data.map(records.symbolState);
  for (const entry of list) desk.book(entry.name).listedPrice = entry.lastPrice;
  desk.source = list[0]?.source ?? desk.source;
  desk.feed.state ??= list[0]?.feedState ?? null;
  tabs.list(list.map((entry) => entry.name));
  touchBook(...desk.books.values());
  touch('header');
  if (shown === null && list.length > 0) show(wishedSymbol() ?? list[0].name);
  if (shown !== null) await loadShown();
  await loadModels();
  for (const book of desk.books.values()) if (book !== shown) await loadBriefly(book);
}

/** The symbol named in the address, when it is one that there is. */
function wishedSymbol() {
  const name = decodeURIComponent(location.hash.slice(1)).replace('-', '/');
  return desk.books.has(name) ? name : undefined;
}

/** What a click on a symbol does. */
function select(name) {
  if (name === shown?.name) return;
  show(name);
  history.replaceState(null, '', `#${name.replace('/', '-')}`);
  reporting(loadShown)();
}

function show(name) {
  shown?.trim(false);
  shown = desk.book(name);
  tabs.select(name);
  byId('to-skill').href = `/skill#${name.replace('/', '-')}`;
  touch('chart', 'forecast', 'history', 'score', 'news');
}

async function loadShown() {
  const book = shown;
  book.complete = false;
  await Promise.all([loadSeries(book, { candles: 240, predictions: 250, errors: 500 }), loadPerformance(book), loadNews(book)]);
  book.loaded = true;
  touchBook(book);
}

/** What a card needs. */
async function loadBriefly(book) {
  await loadSeries(book, { candles: 60, predictions: 6 });
  touchBook(book);
}

const READERS = { candles: records.candle, predictions: records.prediction, errors: records.outcome };

async function loadSeries(book, limits, range = {}) {
  const counts = await Promise.all(Object.entries(limits).map(async ([what, limit]) => {
    const { data } = await get(ofSymbol(book.name, what), { ...range, limit });
    for (const json of data) book[SEQ_TIME[what]].put(READERS[what](json));
    return data.length;
  }));
  return counts[0];
}

async function loadPerformance(book) {
  const answer = await get(ofSymbol(book.name, 'performance'), { window: WINDOWS });
  book.performance = answer.data.map(records.performance);
  if (book === shown) touch('score');
}

const refreshPerformance = throttled(() => shown && !document.hidden && reporting(loadPerformance)(shown), 10_000);

async function loadNews(book) {
  const lists = await Promise.all([book.name, '*'].map((subject) => get(ofSymbol(subject, 'sentiment'), { limit: 30 })));
  desk.addNews(lists.flatMap(({ data }) => data.map(records.headline)));
  touch('news');
}

async function loadModels() {
  desk.models = (await get('models')).data.map(records.model);
  touch('header');
}

let loadingOlder = false;

/** Loads four more hours before what is there, once at a time. */
async function loadOlder() {
  const book = shown;
  const first = book.candles.first?.at;
  if (loadingOlder || !book.loaded || first === undefined) return;
  loadingOlder = true;
  try {
    const range = { from: new Date(first - 240 * MINUTE).toISOString(), to: new Date(first).toISOString() };
    const found = await loadSeries(book, { candles: 240, predictions: 240, errors: 240 }, range);
    if (found === 0 || book.candles.first.at < marketNow() - OLDEST) book.complete = true;
    touch('chart', 'score');
  } catch (failure) {
    report(failure);
  } finally {
    loadingOlder = false;
  }
}

// ---- trouble

/** The task with its failure reported; the answer tells whether it went well. */
function reporting(task) {
  return async (...values) => {
    try {
      await task(...values);
      return true;
    } catch (failure) {
      report(failure);
      return false;
    }
  };
}

function report(failure) {
  if (!(failure instanceof ApiError)) {
    console.error(failure);
    showTrouble('This page has a fault; reloading it may help. The browser’s console says more.');
  } else if (failure.status === 401) askForToken(signedIn);
  else showTrouble(troubleWords(failure));
}

function signedIn() {
  reload();
  live.retryNow();
}

function troubleWords({ status, message }) {
  const asOf = lastFrameAt === null ? '' : ` What you see is from ${hourMinuteSecond(lastFrameAt)} UTC.`;
  if (status === 0) return `${message} Trying again.${asOf}`;
  if (status === 503) return `The server is up, but something it needs is not: ${message} Trying again.${asOf}`;
  return `The server answered with an error (${status}): ${message}${asOf}`;
}

let loading = null;
let retry = null;

/** Loads everything, and again until it has worked; one at a time. */
function reload() {
  clearTimeout(retry);
  loading ??= reporting(load)().then((well) => {
    loading = null;
    if (well) showTrouble('');
    else if (!isAsking()) retry = setTimeout(reload, RETRY_SECONDS * 1000);
  });
}

// ---- following the stream

const frames = {
  candles: (book, json) => takeCandle(book, records.candle(json)),
  predictions: (book, json) => book.predictions.put(records.prediction(json)),
  errors: (book, json) => {
    book.outcomes.put(records.outcome(json));
    if (book === shown) refreshPerformance();
  },
};

function takeFrame({ channel, symbol, data }) {
  lastFrameAt = serverNow();
  if (channel === 'status') data.forEach(takeStatus);
  else if (channel === 'sentiment') {
    desk.addNews(data.map(records.headline));
    touch('news');
  } else if (frames[channel]) {
    const book = desk.book(symbol);
    for (const json of data) frames[channel](book, json);
    book.trim(book === shown);
    touchBook(book);
  }
}

/** A skipped minute means that this page was too slow: what it missed is read again. */
function takeCandle(book, candle) {
  const last = book.candles.last;
  book.candles.put(candle);
  if (last !== undefined && candle.at > last.at + MINUTE) refill(book);
}

const holes = new Set();
const refillSoon = throttled(() => {
  const books = [...holes];
  holes.clear();
  for (const book of books) reporting(book === shown ? loadShown : loadBriefly)(book);
}, 5_000);

function refill(book) {
  holes.add(book);
  refillSoon();
}

function takeStatus(json) {
  const { source, feed, speaker, history } = records.status(json);
  if (desk.speaker !== null && desk.speaker.version !== speaker.version) reporting(loadModels)();
  Object.assign(desk, { source, feed, speaker, history });
  touch('header', 'forecast');
}

function touchBook(...books) {
  for (const book of books) changedBooks.add(book);
  touch('cards', ...(books.includes(shown) ? ['chart', 'forecast', 'history', 'score'] : []));
}

/** The `seq` after which a channel goes on: the oldest that some symbol has; undefined when there is nothing yet. */
function sinceOf(channel) {
  const kind = SEQ_TIME[channel];
  if (kind === undefined) return undefined;
  const times = [...desk.books.values()].map((book) => book[kind].last?.at).filter((at) => at !== undefined);
  return times.length > 0 ? Math.floor(Math.min(...times) / MINUTE) : undefined;
}

const live = new Live({
  onFrame: takeFrame,
  sinceOf,
  onOpen: () => reload(),
  onState: (state) => {
    connection = state;
    document.body.classList.toggle('offline', state.phase === 'waiting' || state.phase === 'stale');
    showConnection(state);
    if (state.phase === 'waiting' && !isAsking()) reload();
  },
});

// ---- controls

function showRange(following, minutes) {
  byId('back-to-now').hidden = following;
  for (const button of byId('ranges').children) {
    button.setAttribute('aria-pressed', String(following && Number(button.dataset.minutes) === minutes));
  }
}

function prepareControls() {
  for (const [name, minutes] of Object.entries(RANGES)) {
    byId('ranges').append(h('button', { type: 'button', 'data-minutes': minutes, onclick: () => chart.setRange(minutes) }, name));
  }
  chart.setRange(innerWidth < 600 ? RANGES['30m'] : RANGES['90m']);
  byId('back-to-now').addEventListener('click', () => chart.backToNow());
  prepareHistory(() => touch('history'));
  prepareReasons(() => shown, report);
  addEventListener('hashchange', () => wishedSymbol() && select(wishedSymbol()));
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => chart.retheme());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    touch('chart', ...changed);
    refreshPerformance();
  });
}

prepareControls();
tick();
setInterval(() => document.hidden || tick(), 1000);
setInterval(() => touch('chart'), 5000);
live.connect();
