/** Small drawings of a value with its range. */

import { svg } from './dom.js';

const WIDTH = 120;
const HEIGHT = 14;

/** A range as a line, its middle as a dot, `zero` as the upright line; `[from, to]` is what the width stands for. */
export function whisker({ value, low, high, zero, from, to, words, style }) {
  const x = (at) => (3 + ((Math.max(from, Math.min(to, at)) - from) / (to - from)) * (WIDTH - 6)).toFixed(1);
  const parts = [svg('title', {}, words), svg('line', { class: 'zero', x1: x(zero), x2: x(zero), y1: 0, y2: HEIGHT })];
  if (low !== null && high !== null) parts.push(svg('line', { class: 'range', x1: x(low), x2: x(high), y1: HEIGHT / 2, y2: HEIGHT / 2 }));
  if (value !== null) parts.push(svg('circle', { cx: x(value), cy: HEIGHT / 2, r: 3 }));
  return svg('svg', { class: `whisker long ${style}`, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': words }, ...parts);
}
