/**
 * What is drawn into the chart: each mark is an ECharts custom series whose `renderItem` reads the present `scene`
 * (see chart.js). Coordinates are time in epoch milliseconds and price.
 */

import { MINUTE } from './records.js';

const VOLUME_SHARE = 0.13;
const CONE_STEPS = 14;
const TAG_HEIGHT = 18;

/** The series of the chart, back to front. `scene()` answers what is to be drawn now. */
export function seriesOf(scene) {
  const mark = (id, z, render, clip = true) => ({
    id, type: 'custom', z, clip, silent: true, animation: false, encode: { x: 0, y: 1 }, data: [],
    renderItem: (params, api) => render(scene(), params, api),
  });
  return [
    mark('volume', 1, volume),
    mark('band', 2, band),
    mark('cone', 3, cone),
    mark('candles', 4, candle),
    mark('misses', 5, miss),
    mark('overlay', 6, overlay, false),
  ];
}

/** How many data items each series has in a scene. */
export function dataOf(scene) {
  const { book, now } = scene;
  const anchor = [[now, book.lastPrice ?? 0]];
  return [
    { id: 'volume', data: scene.candles.map((c) => [c.at, c.close]) },
    { id: 'band', data: scene.bands.map(({ points }) => [points[0].at, points[0].low]) },
    { id: 'cone', data: scene.current ? anchor : [] },
    { id: 'candles', data: scene.candles.map((c) => [c.at, c.close]) },
    { id: 'misses', data: scene.misses.map((o) => [o.at, o.actual]) },
    { id: 'overlay', data: anchor },
  ];
}

const direction = (c) => (c.close >= c.open ? 'up' : 'down');

function minuteWidth(api) {
  return Math.max(1, Math.min(15, api.size([MINUTE, 0])[0] * 0.68));
}

function volume({ candles, colors, maxVolume }, params, api) {
  const c = candles[params.dataIndex];
  if (!c.volume || !maxVolume) return null;
  const { y, height } = params.coordSys;
  const [middle] = api.coord([c.at + MINUTE / 2, c.close]);
  const width = minuteWidth(api);
  const tall = Math.max(1, (c.volume / maxVolume) * height * VOLUME_SHARE);
  return {
    type: 'rect',
    shape: { x: middle - width / 2, y: y + height - tall, width, height: tall },
    style: { fill: colors[direction(c)], opacity: 0.28 },
  };
}

function candle({ candles, colors }, params, api) {
  const c = candles[params.dataIndex];
  const middle = Math.round(api.coord([c.at + MINUTE / 2, c.close])[0]);
  const y = (price) => api.coord([c.at, price])[1];
  const width = minuteWidth(api);
  if (c.quality === 'EMPTY') return flat(middle, y(c.close), width, colors.muted);
  const color = colors[direction(c)];
  const partial = c.quality === 'PARTIAL';
  const children = [wick(middle, y(c.high), y(c.low), color, partial), body(middle, y(c.open), y(c.close), width, color, partial)];
  if (c.quality === 'REPAIRED' && width >= 3) children.push(dot(middle, y(c.low) + 6, 1.5, colors.repaired));
  return { type: 'group', children };
}

function flat(x, y, width, stroke) {
  return line(x - width / 2, y, x + width / 2, y, { stroke, lineWidth: 1.5 });
}

function wick(x, high, low, stroke, partial) {
  return line(x + 0.5, high, x + 0.5, low, { stroke, lineWidth: 1, lineDash: partial ? [2, 2] : null });
}

function body(x, open, close, width, color, partial) {
  const top = Math.min(open, close);
  const height = Math.max(1, Math.abs(open - close));
  const shape = { x: x + 0.5 - width / 2, y: top, width, height };
  return partial
    ? { type: 'rect', shape, style: { fill: 'transparent', stroke: color, lineWidth: 1, lineDash: [2, 2] } }
    : { type: 'rect', shape, style: { fill: color } };
}

/** The 80 % intervals of past predictions at their target times: where the price was expected to be. */
function band({ bands, colors }, params, api) {
  const { live, points } = bands[params.dataIndex];
  const color = colors[live ? 'live' : 'naive'];
  const low = points.map((p) => api.coord([p.at, p.low]));
  const high = points.map((p) => api.coord([p.at, p.high]));
  const edge = { stroke: color, lineWidth: 1, opacity: 0.32, fill: null };
  return {
    type: 'group',
    children: [
      { type: 'polygon', shape: { points: [...high, ...low.reverse()] }, style: { fill: color, opacity: 0.09 } },
      { type: 'polyline', shape: { points: high }, style: edge },
      { type: 'polyline', shape: { points: low }, style: edge },
    ],
  };
}

