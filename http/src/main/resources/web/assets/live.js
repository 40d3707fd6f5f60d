/** The one WebSocket: subscribes to everything, notices silence, comes back by itself and resumes where it was. */

import { readToken } from './api.js';

const CHANNELS = ['status', 'candles', 'predictions', 'errors', 'sentiment'];
const STALE_MILLIS = 5_000;
const DEAD_MILLIS = 15_000;
const FIRST_WAIT_MILLIS = 500;
const LONGEST_WAIT_MILLIS = 20_000;

/**
 * The state told to `onState` is `{phase, at}`: `connecting`, `open`, `stale` (since `at`) or `waiting` (until `at`).
 * `onFrame` gets every snapshot and update; `sinceOf(channel)` answers the `seq` to resume after, or undefined.
 */
export class Live {
  socket = null;
  heardAt = 0;
  attempt = 0;
  timer = null;

  constructor({ onFrame, onState, onOpen, sinceOf }) {
    Object.assign(this, { onFrame, onState, onOpen, sinceOf });
    setInterval(() => this.watch(), 1000);
    addEventListener('online', () => this.retryNow());
    document.addEventListener('visibilitychange', () => document.hidden || this.retryNow());
  }

  /** Connects now; from then on it keeps itself connected. */
  connect() {
    clearTimeout(this.timer);
    this.timer = null;
    this.tell('connecting');
    const socket = new WebSocket(streamAddress());
    this.socket = socket;
    this.heardAt = performance.now();
    socket.onopen = () => this.opened(socket);
    socket.onmessage = (event) => this.heard(event.data);
    socket.onclose = () => this.closed(socket);
  }

  /** Cuts a wait short. */
  retryNow() {
    if (this.timer !== null) this.connect();
  }

  opened(socket) {
    this.heardAt = performance.now();
    this.tell('open');
    for (const [index, channel] of CHANNELS.entries()) {
      const since = this.sinceOf(channel);
      const params = { channel, snapshot: since === undefined, ...(since === undefined ? {} : { since }) };
      socket.send(JSON.stringify({ method: 'subscribe', params, reqId: index + 1 }));
    }
    this.onOpen();
  }

  heard(text) {
    this.heardAt = performance.now();
    this.attempt = 0;
    if (this.phase === 'stale') this.tell('open');
    const frame = JSON.parse(text);
    if (frame.type === 'snapshot' || frame.type === 'update') this.onFrame(frame);
    else if (frame.success === false) console.warn('The stream refused:', frame.error);
  }

  closed(socket) {
    if (socket !== this.socket) return;
    this.socket = null;
    const longest = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS * 2 ** this.attempt);
    const wait = FIRST_WAIT_MILLIS + Math.random() * longest;
    this.attempt += 1;
    this.timer = setTimeout(() => this.connect(), wait);
    this.tell('waiting', Date.now() + wait);
  }

  /** A connection on which not even heartbeats come is first called stale, then given up. */
  watch() {
    const silence = performance.now() - this.heardAt;
    if (this.socket === null || silence < STALE_MILLIS) return;
    if (silence > DEAD_MILLIS) this.abandon();
    else if (this.phase === 'open') this.tell('stale', Date.now() - silence);
  }

  abandon() {
    const socket = this.socket;
    socket.onmessage = null;
    socket.close();
    this.closed(socket);
  }

  tell(phase, at) {
    this.phase = phase;
    this.onState({ phase, at });
  }
}

/** A browser can't send headers with a WebSocket, so the token, if there is one, travels in its address. */
function streamAddress() {
  const address = new URL('/api/v1/stream', location.href);
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  if (readToken()) address.searchParams.set('access_token', readToken());
  return address;
}
