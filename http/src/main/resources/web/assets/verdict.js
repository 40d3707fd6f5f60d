/** What a score is worth, in one word, one mark and whole sentences: the one place that decides it. */

import { h } from './dom.js';
import { count, fixed, percent, signedFine } from './words.js';

/** Judged predictions below which nothing is concluded: as many as the system itself asks for before it silences a model. */
export const LEAST_EVIDENCE = 500;
/** The same for one hour of the day. */
export const LEAST_OF_AN_HOUR = 60;

export const WINDOWS = { '24h': '24 hours', '7d': '7 days' };

/** Marks and words, so that no colour is needed. */
export const VERDICTS = {
  better: { mark: '▲', words: 'better' },
  worse: { mark: '▼', words: 'worse' },
  open: { mark: '●', words: 'not credibly better' },
  thin: { mark: '○', words: 'not enough yet' },
  same: { mark: '–', words: 'only naive spoke' },
};

/** Which of them a score `{count, skill, low, high, mae, naiveMae}` is. */
export function judge(score, least = LEAST_EVIDENCE) {
  if (score.count > 0 && score.mae === score.naiveMae && score.directions === 0) return 'same';
  if (score.count < least || score.skill === null || score.low === null || score.high === null) return 'thin';
  if (score.low > 0) return 'better';
  return score.high < 0 ? 'worse' : 'open';
}

/** A mark with its word for those who hear the page. */
export function markOf(verdict) {
  const { mark, words } = VERDICTS[verdict];
  return h('span', { class: `mark-${verdict}`, role: 'img', 'aria-label': words, title: words }, mark);
}

/** The answer to the page's question, as children of a paragraph. */
export function headline(score, window, who) {
  const period = `the last ${WINDOWS[window] ?? window}`;
  const verdict = judge(score);
  if (score.count === 0) return ['Nothing has been judged yet. ', h('span', { class: 'muted' }, 'A prediction is judged when its five minutes have passed.')];
  if (verdict === 'same') return [`Over ${period} only the naive forecast spoke${who}: `, h('b', {}, 'nothing to compare.')];
  if (verdict === 'thin') {
    return ['Not enough yet: ', h('b', { class: 'num' }, `${count(score.count)} of ${LEAST_EVIDENCE} judged`),
      ` over ${period}${who}.`, score.skill === null ? '' : h('span', { class: 'muted' }, ` So far ${amount(score.skill)}.`)];
  }
  const range = `${signedFine(score.low)} to ${signedFine(score.high)}`;
  return [`Over ${period} the forecast${who} was `, h('b', { class: 'num' }, amount(score.skill)),
    ` than “the price stays as it is” (95 %: `, h('span', { class: 'num' }, range), '): ',
    h('b', { class: `mark-${verdict}` }, `${VERDICTS[verdict].mark} ${conclusion(verdict, score)}.`)];
}

const amount = (skill) => (Math.abs(skill) < 5e-5 ? 'neither better nor worse' : `${fixed(Math.abs(skill) * 100, 2)}\u00a0% ${skill > 0 ? 'better' : 'worse'}`);

function conclusion(verdict, score) {
  if (verdict !== 'open') return VERDICTS[verdict].words;
  return score.skill > 0 ? 'not credibly better' : 'not better, and not credibly worse';
}

/** Whether a coverage `{promised, observed, low, high}` is what was promised. */
export function judgeCoverage(coverage, judged, least = LEAST_EVIDENCE) {
  if (!coverage || coverage.observed === null || coverage.low === null || judged < least) return 'thin';
  if (coverage.high < coverage.promised) return 'narrow';
  return coverage.low > coverage.promised ? 'wide' : 'holds';
}

export const COVERAGES = {
  holds: { mark: '✓', words: 'holds' },
  narrow: { mark: '▼', words: 'too narrow' },
  wide: { mark: '▲', words: 'too wide' },
  thin: { mark: '○', words: 'not enough' },
};

/** The entry for one promise, or undefined. */
export const coverageOf = (score, promised) => score.coverage.find((c) => Math.abs(c.promised - promised) < 1e-9);

/** One sentence about the intervals of a score. */
export function coverageSentence(score) {
  if (score.count < LEAST_EVIDENCE) return '';
  return score.coverage.map((c) => {
    const verdict = judgeCoverage(c, score.count);
    const range = c.low === null ? '' : ` (95 %: ${fixed(c.low * 100, 1)} to ${percent(c.high)})`;
    return `Of the ${percent(c.promised, 0)} intervals ${percent(c.observed)} held${range}: ${
      { holds: 'as promised', narrow: 'credibly too few', wide: 'credibly too many', thin: 'not enough yet' }[verdict]}.`;
  }).join(' ');
}
