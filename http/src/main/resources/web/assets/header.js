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

/** Shows the feed's state and the sentence that comes with it; and how far the past is read back, while it is. */
export function showFeed({ state, detail }, history) {
  const known = FEED_STATES[state] ?? { words: state ? `Feed ${state.toLowerCase()}` : 'Feed –', level: 'rest', detail: '' };
  showState('feed-state', known.level, known.words);
  setText(byId('feed-detail'), [detail || known.detail, history].filter(Boolean).join(' '));
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
  const { champion, speaker } = desk;
  const version = speaker?.version ?? champion?.version ?? 'naive';
  const silent = version === 'naive';
  const since = silent ? null : speaker?.since ?? champion?.createdAt ?? null;
  const parts = [
    h('b', {}, silent ? 'No model speaks.' : `Model ${version}`),
    silent ? ` ${speaker?.reason || 'None has beaten the naive forecast on this market yet.'}` : '',
    since === null ? '' : ` since ${moment(since, now)} UTC.`,
    silent ? '' : skillOf(champion),
  ];
  byId('model-line').replaceChildren(...parts);
}

function skillOf(champion) {
  if (champion === undefined || champion.skill === null) return '';
  return ` Skill on data it had not seen: ${signedPercent(champion.skill)}${rangeOf(champion)}.`;
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
