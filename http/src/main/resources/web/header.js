/** The top of the page: market source, feed, connection, clock, who speaks, and trouble in words. */

import { byId, h, setText } from './dom.js';
import { FEED_STATES, hourMinuteSecond, moment, signedPercent, SOURCES, span } from './words.js';

/** Shows which market this is, so that nobody mistakes it. */
export function showSource(source) {
  const badge = byId('source');
  const known = SOURCES[source] ?? { badge: (source ?? '').toUpperCase(), kind: 'replay' };
  badge.hidden = !source;
  badge.dataset.kind = known.kind;
  setText(badge, known.badge);
}

/** Shows the feed's state and the sentence that comes with it. */
export function showFeed({ state, detail }) {
  const known = FEED_STATES[state] ?? { words: state ? `Feed ${state.toLowerCase()}` : 'Feed –', level: 'rest', detail: '' };
  showState('feed-state', known.level, known.words);
  setText(byId('feed-detail'), detail || known.detail);
}

/** Shows this page's own connection; called every second. */
export function showConnection({ phase, at }) {
  const seconds = Math.max(0, Math.ceil((at - Date.now()) / 1000));
  const states = {
    connecting: ['wait', 'Connecting'],
    open: ['good', 'Page live'],
    stale: ['bad', `Nothing heard for ${span(Date.now() - at)}`],
    waiting: ['bad', seconds > 0 ? `Reconnecting in ${seconds} s` : 'Reconnecting'],
  };
  showState('page-state', ...states[phase]);
}

function showState(id, level, words) {
  const element = byId(id);
  element.dataset.level = level;
  setText(element.querySelector('.text'), words);
}

export function showClock(now) {
  setText(byId('clock'), `${hourMinuteSecond(now)} UTC`);
}

/** Shows which model speaks and how good it was, or why none does. */
export function showModel(desk, now) {
  const line = byId('model-line');
  const champion = desk.champion;
  if (champion === undefined) {
    setText(line, desk.modelNote || 'No model speaks yet: none has beaten the naive forecast on this market.');
    return;
  }
  const skill = champion.skill === null ? '' : ` It beat naive by ${signedPercent(champion.skill)} on data it had not seen${rangeOf(champion)}.`;
  const since = champion.createdAt === null ? '' : `, trained ${moment(champion.createdAt, now)} UTC`;
  line.replaceChildren(h('b', {}, `Model ${champion.version}`), ` may speak${since}.${skill}`);
}

function rangeOf({ low, high }) {
  return low === null || high === null ? '' : ` (${signedPercent(low)} to ${signedPercent(high)})`;
}

/** Shows trouble in words above everything, or takes it away when `text` is empty. */
export function showTrouble(text) {
  const banner = byId('banner');
  banner.hidden = !text;
  setText(banner, text ?? '');
}
