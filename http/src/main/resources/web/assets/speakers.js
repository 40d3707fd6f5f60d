/** Which model speaks and why, how the others stand, and what was switched. */

import { byId, h } from './dom.js';
import { VERDICTS, LEAST_EVIDENCE } from './verdict.js';
import { count, day, moment, signedFine, span, speaker } from './words.js';

const FIRST_SWITCHES = 8;
const STATES = { CHAMPION: 'champion', CHALLENGER: 'challenger', RETIRED: 'retired' };
const ACTIONS = {
  REGISTER: 'trained', PROMOTE: 'made champion', ROLLBACK: 'champion again', RETIRE: 'retired',
  SILENCE: 'silenced', SPEAK: 'may speak again', REFUSE: 'refused',
};

let more = false;

/** Who speaks now, since when and why; and why not the champion, when it is somebody else. */
export function showSpeaker({ speaking, models, history }, now) {
  const champion = models.find((m) => m.state === 'CHAMPION');
  const model = models.find((m) => m.version === speaking.version);
  const parts = [h('p', { class: 'speaks' }, ...whoSpeaks(speaking, model, history, now))];
  if (champion && champion.version !== speaking.version) {
    parts.push(h('p', {}, h('b', {}, `Model ${champion.version} is the champion, but it does not speak.`), ` ${silenceOf(champion, history)}`));
  }
  if (champion) parts.push(h('p', { class: 'muted' }, whyChampion(champion, history, now)));
  if (models.length === 0) parts.push(h('p', { class: 'muted' }, 'No model has been trained yet.'));
  byId('speaker').replaceChildren(...parts);
}

function whoSpeaks(speaking, model, history, now) {
  if (speaking.version === 'naive') return [h('b', {}, 'No model speaks: the naive forecast stands in.'), ` ${sentence(speaking.reason)}`];
  const since = lastOf(history, speaking.version, ['PROMOTE', 'ROLLBACK', 'SPEAK'])?.at ?? speaking.since;
  const learned = model?.dataTo ? ` It knows the market up to ${moment(model.dataTo, now)}, ${span(now - model.dataTo)} ago.` : '';
  return [h('b', {}, `Model ${speaking.version} speaks`), since === null ? '. ' : ` since ${moment(since, now)}. `, sentence(speaking.reason), learned];
}

const lastOf = (history, version, actions) => history.filter((s) => s.version === version && actions.includes(s.action)).at(-1);

function whyChampion(champion, history, now) {
  const made = lastOf(history, champion.version, ['PROMOTE', 'ROLLBACK']);
  return made ? `Champion since ${moment(made.at, now)}. Reason given: ${made.reason}.` : `Champion. Reason given: ${champion.stateReason}.`;
}

const sentence = (text) => (text ? `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}` : '');

function silenceOf(champion, history) {
  const last = lastOf(history, champion.version, ['SILENCE', 'REFUSE']);
  return last ? sentence(last.reason) : '';
}

/** The models that are in use and those that left it last, with their test and their live record. */
export function modelsTable({ models, window, now }) {
  const champion = models.find((m) => m.state === 'CHAMPION');
  const shown = [...models.filter((m) => m.state !== 'RETIRED'), ...models.filter((m) => m.state === 'RETIRED').slice(0, 2)]
    .sort((a, b) => (a.state === 'CHAMPION' ? -1 : b.state === 'CHAMPION' ? 1 : Number(b.version) - Number(a.version)));
  if (shown.length === 0) return '';
  const names = ['Model', 'State', 'Trained', 'Skill in its test', 'Live against naive', champion ? `Live against model ${champion.version}` : 'Live against the champion'];
  return h('table', { class: 'facts-table num' },
    h('thead', {}, h('tr', {}, ...names.map((name, i) => h('th', { scope: 'col', class: i < 2 ? 'left' : i < 4 ? 'wide-only' : '' }, name)))),
    h('tbody', {}, ...shown.map((m) => modelRow(m, window, now))));
}

function modelRow(m, window, now) {
  const live = window.byModel.find((score) => score.model === m.version);
  const duel = window.duels.find((d) => d.model === m.version);
  return h('tr', { class: m.state === 'CHAMPION' ? 'chosen' : '' },
    h('th', { scope: 'row' }, speaker(m.version)),
    h('td', { class: 'left' }, STATES[m.state] ?? m.state.toLowerCase()),
    h('td', { class: 'wide-only', title: m.createdAt === null ? '' : moment(m.createdAt, now) }, m.createdAt === null ? '–' : day(m.createdAt)),
    h('td', { class: 'wide-only' }, ranged(m.skill, m.low, m.high)),
    h('td', {}, live ? compared(live.skill, live.low, live.high, live.count) : 'nothing judged'),
    h('td', {}, m.state === 'CHAMPION' ? h('span', { class: 'dim' }, '–') : duel && duel.count > 0 ? compared(duel.gain, duel.low, duel.high, duel.count) : 'no common prediction'));
}

const ranged = (value, low, high) =>
  [signedFine(value), low === null ? null : h('small', { class: 'dim' }, `${signedFine(low)} to ${signedFine(high)}`)];

function compared(value, low, high, judged) {
  const verdict = judged < LEAST_EVIDENCE || low === null ? 'thin' : low > 0 ? 'better' : high < 0 ? 'worse' : 'open';
  const words = { better: 'better', worse: 'worse', open: 'can’t be told apart', thin: `not enough: ${count(judged)} of ${LEAST_EVIDENCE}` }[verdict];
  return [signedFine(value), h('small', { class: `mark-${verdict}` }, `${VERDICTS[verdict].mark} ${words}`),
    low === null || verdict === 'thin' ? null : h('small', { class: 'dim' }, `${signedFine(low)} to ${signedFine(high)}, ${count(judged)} judged`)];
}

/** Lets the button show more switches; `redraw` is called then. */
export function prepareSwitches(redraw) {
  byId('switches-more').addEventListener('click', () => {
    more = true;
    redraw();
  });
}

/** The registry's history, newest first. */
export function showSwitches(history, now) {
  const newest = [...history].reverse();
  const shown = more ? newest : newest.slice(0, FIRST_SWITCHES);
  byId('switches').replaceChildren(...(shown.length === 0 ? [h('li', { class: 'none' }, 'Nothing was switched yet.')] : shown.map((s) => h('li', {},
    h('time', { class: 'num muted', datetime: new Date(s.at).toISOString() }, moment(s.at, now)),
    h('b', {}, speaker(s.version)), h('span', { class: 'action', 'data-action': s.action }, ACTIONS[s.action] ?? s.action.toLowerCase()), h('span', { class: 'reason' }, s.action === 'REGISTER' ? '' : s.reason)))));
  byId('switches-more').hidden = more || newest.length <= FIRST_SWITCHES;
}
