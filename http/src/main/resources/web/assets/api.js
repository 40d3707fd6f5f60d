/** REST: reading JSON, the token, and failures in words. */

const TOKEN_KEY = 'tickcast.read-token';
const TIMEOUT_MILLIS = 15_000;

let clockOffset = 0;

/** A call that brought no data. `status` is 0 when the server could not be reached. */
export class ApiError extends Error {
  constructor(status, message, retryAfterSeconds) {
    super(message);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The read token of this tab, or null. */
export const readToken = () => sessionStorage.getItem(TOKEN_KEY);

/** Keeps the read token until the tab is closed. */
export const keepToken = (token) => sessionStorage.setItem(TOKEN_KEY, token);

/** Now in epoch milliseconds by the server's clock, as far as its Date header tells; a second off at most. */
export const serverNow = () => Date.now() + clockOffset;

/** Reads `/api/v1/{path}`; throws an `ApiError` when there is no answer that can be used. */
export async function get(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined));
  const address = `/api/v1/${path}${query.size > 0 ? `?${query}` : ''}`;
  const response = await reach(address);
  noteClock(response);
  if (!response.ok) throw await problem(response);
  return response.json();
}

/** The path of what belongs to a symbol: `BTC/USD`, `candles` → `symbols/BTC-USD/candles`. */
export const ofSymbol = (symbol, what) => `symbols/${encodeURIComponent(symbol.replace('/', '-'))}/${what}`;

async function reach(address) {
  const token = readToken();
  try {
    return await fetch(address, {
      headers: { Accept: 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
      cache: 'no-store',
    });
  } catch (failure) {
    const words = failure.name === 'TimeoutError'
      ? 'The server did not answer within 15 s.' : 'The server can’t be reached.';
    throw new ApiError(0, words);
  }
}

async function problem(response) {
  const body = await response.json().catch(() => ({}));
  const words = body.detail || body.title || response.statusText || 'no explanation given';
  return new ApiError(response.status, words, Number(response.headers.get('Retry-After')) || undefined);
}

/** The Date header has whole seconds, so only an offset of more than two counts as a wrong clock. */
function noteClock(response) {
  const date = Date.parse(response.headers.get('Date') ?? '');
  if (Number.isNaN(date)) return;
  const offset = date + 500 - Date.now();
  clockOffset = Math.abs(offset) > 2000 ? offset : 0;
}
