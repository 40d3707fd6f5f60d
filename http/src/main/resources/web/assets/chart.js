/** The main chart: which time is seen, what is in it, and what the pointer and the keys do. */

import { h } from './dom.js';
import { dataOf, seriesOf, useFont } from './marks.js';
import { MINUTE } from './records.js';
import { bps, day, fixed, hourMinute, percent, QUALITIES, quantity, speaker } from './words.js';

const SHORTEST_SPAN = 12 * MINUTE;
const LONGEST_SPAN = 13 * 60 * MINUTE;
/** Shares of the price axis kept free: for the volume below, and as air. */
const ROOM_BELOW = 0.2;
const ROOM_ABOVE = 0.07;

/** Draws one symbol's book. `onOlder()` is asked for older candles; `onFollow(following)` hears when the user looks back. */
export class MarketChart {
  book = null;
  scene = null;
  rangeMinutes = 90;
  following = true;
  view = { start: 0, end: 1 };
  now = 0;

  constructor(element, tip, { onOlder, onFollow, onReadout }) {
    Object.assign(this, { element, tip, onOlder, onFollow, onReadout });
    this.chart = echarts.init(element, null, { renderer: 'canvas' });
    this.retheme();
    this.chart.on('datazoom', (event) => this.zoomed(event.batch?.[0] ?? event));
    this.chart.getZr().on('mousemove', (event) => this.pointed(event.offsetX, event.offsetY));
    this.chart.getZr().on('globalout', () => this.unpointed());
    element.addEventListener('keydown', (event) => this.keyPressed(event));
    new ResizeObserver(() => this.resized()).observe(element);
  }

  /** Shows a book as of `now`, market time. */
  show(book, now) {
    if (book !== this.book) this.unpointed();
    this.book = book;
    this.now = now;
    this.draw();
  }

  /** Sees the last so many minutes and goes back to now. */
  setRange(minutes) {
    this.rangeMinutes = minutes;
    this.follow(true);
    this.draw();
  }

  backToNow() {
    this.follow(true);
    this.draw();
  }

  /** Takes colours and font from the style sheet again. */
  retheme() {
    const style = getComputedStyle(document.documentElement);
    const names = ['up', 'down', 'live', 'naive', 'muted', 'text', 'surface', 'raised', 'line', 'repaired', 'miss80', 'miss95'];
    this.colors = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    this.font = getComputedStyle(document.body).fontFamily;
    useFont(this.font);
    this.chart.setOption(this.baseOption(), true);
    if (this.book) this.draw();
  }

  draw() {
    if (this.book === null) return;
    const { book, now } = this;
    const axis = { min: Math.min(book.candles.first?.at ?? now, now - this.rangeMinutes * MINUTE), max: now + book.horizon + MINUTE };
    if (this.following) this.view = { start: now - this.rangeMinutes * MINUTE, end: axis.max };
    this.axis = axis;
    this.scene = this.sceneOf(book, now);
    const right = this.scene.tagWidth;
    const zoom = { startValue: this.view.start, endValue: this.view.end };
    this.chart.setOption({
      grid: { right },
      xAxis: { min: axis.min, max: axis.max },
      yAxis: this.priceAxis(),
      dataZoom: [{ id: 'inside', ...zoom }, { id: 'slider', right, ...zoom }],
      series: dataOf(this.scene),
    });
    this.describe();
    this.readOut(this.hovered);
    if (this.view.start < axis.min + 10 * MINUTE && !book.complete) this.onOlder();
  }

  /** All that the marks need to draw what is in view, and a span to either side for dragging. */
  sceneOf(book, now) {
    const { start, end } = this.view;
    const margin = end - start;
    const candles = book.candles.between(start - margin, end + margin);
    const predictions = book.predictions.between(start - margin - book.horizon, end + margin);
    const newest = book.prediction;
    const price = (value) => fixed(value, book.decimals);
    return {
      book, now, candles, price,
      colors: this.colors,
      view: this.view,
      bands: bandsOf(predictions),
      modelChanges: modelChangesOf(predictions),
      misses: book.outcomes.between(start - margin, end + margin).filter((o) => o.inside80 === false),
      current: newest && newest.predicted !== null && newest.target >= now - MINUTE ? newest : null,
      maxVolume: Math.max(0, ...book.candles.between(start, end).map((c) => c.volume ?? 0)),
      tagWidth: Math.max(52, price(book.lastPrice ?? 0).length * 7 + 16),
    };
  }

