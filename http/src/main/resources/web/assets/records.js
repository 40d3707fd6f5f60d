/**
 * What the server sends, turned into small flat objects: times in epoch milliseconds, what is not known as null. The one
 * place that knows the names of JSON fields.
 */

export const MINUTE = 60_000;

const time = (text) => (text ? Date.parse(text) : null);
const number = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** `{open time `at`, open, high, low, close, volume, trades, quality, revision}` */
export function candle(json) {
  return {
    at: time(json.openTime),
    open: json.open,
    high: json.high,
    low: json.low,
    close: json.close,
    volume: number(json.volume),
    trades: number(json.trades) < 0 ? null : number(json.trades),
    quality: json.quality,
    revision: json.revision ?? 0,
    source: json.source,
  };
}

/** `{as-of `at`, target, madeAt, last, predicted, expected, low80, …, up, model, status, reason}` */
export function prediction(json) {
  const [low80, high80] = bounds(json, 0.8);
  const [low95, high95] = bounds(json, 0.95);
  return {
    at: time(json.asOf),
    target: time(json.targetTime),
    madeAt: time(json.madeAt),
    last: number(json.lastPrice),
    predicted: number(json.predictedPrice),
    expected: number(json.expectedReturn),
    low80, high80, low95, high95,
    up: number(json.probabilityUp),
    model: String(json.modelVersion ?? 'naive'),
    status: json.status,
    reason: json.reason ?? null,
    source: json.source,
  };
}

/** A prediction that has matured: target time `at`, what was said in `said`, and what came. */
export function outcome(json) {
  const said = { ...prediction(json), reason: json.statusReason ?? null };
  const actual = number(json.actualPrice);
  const scored = json.scored && actual !== null;
  return {
    at: said.target,
    said,
    scored,
    unscoredReason: scored ? null : json.reason ?? null,
    actual,
    error: number(json.error),
    naiveError: number(json.naiveError),
    inside80: intervalOf(json, 0.8)?.inside ?? null,
    inside95: intervalOf(json, 0.95)?.inside ?? null,
  };
}

/** A scored headline; known-at is `at`. */
export function headline(json) {
  return {
    at: time(json.knownAt),
    key: `${json.id}|${json.symbol}`,
    symbol: json.symbol,
    title: json.title,
    link: json.link,
    score: number(json.score),
    confidence: number(json.confidence),
    scorer: json.scorer,
    reason: json.reason,
    publishedAt: time(json.publishedAt),
  };
}

/** One of `GET /symbols`. */
export function symbolState(json) {
  return { name: json.symbol, source: json.source, lastPrice: number(json.lastPrice), feedState: json.feedState ?? null };
}

/** What the `status` channel says: the market source, its feed, and the model that speaks or `naive`. */
export function status(json) {
  return {
    source: json.source,
    feed: { state: json.feed.state, detail: json.feed.detail ?? '' },
    speaker: { version: String(json.model.version), reason: json.model.reason ?? '', since: time(json.model.since) },
    history: json.history?.complete === false ? json.history.detail : '',
  };
}

/**
 * One window of `GET …/performance`. Skill is a fraction; `coverage` has an entry for each promised interval; the parts are
 * empty unless they were asked for.
 */
export function performance(json) {
  return {
    window: json.window,
    ...score(json.overall),
    byModel: json.models.map((m) => ({ ...score(m), model: String(m.modelVersion) })),
    from: time(json.from),
    to: time(json.to),
    bySymbol: (json.bySymbol ?? []).map((part) => ({ ...score(part.score), symbol: part.symbol })),
    byHour: (json.byHour ?? []).map((part) => ({ ...score(part.score), hour: part.hour })),
    duels: (json.duels ?? []).map(duel),
  };
}

function score(json) {
  return {
    count: json.count,
    mae: number(json.mae),
    naiveMae: number(json.naiveMae),
    skill: number(json.skill),
    low: number(json.skillLow),
    high: number(json.skillHigh),
    direction: number(json.directionAccuracy),
    directions: json.directionCount,
    coverage: json.intervals.map((i) => ({
      promised: i.coverage, observed: number(i.observed), low: number(i.observedLow), high: number(i.observedHigh),
    })),
  };
}

/** One version against another on the predictions that both made; gain is a fraction. */
function duel(json) {
  return {
    model: String(json.modelVersion),
    against: String(json.against),
    count: json.count,
    gain: number(json.gain),
    low: number(json.gainLow),
    high: number(json.gainHigh),
  };
}

/** One of `GET /models`. */
export function model(json) {
  return {
    version: String(json.version),
    state: json.state,
    stateReason: json.stateReason ?? '',
    createdAt: time(json.createdAt),
    dataTo: time(json.dataTo),
    skill: number(json.metrics?.skill),
    low: number(json.metrics?.skillLow),
    high: number(json.metrics?.skillHigh),
    rows: number(json.metrics?.rows),
  };
}

function bounds(json, coverage) {
  const interval = intervalOf(json, coverage);
  return [number(interval?.low), number(interval?.high)];
}

const intervalOf = (json, coverage) => (json.intervals ?? []).find((i) => Math.abs(i.coverage - coverage) < 1e-9);

/** `GET …/why`: what moved a prediction, in hundredths of a percent. */
export function reasons(json) {
  return {
    at: time(json.asOf),
    model: String(json.modelVersion),
    contributions: json.contributions.map((c) => ({ feature: c.feature, value: number(c.value), bps: number(c.contributionBps) ?? 0 })),
    restCount: json.rest.features,
    restBps: number(json.rest.contributionBps) ?? 0,
    baseBps: number(json.baseBps) ?? 0,
    totalBps: number(json.totalBps),
    note: json.note,
  };
}

/** One of `GET /models/history`. */
export function modelSwitch(json) {
  return { at: time(json.at), action: json.action, version: String(json.version), reason: json.reason };
}
