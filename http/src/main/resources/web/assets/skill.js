/** The skill page: asks the server once a minute, for what is looked at, and says what the answer is worth. */

import { ApiError, get, ofSymbol, serverNow } from './api.js';
import { byId, h, replaceAndRefocus, setContent, setText } from './dom.js';
import { showSource, showTrouble } from './header.js';
import { coverageLines, HourChart, skillLine } from './hours.js';
import * as records from './records.js';
import { coverageTable, heldTable, hoursTable, symbolTable } from './skilltables.js';
import { modelsTable, prepareSwitches, showSpeaker, showSwitches } from './speakers.js';
import { askForToken, isAsking } from './token.js';
import { coverageOf, coverageSentence, headline, judge, judgeCoverage, LEAST_OF_AN_HOUR, WINDOWS } from './verdict.js';
import { count, moment, percent } from './words.js';

const EVERY = '*';
const REFRESH_MILLIS = 60_000;
const RETRY_MILLIS = 5_000;
const SWITCHES = 200;

/** What is looked at, and what is known of it. */
const state = { scope: EVERY, window: '24h', symbols: [], market: null, own: null, models: [], history: [], speaking: null };
const charts = { hours: new HourChart(byId('hours')), held: new HourChart(byId('held')) };

// ---- loading

let timer = null;
let asked = 0;

/** Loads what is looked at; a later call makes an earlier one's answer worthless. */
async function load() {
  clearTimeout(timer);
  asked += 1;
  const mine = asked;
  try {
    const [list, models, history] = await Promise.all([get('symbols'), get('models'), get('models/history', { limit: SWITCHES })]);
    if (mine !== asked) return;
    takeMarket(list);
    state.models = models.data.map(records.model);
    state.history = history.data.map(records.modelSwitch);
    await loadScores(mine);
    if (mine !== asked) return;
    showTrouble('');
    draw();
    timer = setTimeout(load, REFRESH_MILLIS);
  } catch (failure) {
    if (mine === asked) report(failure);
  }
}

function takeMarket(list) {
  const symbols = list.data.map(records.symbolState).map((entry) => entry.name);
  const status = records.status(list.status);
  state.speaking = status.speaker;
  showSource(status.source);
  if (symbols.join() !== state.symbols.join()) {
    state.symbols = symbols;
    state.scope = wished().scope;
    showChoices();
  }
}

async function loadScores(mine) {
  const champion = state.models.find((m) => m.state === 'CHAMPION')?.version;
  const { scope, window } = state;
  const ask = async (path, by) => records.performance((await get(path, { window, by, against: champion })).data[0]);
  const [market, own] = await Promise.all([
    ask('performance', 'symbol,hour'), scope === EVERY ? null : ask(ofSymbol(scope, 'performance'), 'hour'),
  ]);
  if (mine === asked) Object.assign(state, { market, own });
}

function report(failure) {
  if (!(failure instanceof ApiError)) {
    console.error(failure);
    return showTrouble('This page has a fault; reloading it may help. The browser’s console says more.');
  }
  if (failure.status === 401) return askForToken(load);
  showTrouble(`${failure.message} Trying again.${state.market === null ? '' : ' What you see is older.'}`);
  if (!isAsking()) timer = setTimeout(load, RETRY_MILLIS);
  return undefined;
}

// ---- drawing

function draw() {
  const { market, own, scope, window } = state;
  if (market === null) return;
  const looked = own ?? market;
  const who = scope === EVERY ? '' : ` of ${scope}`;
  const now = serverNow();
  setContent(byId('headline'), ...headline(looked, window, who));
  byId('headline').dataset.verdict = judge(looked);
  byId('details').replaceChildren(...details(looked));
  setText(byId('as-of'), `As of ${moment(market.to, now)} UTC`);
  replaceAndRefocus(byId('by-symbol'), symbolTable(market, scope, choose));
  byId('coverage').replaceChildren(coverageTable(market, scope));
  setText(byId('coverage-note'), 'The upright line is what was promised. Too narrow: fewer prices came inside than were promised. Too wide: more.');
  drawHours(looked, scope === EVERY ? 'all symbols' : scope);
  showSpeaker(state, now);
  byId('models').replaceChildren(modelsTable({ models: state.models, window: looked, now }));
  setText(byId('models-note'), state.models.length === 0 ? '' : `Live: over the last ${WINDOWS[window]}${who}, shadows included; against the champion: on the predictions that both made.`);
  showSwitches(state.history, now);
}

