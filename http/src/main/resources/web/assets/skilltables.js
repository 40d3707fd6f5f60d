/** The tables of the skill page: by symbol, by hour, and whether intervals hold. */

import { h } from './dom.js';
import { COVERAGES, coverageOf, judge, judgeCoverage, LEAST_EVIDENCE, LEAST_OF_AN_HOUR, markOf, VERDICTS } from './verdict.js';
import { whisker } from './whisker.js';
import { count, fixed, percent, signedFine, signedPercent } from './words.js';

const ALL = 'All symbols';
const PROMISES = [0.8, 0.95];

const BLANK = { text: '' };
const BLANK_DRAWN = { text: '', style: 'drawn' };

const head = (...names) => h('thead', {}, h('tr', {}, ...names.map((name, i) => h('th', { scope: 'col', class: i === 0 ? 'left' : name.style ?? '' }, name.text ?? name))));

/** Skill with its range by symbol, all together first; a click on a name looks at that symbol. */
export function symbolTable(window, scope, choose) {
  const rows = [{ ...window, name: ALL, scope: '*' }, ...window.bySymbol.map((score) => ({ ...score, name: score.symbol, scope: score.symbol }))];
  const ends = rows.filter((r) => r.low !== null).flatMap((r) => [Math.abs(r.low), Math.abs(r.high)]);
  const most = Math.max(0.01, ...ends);
  return h('table', { class: 'facts-table num' },
    head('Symbol', 'Skill', { text: '95 % range', style: 'wide-only' }, { text: 'against naive', style: 'drawn' }, { text: 'Verdict', style: 'verdict-head' }, { text: 'Right way', style: 'wide-only' }, 'Judged'),
    h('tbody', {}, ...rows.map((r) => symbolRow(r, most, scope, choose))));
}

function symbolRow(r, most, scope, choose) {
  const verdict = judge(r);
  const compared = verdict !== 'same';
  const range = r.low === null || !compared ? '–' : `${signedFine(r.low)} to ${signedFine(r.high)}`;
  return h('tr', { class: r.scope === scope ? 'chosen' : '' },
    h('th', { scope: 'row' }, h('button', { type: 'button', class: 'link', 'aria-pressed': String(r.scope === scope), onclick: () => choose(r.scope) }, r.name)),
    h('td', {}, compared ? signedFine(r.skill) : '–'),
    h('td', { class: 'wide-only dim' }, range),
    h('td', { class: 'drawn' }, !compared || r.skill === null ? '' : whisker({
      value: r.skill, low: r.low, high: r.high, zero: 0, from: -most, to: most, words: `${signedFine(r.skill)}, ${range}`, style: `mark-${verdict}`,
    })),
    h('td', { class: 'verdict-cell' }, markOf(verdict), ' ', h('span', { class: verdict === 'thin' ? 'few' : 'word', title: verdict === 'thin' ? `judged of the ${LEAST_EVIDENCE} that a verdict needs` : null }, verdictWords(verdict, r.count, LEAST_EVIDENCE))),
    h('td', { class: 'wide-only' }, percent(r.direction)),
    h('td', {}, count(r.count)));
}

const verdictWords = (verdict, judged, least) =>
  (verdict === 'thin' && judged < least ? `${count(judged)} of ${least}` : VERDICTS[verdict].words);

/** Observed coverage with its range by symbol, all together first. */
export function coverageTable(window, scope) {
  const rows = [{ ...window, name: ALL, scope: '*' }, ...window.bySymbol.map((score) => ({ ...score, name: score.symbol, scope: score.symbol }))];
  const reaches = PROMISES.map((promised) => reachOf(rows, promised));
  return h('table', { class: 'facts-table num' },
    head('Symbol', '80 % interval', BLANK_DRAWN, BLANK, '95 % interval', BLANK_DRAWN, BLANK),
    h('tbody', {}, ...rows.map((r) => h('tr', { class: r.scope === scope ? 'chosen' : '' },
      h('th', { scope: 'row' }, r.name), ...PROMISES.flatMap((promised, i) => coverageCells(r, promised, reaches[i]))))));
}

/** How far from the promise the drawings reach, for all rows alike. */
function reachOf(rows, promised) {
  const known = rows.map((r) => coverageOf(r, promised)).filter((c) => c && c.observed !== null);
  return Math.max(0.02, ...known.flatMap((c) => [c.observed, c.low ?? promised, c.high ?? promised]).map((share) => Math.abs(share - promised)));
}

function coverageCells(r, promised, reach) {
  const c = coverageOf(r, promised);
  if (!c || c.observed === null) return [h('td', {}, '–'), h('td', { class: 'drawn' }), h('td', {})];
  const verdict = judgeCoverage(c, r.count);
  const range = c.low === null ? '' : `${fixed(c.low * 100, 1)} to ${percent(c.high)}`;
  return [
    h('td', {}, percent(c.observed), h('small', { class: 'dim' }, range)),
    h('td', { class: 'drawn' }, whisker({
      value: c.observed, low: c.low, high: c.high, zero: promised, from: promised - reach, to: promised + reach,
      words: `${percent(c.observed)} of ${percent(promised, 0)} promised, ${range}`, style: `mark-${verdict}`,
    })),
    h('td', { class: 'verdict-cell' }, h('span', { class: `mark-${verdict}`, role: 'img', 'aria-label': COVERAGES[verdict].words, title: COVERAGES[verdict].words }, COVERAGES[verdict].mark),
      ' ', h('span', { class: 'word', 'aria-hidden': 'true' }, COVERAGES[verdict].words)),
  ];
}

const hourName = (hour) => `${String(hour).padStart(2, '0')}:00`;

/** The hours' skill in figures. */
export function hoursTable(hours) {
  return h('table', { class: 'facts-table num' }, head('Hour', 'Skill', '95 % range', { text: 'Verdict', style: 'verdict-head' }, 'Judged'),
    h('tbody', {}, ...hours.map((r) => {
      const verdict = judge(r, LEAST_OF_AN_HOUR);
      return h('tr', {}, h('th', { scope: 'row' }, hourName(r.hour)), h('td', {}, signedPercent(r.skill, 1)),
        h('td', {}, r.low === null ? '–' : `${signedPercent(r.low, 1)} to ${signedPercent(r.high, 1)}`),
        h('td', { class: 'verdict-cell' }, `${VERDICTS[verdict].mark} ${verdictWords(verdict, r.count, LEAST_OF_AN_HOUR)}`), h('td', {}, count(r.count)));
    })));
}

/** The hours' coverage in figures. */
export function heldTable(hours) {
  const cell = (r, promised) => {
    const c = coverageOf(r, promised);
    if (!c) return h('td', {}, '–');
    const verdict = judgeCoverage(c, r.count, LEAST_OF_AN_HOUR);
    const range = c.low === null ? '' : ` (${fixed(c.low * 100, 0)} to ${percent(c.high, 0)})`;
    return h('td', {}, `${COVERAGES[verdict].mark} ${percent(c.observed)}${range}`);
  };
  return h('table', { class: 'facts-table num' }, head('Hour', 'of 80 %', 'of 95 %', 'Judged'),
    h('tbody', {}, ...hours.map((r) => h('tr', {}, h('th', { scope: 'row' }, hourName(r.hour)), cell(r, 0.8), cell(r, 0.95), h('td', {}, count(r.count))))));
}