  /** The price axis fits what is in view, with room below for the volume. */
  priceAxis() {
    const { start, end } = this.view;
    const { candles, bands, current, price } = this.scene;
    const seen = (at) => at >= start - MINUTE && at <= end;
    const lows = candles.filter((c) => seen(c.at)).map((c) => c.low);
    const highs = candles.filter((c) => seen(c.at)).map((c) => c.high);
    for (const point of bands.flatMap((band) => band.points).filter((p) => seen(p.at))) lows.push(point.low), highs.push(point.high);
    if (current && seen(current.target)) {
      lows.push(current.low95 ?? current.predicted);
      highs.push(current.high95 ?? current.predicted);
    }
    if (lows.length === 0) return { min: 0, max: 1, axisLabel: { show: false } };
    const low = Math.min(...lows);
    const high = Math.max(...highs);
    const height = Math.max(high - low, high * 1e-5);
    return {
      min: low - height * ROOM_BELOW,
      max: high + height * ROOM_ABOVE,
      axisLabel: { show: true, formatter: price },
      axisPointer: { label: { formatter: ({ value }) => price(value) } },
    };
  }

  /** Zooming while following keeps now at the right; only dragging leaves it. */
  zoomed(event) {
    const width = this.axis.max - this.axis.min;
    const start = event.startValue ?? this.axis.min + (event.start / 100) * width;
    const end = event.endValue ?? this.axis.min + (event.end / 100) * width;
    const resized = Math.abs(end - start - (this.view.end - this.view.start)) > MINUTE / 4;
    if (this.following && resized && end < this.axis.max) this.look(Math.max(this.axis.min, this.axis.max - (end - start)), this.axis.max);
    else this.look(start, end);
  }

  /** Looks at a time; near the right edge it follows the market on. */
  look(start, end) {
    const following = end >= this.axis.max - MINUTE;
    if (following) this.rangeMinutes = Math.max(5, (this.now - start) / MINUTE);
    this.view = { start, end };
    this.follow(following);
    this.unpointed();
    requestAnimationFrame(() => this.draw());
  }

  follow(following) {
    this.following = following;
    this.onFollow(following, Math.round(this.rangeMinutes));
  }

  keyPressed(event) {
    const { start, end } = this.view;
    const width = end - start;
    const keys = {
      ArrowLeft: () => this.pan(-width / 8),
      ArrowRight: () => this.pan(width / 8),
      '+': () => this.zoom(0.75),
      '=': () => this.zoom(0.75),
      '-': () => this.zoom(1 / 0.75),
      End: () => this.backToNow(),
    };
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }

  pan(millis) {
    const by = Math.max(this.axis.min - this.view.start, Math.min(this.axis.max - this.view.end, millis));
    this.look(this.view.start + by, this.view.end + by);
  }

  zoom(factor) {
    const { start, end } = this.view;
    const width = Math.max(SHORTEST_SPAN, Math.min(LONGEST_SPAN, (end - start) * factor));
    this.look(Math.max(this.axis.min, end - width), end);
  }

  pointed(x, y) {
    if (this.scene === null || !this.chart.containPixel('grid', [x, y])) return this.unpointed();
    const at = Math.floor(this.chart.convertFromPixel({ xAxisIndex: 0 }, x) / MINUTE) * MINUTE;
    this.hovered = at;
    this.readOut(at);
    const facts = this.factsOf(at);
    this.tip.hidden = facts.length === 0;
    this.tip.replaceChildren(...facts);
    this.placeTip(x);
  }

  unpointed() {
    this.hovered = undefined;
    this.tip.hidden = true;
    if (this.book) this.readOut();
  }

  placeTip(x) {
    const room = this.element.clientWidth;
    const width = this.tip.offsetWidth;
    const left = x + 16 + width > room - 8 ? x - 16 - width : x + 16;
    this.tip.style.left = `${Math.max(4, Math.min(left, room - width - 4))}px`;
  }

  /** The lines of the tooltip for the minute that opens at `at`. */
  factsOf(at) {
    const { price } = this.scene;
    const close = at + MINUTE;
    const c = this.book.candles.get(at);
    const said = this.book.predictions.get(close - this.book.horizon);
    const outcome = this.book.outcomes.get(close);
    const row = (name, value, style) => h('div', { class: style ? `row ${style}` : 'row' }, h('span', {}, name), h('span', {}, value));
    const lines = [];
    if (c) {
      lines.push(h('strong', {}, `${day(at)} ${hourMinute(at)}–${hourMinute(close)}`));
      lines.push(row('Open', price(c.open)), row('High', price(c.high)), row('Low', price(c.low)), row('Close', price(c.close)));
      lines.push(row('Volume', quantity(c.volume)), row('Trades', c.trades === null ? 'not known' : String(c.trades)));
      if (c.quality !== 'COMPLETE') lines.push(h('em', {}, QUALITIES[c.quality] ?? c.quality));
    }
    if (said?.predicted != null) {
      lines.push(h('strong', {}, `Said at ${hourMinute(said.at)} for ${hourMinute(said.target)}`));
      lines.push(row('Predicted', price(said.predicted)), row('80 %', `${price(said.low80)} – ${price(said.high80)}`, verdict(outcome?.inside80)));
      lines.push(row('95 %', `${price(said.low95)} – ${price(said.high95)}`, verdict(outcome?.inside95)));
      lines.push(row('Up', percent(said.up)), row('By', speaker(said.model)));
      if (outcome?.scored) lines.push(row('Error', `${bps(outcome.error / said.last)} bps`), row('Naive’s', `${bps(outcome.naiveError / said.last)} bps`));
    }
    return lines;
  }

