/** The score against naive: skill with its interval, direction, coverage as promised and as observed. */

import { byId, h, setText, svg } from './dom.js';
import { MINUTE } from './records.js';
import { count, fixed, hourMinute, percent, signedPercent, speaker } from './words.js';

const THIN_EVIDENCE = 60;
const ROLLING = 60;
const TREND = { width: 300, height: 64 };
const WINDOWS = { '1h': '1 hour', '24h': '24 hours', '7d': '7 days' };

/** Shows a book's performance windows. */
export function showScore(book) {
  setText(byId('score-symbol'), book.name);
  const windows = book.performance;
  byId('score').replaceChildren(...(windows === null
    ? [h('p', { class: 'empty' }, 'Loading the score…')]
    : [h('p', { class: 'verdict' }, ...verdict(windows)), table(windows, book.lastPrice), trend(book), byModel(windows)].filter(Boolean)));
}

/** One honest sentence, from the longest window that says something. */
function verdict(windows) {
  const judged = windows.filter((w) => w.count > 0);
  if (judged.length === 0) return ['No prediction has matured yet. The score begins when the first one has.'];
  const w = judged.find((candidate) => candidate.window === '24h') ?? judged.at(-1);
  const period = `over ${WINDOWS[w.window] ?? w.window}`;
  const matured = w.count === 1 ? 'one prediction' : `${count(w.count)} predictions`;
  if (w.skill === null || w.mae === w.naiveMae) {
    return [h('b', {}, 'Nothing to compare'), ` ${period}: only the naive forecast spoke.`];
  }
  if (w.low === null || w.high === null || w.count < THIN_EVIDENCE) {
    return [h('b', {}, 'Too early to judge.'), ` Only ${matured} matured ${period}.`];
  }
  const range = `${signedPercent(w.low)} to ${signedPercent(w.high)}`;
  if (w.low > 0) return [h('b', { class: 'good' }, 'Better than naive'), ` ${period}: skill ${signedPercent(w.skill)}, credibly ${range}.`];
  if (w.high < 0) return [h('b', { class: 'bad' }, 'Worse than naive'), ` ${period}: skill ${signedPercent(w.skill)}, credibly ${range}.`];
  return [h('b', {}, 'Not better than naive so far'), ` ${period}: a skill of ${range} fits what was seen.`];
}

function table(windows, price) {
  const inBps = (error) => fixed(error === null || !price ? null : (error / price) * 1e4, 1);
  const scale = Math.max(0.02, ...windows.flatMap((w) => [Math.abs(w.low ?? 0), Math.abs(w.high ?? 0)]));
  const row = (name, cell, title) => h('tr', {}, h('th', { scope: 'row', title }, name), ...windows.map((w) => h('td', {}, cell(w))));
  return h('table', { class: 'score num' },
    h('thead', {}, h('tr', {}, h('td'), ...windows.map((w) => h('th', { scope: 'col' }, WINDOWS[w.window] ?? w.window)))),
    h('tbody', {},
      row('Skill', (w) => skill(w), 'How much smaller the mean error is than naive’s'),
      row('', (w) => whisker(w, scale)),
      row('Error, bps', (w) => (w.mae === null ? '–' : `${inBps(w.mae)} vs ${inBps(w.naiveMae)}`), 'Mean absolute error in bps, then naive’s'),
      row('Right way', (w) => percent(w.direction), 'Share of predicted directions that came true'),
      row('Inside 80 %', (w) => observed(w, 0.8), 'Share of prices inside the 80 % interval'),
      row('Inside 95 %', (w) => observed(w, 0.95), 'Share of prices inside the 95 % interval'),
      row('Judged', (w) => count(w.count), 'Matured predictions')));
}

function skill(w) {
  const sure = w.count >= THIN_EVIDENCE && w.low !== null;
  const level = sure && w.low > 0 ? 'good' : sure && w.high < 0 ? 'bad' : '';
  return h('b', { class: level }, signedPercent(w.skill));
}

