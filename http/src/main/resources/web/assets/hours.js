/** The charts by hour of the day: a value with its 95 % range for each hour, against what it should be. */

import { COVERAGES, coverageOf, judge, judgeCoverage, LEAST_OF_AN_HOUR, VERDICTS } from './verdict.js';
import { count, fixed, percent, signedPercent } from './words.js';

const HOURS = Array.from({ length: 24 }, (none, hour) => hour);
const SHAPES = { better: 'up', wide: 'up', worse: 'down', narrow: 'down', open: 'dot', holds: 'dot', thin: 'ring' };
const hourName = (hour) => `${String(hour).padStart(2, '0')}`;

/** One of the two charts. */
export class HourChart {
  constructor(element) {
    this.element = element;
    this.chart = echarts.init(element, null, { renderer: 'canvas' });
    new ResizeObserver(() => this.chart.resize()).observe(element);
  }

  /** Draws lines `{name, target, targetName, points: [{hour, value, low, high, verdict, words}]}` one below the other. */
  show(lines, { percentDecimals, signed, aria }) {
    const style = getComputedStyle(document.documentElement);
    const colors = Object.fromEntries(['muted', 'text', 'line', 'raised', 'live', 'up', 'down', 'warn'].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    const font = getComputedStyle(document.body).fontFamily;
    const text = { color: colors.muted, fontFamily: font, fontSize: 11.5 };
    this.element.setAttribute('aria-label', aria);
    const format = (value) => (signed ? signedPercent : percent)(value, percentDecimals);
    const share = 90 / lines.length;
    const grids = lines.map((line, i) => ({ left: 44, right: 40, top: `${share * i + 2}%`, height: `${share - 4}%` }));
    this.chart.setOption({
      animation: false,
      grid: grids,
      axisPointer: { link: [{ xAxisIndex: 'all' }] },
      tooltip: {
        trigger: 'axis', confine: true, transitionDuration: 0,
        axisPointer: { type: 'shadow', shadowStyle: { color: colors.muted, opacity: 0.12 } },
        backgroundColor: colors.raised, borderColor: colors.line, textStyle: { color: colors.text, fontFamily: font, fontSize: 12 },
        formatter: (items) => tip(Number(items[0].axisValue), lines),
      },
      xAxis: lines.map((line, i) => ({
        type: 'category', gridIndex: i, data: HOURS.map(hourName), axisTick: { show: false },
        axisLine: { onZero: false, lineStyle: { color: colors.line } }, axisLabel: { ...text, show: i === lines.length - 1, hideOverlap: true },
      })),
      yAxis: lines.map((line, i) => ({
        type: 'value', gridIndex: i, ...rangeOf(line), splitNumber: 4,
        axisLabel: { ...text, formatter: format, showMinLabel: false, showMaxLabel: false }, splitLine: { lineStyle: { color: colors.line, opacity: 0.6 } },
      })),
      series: lines.flatMap((line, i) => seriesOf(line, i, colors, font)),
    }, true);
  }
}

/** All that is known fits, but a few wild ranges don't squeeze the rest: they leave the picture. */
function rangeOf(line) {
  const points = line.points.filter((p) => p.value !== null);
  if (points.length === 0) return { min: line.target - 0.01, max: line.target + 0.01 };
  const values = [...points.map((p) => p.value), line.target];
  const widths = points.filter((p) => p.low !== null).map((p) => p.high - p.low).sort((a, b) => a - b);
  const usual = Math.max(0.01, (widths[Math.floor(widths.length / 2)] ?? 0) * 0.75);
  return { min: Math.max(Math.min(...values) - usual, line.floor ?? -Infinity), max: Math.min(Math.max(...values) + usual, line.ceiling ?? Infinity) };
}

function seriesOf(line, index, colors, font) {
  const known = line.points.filter((p) => p.value !== null);
  const colorOf = (verdict) => colors[{ better: 'up', worse: 'down', narrow: 'down', wide: 'warn', thin: 'muted' }[verdict] ?? 'live'];
  const axes = { xAxisIndex: index, yAxisIndex: index, clip: true, type: 'custom' };
  return [
    {
      ...axes, silent: true, data: known.filter((p) => p.low !== null).map((p) => [p.hour, p.low, p.high]),
      renderItem: (params, api) => {
        const [x, y1] = api.coord([api.value(0), api.value(1)]);
        const y2 = api.coord([api.value(0), api.value(2)])[1];
        return { type: 'line', shape: { x1: x, x2: x, y1, y2 }, style: { stroke: colorOf(known.find((p) => p.hour === api.value(0)).verdict), lineWidth: 2, opacity: 0.55 } };
      },
      markLine: {
        silent: true, symbol: 'none', lineStyle: { color: colors.muted, type: 'dashed', width: 1 },
        label: { show: true, position: 'end', color: colors.muted, fontFamily: font, fontSize: 11, formatter: line.targetName },
        data: [{ yAxis: line.target }],
      },
    },
    {
      ...axes, data: known.map((p) => [p.hour, p.value]),
      renderItem: (params, api) => {
        const { verdict } = known[params.dataIndex];
        return mark(...api.coord([api.value(0), api.value(1)]), verdict, colorOf(verdict), colors.raised);
      },
    },
  ];
}

/** A triangle up or down for what stands out, a dot for what does not, a ring for what is not known well enough. */
function mark(x, y, verdict, color, ground) {
  const shape = SHAPES[verdict];
  if (shape === 'dot') return { type: 'circle', shape: { cx: x, cy: y, r: 3.5 }, style: { fill: color } };
  if (shape === 'ring') return { type: 'circle', shape: { cx: x, cy: y, r: 3.5 }, style: { fill: ground, stroke: color, lineWidth: 1.5 } };
  const tall = shape === 'up' ? 1 : -1;
  return { type: 'polygon', shape: { points: [[x - 6, y + tall * 5], [x + 6, y + tall * 5], [x, y - tall * 6]] }, style: { fill: color } };
}

function tip(hour, lines) {
  const rows = lines.flatMap((line) => line.points.filter((p) => p.hour === hour).map((p) => `${line.name}${p.words}`));
  return `<b>${hourName(hour)}:00–${hourName(hour)}:59 UTC</b><br>${rows.join('<br>') || 'nothing judged'}`;
}

/** The line of skill. */
export function skillLine(hours) {
  return {
    name: '', target: 0, targetName: 'naive',
    points: hours.filter((r) => judge(r, LEAST_OF_AN_HOUR) !== 'same').map((r) => {
      const verdict = judge(r, LEAST_OF_AN_HOUR);
      const range = r.low === null ? 'no range yet' : `${signedPercent(r.low)} to ${signedPercent(r.high)}`;
      return { hour: r.hour, value: r.skill, low: r.low, high: r.high, verdict, words: `${signedPercent(r.skill)} (${range}), ${count(r.count)} judged: ${VERDICTS[verdict].words}` };
    }),
  };
}

/** The lines of the two promises. */
export function coverageLines(hours) {
  return [[0.95, '95 %'], [0.8, '80 %']].map(([promised, name]) => ({
    name: `Of ${name}: `, target: promised, targetName: name, ceiling: 1.02, floor: 0,
    points: hours.flatMap((r) => {
      const c = coverageOf(r, promised);
      if (!c || c.observed === null) return [];
      const verdict = judgeCoverage(c, r.count, LEAST_OF_AN_HOUR);
      const range = c.low === null ? 'no range yet' : `${fixed(c.low * 100, 0)} to ${percent(c.high, 0)}`;
      return [{ hour: r.hour, value: c.observed, low: c.low, high: c.high, verdict, words: `${percent(c.observed)} held (${range}), ${COVERAGES[verdict].words}` }];
    }),
  }));
}