  /** Open, high, low, close beside the title: of the minute under the pointer, else of the last one. */
  readOut(at) {
    const c = at === undefined ? this.book.candles.last : this.book.candles.get(at);
    this.onReadout(c, this.scene?.price ?? String);
  }

  describe() {
    const { book, scene: { price, current } } = this;
    const last = book.lastPrice === null ? 'No price yet.' : `Last price ${price(book.lastPrice)}.`;
    const next = current ? ` ${price(current.predicted)} predicted for ${hourMinute(current.target)} UTC.` : '';
    const text = `Candles of ${book.name}. ${last}${next}`;
    if (this.element.getAttribute('aria-label') !== text) this.element.setAttribute('aria-label', text);
  }

  resized() {
    this.chart.resize();
    if (this.book) this.draw();
  }

  baseOption() {
    const { colors, font } = this;
    const touch = matchMedia('(pointer: coarse)').matches;
    const text = { color: colors.muted, fontFamily: font, fontSize: 11.5 };
    const pointer = {
      show: true, type: 'line', snap: false, triggerTooltip: false,
      lineStyle: { color: colors.muted, width: 1, type: [3, 3], opacity: 0.6 },
      label: { backgroundColor: colors.muted, color: colors.surface, fontFamily: font, fontSize: 11.5, padding: [4, 8], margin: 2, shadowBlur: 0 },
    };
    return {
      animation: false,
      useUTC: true,
      grid: { left: 10, right: 70, top: 8, bottom: 46 },
      xAxis: {
        type: 'time',
        axisLine: { lineStyle: { color: colors.line } },
        axisTick: { show: false },
        splitLine: { show: true, lineStyle: { color: colors.line, opacity: 0.45 } },
        axisLabel: { ...text, hideOverlap: true, formatter: (at) => (at % 864e5 === 0 ? day(at) : hourMinute(at)) },
        axisPointer: { ...pointer, label: { ...pointer.label, formatter: ({ value }) => hourMinute(value) } },
      },
      yAxis: {
        type: 'value', position: 'right', splitNumber: 6,
        axisLine: { show: false },
        splitLine: { lineStyle: { color: colors.line, opacity: 0.45 } },
        axisLabel: { ...text, showMinLabel: false, showMaxLabel: false },
        axisPointer: pointer,
      },
      dataZoom: [
        {
          id: 'inside', type: 'inside', filterMode: 'none', minValueSpan: SHORTEST_SPAN, maxValueSpan: LONGEST_SPAN,
          zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: 'shift', moveOnMouseMove: !touch, preventDefaultMouseMove: !touch,
        },
        {
          id: 'slider', type: 'slider', filterMode: 'none', minValueSpan: SHORTEST_SPAN, maxValueSpan: LONGEST_SPAN,
          left: 10, height: 6, bottom: 8, showDetail: false, showDataShadow: false, brushSelect: false,
          borderColor: 'transparent', backgroundColor: colors.raised, fillerColor: colors.line, borderRadius: 3,
          handleIcon: 'circle', handleSize: 12, moveHandleSize: 0,
          handleStyle: { color: colors.surface, borderColor: colors.muted, borderWidth: 1.5 },
          emphasis: { handleStyle: { color: colors.surface, borderColor: colors.text } },
        },
      ],
      series: seriesOf(() => this.scene),
    };
  }
}

const verdict = (inside) => (inside === false ? 'out' : '');

/** Runs of consecutive predictions by the same kind of speaker: `{live, points: [{at: target time, low, high}]}`. */
function bandsOf(predictions) {
  const bands = [];
  let previous = null;
  for (const p of predictions) {
    if (p.low80 === null) continue;
    const live = p.status === 'LIVE';
    const goesOn = previous !== null && p.target - previous.target === MINUTE;
    if (!goesOn || bands.at(-1).live !== live) bands.push({ live, points: goesOn ? [bandPoint(previous)] : [] });
    bands.at(-1).points.push(bandPoint(p));
    previous = p;
  }
  return bands;
}

const bandPoint = (p) => ({ at: p.target, low: p.low80, high: p.high80 });

/** Where another model began to speak. */
function modelChangesOf(predictions) {
  const live = predictions.filter((p) => p.status === 'LIVE');
  return live
    .filter((p, i) => i > 0 && live[i - 1].model !== p.model)
    .map((p) => ({ at: p.at, text: speaker(p.model) }));
}