/** The facts below the answer. */
function details(looked) {
  if (looked.count === 0) return [];
  const naive = looked.byModel.find((m) => m.model === 'naive')?.count ?? 0;
  const share = looked.count > 0 ? 1 - naive / looked.count : 0;
  const spoke = naive === 0 ? 'A model spoke in all of them.'
    : share <= 0 ? 'The naive forecast stood in for all of them.'
      : `A model spoke in ${percent(share, 0)} of them; for the rest the naive forecast stood in, which counts as neither better nor worse.`;
  const way = looked.directions > 0 ? ` The direction was right ${percent(looked.direction)} of the time.` : '';
  return [
    h('p', { class: 'num' }, coverageSentence(looked)),
    h('p', { class: 'muted num' }, `${count(looked.count)} predictions judged. ${spoke}${way}`),
  ];
}

function drawHours(looked, name) {
  const hours = looked.byHour;
  for (const id of ['hours-scope', 'held-scope']) setText(byId(id), name);
  charts.hours.show([skillLine(hours)], { percentDecimals: 0, signed: true, aria: `Skill of ${name} by hour of the day; the table below has the figures.` });
  charts.held.show(coverageLines(hours), { percentDecimals: 0, signed: false, aria: `Coverage of ${name} by hour of the day; the table below has the figures.` });
  setText(byId('hours-note'), hoursNote(hours));
  setText(byId('held-note'), heldNote(hours));
  byId('hours-table').replaceChildren(hoursTable(hours));
  byId('held-table').replaceChildren(heldTable(hours));
}

const byChance = (thing) => `By chance alone about one ${thing} in twenty would stand out.`;
const TOO_EARLY = `No hour has enough yet: an hour is judged from ${LEAST_OF_AN_HOUR} predictions on.`;

function hoursNote(hours) {
  const kinds = hours.map((r) => judge(r, LEAST_OF_AN_HOUR));
  const of = (kind) => kinds.filter((k) => k === kind).length;
  const known = of('better') + of('worse') + of('open');
  if (of('same') > 0 && known + of('thin') === 0) return 'Only the naive forecast spoke: nothing to compare.';
  if (known === 0) return TOO_EARLY;
  return `Of ${known} hours with enough predictions ${of('better')} are credibly better (▲), ${of('worse')} credibly worse (▼). ${byChance('hour')}`;
}

function heldNote(hours) {
  const kinds = hours.flatMap((r) => [0.8, 0.95].map((promised) => judgeCoverage(coverageOf(r, promised), r.count, LEAST_OF_AN_HOUR)));
  const known = kinds.filter((kind) => kind !== 'thin').length;
  if (known === 0) return TOO_EARLY;
  const off = kinds.filter((kind) => kind === 'narrow' || kind === 'wide').length;
  return `Of ${known} shares ${off === 0 ? 'none is' : off === 1 ? 'one is' : `${off} are`} credibly off${off === 0 ? '' : ' (▲ too wide, ▼ too narrow)'}. ${byChance('share')}`;
}

// ---- choosing

/** What the address asks for: `#BTC-USD/7d`. */
function wished() {
  const [symbol, window] = decodeURIComponent(location.hash.slice(1)).split('/');
  const scope = (symbol ?? '').replace('-', '/');
  return { scope: state.symbols.includes(scope) ? scope : EVERY, window: WINDOWS[window] ? window : state.window };
}

/** Looks at a symbol, or `*` for all. */
function choose(scope, window = state.window) {
  if (scope === state.scope && window === state.window) return;
  const sameWindow = window === state.window;
  Object.assign(state, { scope, window, own: null }, sameWindow ? {} : { market: null });
  history.replaceState(null, '', `#${scope === EVERY ? '' : scope.replace('/', '-')}/${window}`);
  showChoices();
  byId('headline').replaceChildren('Working it out…');
  byId('details').replaceChildren();
  load();
}

function showChoices() {
  const button = (text, pressed, onclick) => h('button', { type: 'button', 'aria-pressed': String(pressed), onclick }, text);
  replaceAndRefocus(byId('scopes'), button('All symbols', state.scope === EVERY, () => choose(EVERY)),
    ...state.symbols.map((symbol) => button(symbol, state.scope === symbol, () => choose(symbol))));
  replaceAndRefocus(byId('windows'), ...Object.entries(WINDOWS).map(([key, words]) => button(words, state.window === key, () => choose(state.scope, key))));
  byId('to-market').href = state.scope === EVERY ? '/' : `/#${state.scope.replace('/', '-')}`;
}

state.window = wished().window;
showChoices();
prepareSwitches(draw);
addEventListener('hashchange', () => choose(wished().scope, wished().window));
matchMedia('(prefers-color-scheme: light)').addEventListener('change', draw);
document.addEventListener('visibilitychange', () => {
  clearTimeout(timer);
  if (!document.hidden) load();
});
load();