/** Prices that came outside the 80 % interval, hollow, or even outside the 95 % one, filled. */
function miss({ misses, colors }, params, api) {
  const o = misses[params.dataIndex];
  const [x, y] = api.coord([o.at, o.actual]);
  const style = o.inside95
    ? { fill: colors.surface, stroke: colors.miss80, lineWidth: 1.5 }
    : { fill: colors.miss95, stroke: colors.surface, lineWidth: 1 };
  return { type: 'circle', shape: { cx: x, cy: y, r: Math.max(1.8, Math.min(3.5, minuteWidth(api) * 0.6)) }, style };
}

/** The present prediction: path from the last price to the predicted one, and its intervals, widening as √time does. */
function cone({ current: p, colors }, params, api) {
  const color = colors[p.status === 'LIVE' ? 'live' : 'naive'];
  const at = (u, price) => api.coord([p.at + (p.target - p.at) * u, price]);
  const center = (u) => p.last + (p.predicted - p.last) * u;
  const edge = (bound) => Array.from({ length: CONE_STEPS + 1 }, (_, i) => {
    const u = i / CONE_STEPS;
    return at(u, center(u) + (bound - p.predicted) * Math.sqrt(u));
  });
  const area = (low, high, opacity) => ({
    type: 'polygon', shape: { points: [...edge(high), ...edge(low).reverse()] }, style: { fill: color, opacity },
  });
  const [x, y] = at(1, p.predicted);
  return {
    type: 'group',
    children: [
      ...(p.low95 === null ? [] : [area(p.low95, p.high95, 0.16)]),
      ...(p.low80 === null ? [] : [area(p.low80, p.high80, 0.24)]),
      { type: 'polyline', shape: { points: [at(0, p.last), [x, y]] }, style: { stroke: color, lineWidth: 2, fill: null } },
      dot(x, y, 3.5, color),
    ],
  };
}

/** Lines and tags over everything: now, model changes, the last and the predicted price on the axis. */
function overlay(scene, params, api) {
  const { colors, now, book, current, view } = scene;
  const { x: left, y: top, width, height } = params.coordSys;
  const right = left + width;
  const children = [];
  const upright = (at, text, color, dash) => {
    const x = Math.round(api.coord([at, 0])[0]) + 0.5;
    if (x < left || x > right) return;
    children.push(line(x, top, x, top + height, { stroke: color, lineWidth: 1, lineDash: dash, opacity: 0.7 }));
    children.push(label(x - 5, top + 3, text, color, 'right'));
  };
  for (const change of scene.modelChanges) upright(change.at, change.text, colors.live, [1, 3]);
  if (now >= view.start) upright(now, 'now', colors.muted, [4, 4]);
  if (book.lastPrice === null) return { type: 'group', children };

  const y = (price) => api.coord([now, price])[1];
  const within = (value) => value > top && value < top + height;
  const lastY = y(book.lastPrice);
  if (within(lastY)) {
    children.push(line(left, lastY, right, lastY, { stroke: colors.muted, lineWidth: 1, lineDash: [1, 3], opacity: 0.8 }));
    children.push(tag(right, lastY, scene.price(book.lastPrice), colors.text, colors.surface, scene.tagWidth));
  }
  if (current && scene.price(current.predicted) !== scene.price(book.lastPrice) && within(y(current.predicted))) {
    const fill = colors[current.status === 'LIVE' ? 'live' : 'naive'];
    const tagY = apart(y(current.predicted), lastY, current.predicted >= book.lastPrice);
    children.push(tag(right, tagY, scene.price(current.predicted), fill, colors.surface, scene.tagWidth));
  }
  return { type: 'group', children };
}

/** Moves a tag up or down until it does not cover the other. */
function apart(y, other, up) {
  if (Math.abs(y - other) >= TAG_HEIGHT + 1) return y;
  return other + (up ? -1 : 1) * (TAG_HEIGHT + 1);
}

function tag(x, y, text, fill, ink, width) {
  return {
    type: 'group',
    children: [
      { type: 'rect', shape: { x: x + 2, y: y - TAG_HEIGHT / 2, width: width - 4, height: TAG_HEIGHT, r: 3 }, style: { fill } },
      {
        type: 'text', style: {
          text, x: x + 8, y, fill: ink, font: `600 11.5px ${tag.font}`, textVerticalAlign: 'middle', textAlign: 'left',
        },
      },
    ],
  };
}

/** Family of the tags' text; set by the chart from the style sheet. */
tag.font = 'sans-serif';

/** Sets the font family of everything that is written into the chart. */
export function useFont(family) {
  tag.font = family;
}

function label(x, y, text, fill, textAlign) {
  return { type: 'text', style: { text, x, y, fill, font: `11px ${tag.font}`, textAlign, textVerticalAlign: 'top' } };
}

function line(x1, y1, x2, y2, style) {
  return { type: 'line', shape: { x1, y1, x2, y2 }, style };
}

function dot(cx, cy, r, fill) {
  return { type: 'circle', shape: { cx, cy, r }, style: { fill } };
}