/** The skill's interval as a line, its middle as a dot, naive as the upright line. */
function whisker(w, scale) {
  if (w.low === null || w.high === null) return '';
  const x = (value) => (36 + (Math.max(-scale, Math.min(scale, value)) / scale) * 33).toFixed(1);
  const words = `${signedPercent(w.low)} to ${signedPercent(w.high)}`;
  return svg('svg', { class: 'whisker', viewBox: '0 0 72 12', role: 'img', 'aria-label': `Skill interval ${words}` },
    svg('title', {}, words),
    svg('line', { class: 'zero', x1: 36, x2: 36, y1: 0, y2: 12 }),
    svg('line', { class: 'range', x1: x(w.low), x2: x(w.high), y1: 6, y2: 6 }),
    svg('circle', { cx: x(w.skill ?? 0), cy: 6, r: 2.5 }));
}

function observed(w, promised) {
  const coverage = w.coverage.find((c) => Math.abs(c.promised - promised) < 1e-9);
  if (!coverage || coverage.observed === null) return '–';
  const held = Math.round(coverage.observed * w.count);
  return h('span', { title: `${count(held)} of ${count(w.count)}` }, percent(coverage.observed));
}

/** Skill over the last hour at each minute, from the outcomes that the page holds. */
function trend(book) {
  const points = rollingSkill(book.outcomes.items.filter((o) => o.scored));
  if (points.length < 30) return null;
  const scale = Math.max(0.05, ...points.map((p) => Math.min(0.5, Math.abs(p.skill))));
  const [from, to] = [points[0].at, points.at(-1).at];
  const x = (at) => ((at - from) / Math.max(MINUTE, to - from)) * TREND.width;
  const y = (value) => TREND.height / 2 - (Math.max(-scale, Math.min(scale, value)) / scale) * (TREND.height / 2 - 3);
  const path = points.map((p) => `${x(p.at).toFixed(1)},${y(p.skill).toFixed(1)}`).join(' ');
  return h('figure', { class: 'trend num' },
    h('figcaption', {}, 'Skill of the hour before'),
    h('div', { class: 'trend-plot' },
      svg('svg', { viewBox: `0 0 ${TREND.width} ${TREND.height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': 'Rolling skill over time' },
        svg('line', { class: 'zero', x1: 0, x2: TREND.width, y1: TREND.height / 2, y2: TREND.height / 2 }),
        svg('polyline', { points: path })),
      h('span', { class: 'trend-top' }, signedPercent(scale, 0)),
      h('span', { class: 'trend-zero' }, 'naive'),
      h('span', { class: 'trend-bottom' }, signedPercent(-scale, 0))),
    h('div', { class: 'trend-times' }, h('span', {}, hourMinute(from)), h('span', {}, hourMinute(to))));
}

function rollingSkill(outcomes) {
  const points = [];
  let error = 0;
  let naive = 0;
  outcomes.forEach((o, i) => {
    error += Math.abs(o.error);
    naive += Math.abs(o.naiveError);
    if (i >= ROLLING) {
      error -= Math.abs(outcomes[i - ROLLING].error);
      naive -= Math.abs(outcomes[i - ROLLING].naiveError);
    }
    if (i >= ROLLING - 1 && naive > 0) points.push({ at: o.at, skill: 1 - error / naive });
  });
  return points;
}

/** Who spoke in 24 hours, when it was more than one. */
function byModel(windows) {
  const w = windows.find((candidate) => candidate.window === '24h');
  if (!w || w.byModel.length < 2) return null;
  const parts = w.byModel.map((m) => `${speaker(m.model)}: ${m.model === 'naive' ? '' : `${signedPercent(m.skill)}, `}${count(m.count)} judged`);
  return h('p', { class: 'by-model num' }, `In 24 hours – ${parts.join(' · ')}`);
}
