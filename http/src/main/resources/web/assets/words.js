/** How numbers, times and states are written for people. */

const formats = new Map();

function numberFormat(decimals, sign) {
  const key = `${decimals}${sign}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat('en-US', {
      minimumFractionDigits: decimals, maximumFractionDigits: decimals, signDisplay: sign,
    }));
  }
  return formats.get(key);
}

const known = (value) => value !== null && value !== undefined && Number.isFinite(value);
const trueMinus = (text) => text.replace('-', '−');

/** A number with fixed decimals, or a dash when it is not known. */
export const fixed = (value, decimals) => (known(value) ? trueMinus(numberFormat(decimals, 'auto').format(value)) : '–');

/** As `fixed`, with its sign. */
export const signed = (value, decimals) =>
  (known(value) ? trueMinus(numberFormat(decimals, 'exceptZero').format(value)) : '–');

/** A fraction as a percentage: 0.524 → `52.4 %`. */
export const percent = (value, decimals = 1) => (known(value) ? `${fixed(value * 100, decimals)}\u00a0%` : '–');

/** As `percent`, with its sign. */
export const signedPercent = (value, decimals = 1) => (known(value) ? `${signed(value * 100, decimals)}\u00a0%` : '–');

/** As `signedPercent`, with two decimals, or one more where two would round to nothing. */
export const signedFine = (value) => signedPercent(value, known(value) && value !== 0 && Math.abs(value) < 5e-5 ? 3 : 2);

/** A fraction in basis points, with its sign. */
export const bps = (value, decimals = 1) => signed(known(value) ? value * 1e4 : value, decimals);

/** A whole number with thousands separated. */
export const count = (value) => fixed(value, 0);

/** A quantity in at most five digits: 0.00123, 12.35, 1,235, 4.2M. */
export function quantity(value) {
  if (!known(value)) return '–';
  if (value >= 1e9) return `${fixed(value / 1e9, 2)}B`;
  if (value >= 1e6) return `${fixed(value / 1e6, 2)}M`;
  const decimals = value === 0 ? 0 : Math.min(8, Math.max(0, 3 - Math.floor(Math.log10(value))));
  return fixed(value, decimals);
}

/** How many decimals a price was sent with, kept within what its size makes worth reading. */
export function decimalsOf(price) {
  if (!known(price) || price <= 0) return 0;
  const most = Math.min(12, Math.max(2, 6 - Math.floor(Math.log10(price))));
  const text = price.toFixed(most).replace(/0+$/, '');
  return text.length - text.indexOf('.') - 1;
}

const two = (value) => String(value).padStart(2, '0');

/** `12:05` UTC. */
export function hourMinute(millis) {
  const date = new Date(millis);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

/** `12:05:07` UTC. */
export const hourMinuteSecond = (millis) => `${hourMinute(millis)}:${two(new Date(millis).getUTCSeconds())}`;

/** `5 Jan`. */
export function day(millis) {
  return new Date(millis).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

/** `12:05`, with the day before it when that is another day than `now`. */
export function moment(millis, now) {
  const sameDay = Math.floor(millis / 864e5) === Math.floor(now / 864e5);
  return sameDay ? hourMinute(millis) : `${day(millis)} ${hourMinute(millis)}`;
}

/** `4:07` until something; never negative. */
export function minutesSeconds(millis) {
  const seconds = Math.max(0, Math.ceil(millis / 1000));
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

/** A span in words: `41 s`, `12 min`, `3 h`, `2 days`. */
export function span(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
}

/** What the badge says about each market source. */
export const SOURCES = {
  kraken: { badge: 'KRAKEN – live', kind: 'kraken' },
  simulated: { badge: 'SIMULATED MARKET – not real prices', kind: 'simulated' },
  replay: { badge: 'REPLAY – recorded prices', kind: 'replay' },
  topic: { badge: 'TOPIC – trades from other programs', kind: 'topic' },
};

/** Each state of the feed: short words and how worrying it is. */
export const FEED_STATES = {
  CONNECTING: { words: 'Feed connecting', level: 'wait', detail: 'Connecting to the market.' },
  CATCHING_UP: { words: 'Feed catching up', level: 'wait', detail: 'Running through the past at full speed.' },
  LIVE: { words: 'Feed live', level: 'good', detail: '' },
  PAUSED: { words: 'Feed paused', level: 'wait', detail: 'The exchange is in maintenance or restricts trading.' },
  SILENT: { words: 'Feed silent', level: 'bad', detail: 'Nothing comes in from the market.' },
  ENDED: { words: 'Replay ended', level: 'rest', detail: 'The recording is over; what it left can still be read.' },
};

const NAIVE_STANDS_IN = 'so the naive forecast stands in: the price stays as it is.';

/** Why a prediction is not live: a few words for a card, a sentence for the panel. */
const REASONS = {
  FEED_SILENT: ['feed silent', 'The last minute of the market was not seen, so nothing is said.'],
  GAP: ['trades missing', 'Trades are missing from the last 60 minutes, so nothing is said.'],
  LATE: ['too late', 'It would have come more than 30 s after its minute, and hindsight does not count.'],
  NO_MODEL: ['no model yet', `No model has earned the right to speak yet, ${NAIVE_STANDS_IN}`],
  STALE_MODEL: ['model too old', `The model is older than allowed, ${NAIVE_STANDS_IN}`],
  OUT_OF_RANGE: ['unusual market', `The market is far outside what the model was trained on, ${NAIVE_STANDS_IN}`],
  WORSE_THAN_NAIVE: ['model silenced', `The model did worse than naive lately, ${NAIVE_STANDS_IN}`],
};

const WARMING = {
  ABSTAINED: ['warming up', 'Less than an hour of this market is known, so nothing is said yet.'],
  FALLBACK: ['warming up', `The indicators are still warming up, ${NAIVE_STANDS_IN}`],
};

/** A prediction's reason in a few words, empty when it is live. */
export function reasonInShort(prediction) {
  return reasonWords(prediction)[0];
}

/** One sentence on why a prediction is not live. */
export function explanation(prediction) {
  return reasonWords(prediction)[1];
}

function reasonWords({ status, reason }) {
  if (status === 'LIVE') return ['', ''];
  if (reason === 'WARMING') return WARMING[status] ?? WARMING.FALLBACK;
  return REASONS[reason] ?? [plain(reason ?? 'no reason given'), `Reason: ${plain(reason ?? 'not given')}.`];
}

/** Words for a prediction's error that could not be scored. */
export function unscoredWords(reason) {
  if (reason === 'PARTIAL_TARGET') return 'trades missing';
  if (reason === 'NO_TARGET') return 'not seen';
  return plain(reason ?? 'not scored');
}

/** Words for how much of a minute was seen. */
export const QUALITIES = {
  COMPLETE: 'every trade seen live',
  REPAIRED: 'repaired from history, nothing missing',
  PARTIAL: 'trades may be missing',
  EMPTY: 'nobody traded',
};

const plain = (name) => name.toLowerCase().replaceAll('_', ' ');

/** Who speaks: `model 17`, or `naive`. */
export const speaker = (version) => (version === 'naive' ? 'naive' : `model ${version}`);
