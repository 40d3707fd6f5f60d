/** The features' names in plain words. Those not known here keep the name that the schema gives them. */

import { fixed, signed } from './words.js';

const minutes = (n) => (n === '1' ? 'last minute' : n % 60 === 0 && n > 60 ? `last ${n / 60} h` : `last ${n} min`);
const hours = (n) => (n === '1h' ? 'last hour' : `last ${n.replace('h', ' h')}`);

const moves = (value) => `${signed(value, 2)} expected moves`;
const ratio = (value) => `${fixed(value, 2)} × usual`;
const share = (value) => `${fixed(value * 100, 0)} %, 50 % is usual`;
const balance = (value) => `${signed(value * 100, 0)} %`;
const plain = (value) => fixed(value, 2);

/** `[pattern, words, how the value is written]`; the words get what the pattern caught. */
const PATTERNS = [
  [/^return(\d+)$/, (n) => `Price move, ${minutes(n)}`, moves],
  [/^leaderReturn(\d+)$/, (n) => `Leader’s move, ${minutes(n)}`, moves],
  [/^panelReturn(\d+)$/, (n) => `Other symbols’ move, ${minutes(n)}`, moves],
  [/^relativeReturn(\d+)$/, (n) => `Move beyond the others’, ${minutes(n)}`, moves],
  [/^panelMove(\d+)$/, (n) => `How much the others moved, ${minutes(n)}`, moves],
  [/^absReturn1$/, () => 'Size of the last move', moves],
  [/^smaDistance(\d+)$/, (n) => `Distance from the ${n}-minute average`, moves],
  [/^emaDistance(\d+)$/, (n) => `Distance from the ${n}-minute weighted average`, moves],
  [/^vwapDistanceDay$/, () => 'Distance from the day’s mean traded price', moves],
  [/^vwapDistance(\d+)$/, (n) => `Distance from the mean traded price, ${minutes(n)}`, moves],
  [/^takerFlow(\d+)$/, (n) => `Buying against selling, ${minutes(n)}`, balance],
  [/^volumeShare(\d+)$/, (n) => `Volume, ${minutes(n)}`, share],
  [/^tradeShare(\d+)$/, (n) => `Number of trades, ${minutes(n)}`, share],
  [/^tradeSizeRatio(\d+)$/, (n) => `Size of trades, ${minutes(n)}`, plain],
  [/^obvChange(\d+)$/, (n) => `Volume with the price against it, ${minutes(n)}`, plain],
  [/^realized(\d+)$/, (n) => `Volatility, ${minutes(n)}`, ratio],
  [/^range(\d+)$/, (n) => `High-to-low range, ${minutes(n)}`, ratio],
  [/^volatilityTrend$/, () => 'Whether volatility rises', plain],
  [/^jumpiness(\d+)$/, (n) => `Jumps, ${minutes(n)}`, plain],
  [/^autocorrelation(\d+)$/, (n) => `Whether moves go on or turn, ${minutes(n)}`, plain],
  [/^efficiency(\d+)$/, (n) => `Straightness of the way, ${minutes(n)}`, plain],
  [/^rsi(\d+)$/, (n) => `RSI, ${n} minutes`, plain],
  [/^macdLine$/, () => 'MACD', moves],
  [/^macdSignal$/, () => 'MACD signal', moves],
  [/^macdHistogram$/, () => 'MACD histogram', moves],
  [/^bollingerPosition$/, () => 'Place between the Bollinger bands', plain],
  [/^bollingerWidth$/, () => 'Width of the Bollinger bands', plain],
  [/^atrLogBps$/, () => 'Average true range, logarithm', plain],
  [/^atrRatio$/, () => 'Average true range against volatility', ratio],
  [/^stochastic([KD])$/, (which) => `Stochastic %${which}`, plain],
  [/^adx$/, () => 'ADX, strength of the trend', plain],
  [/^plusDi$/, () => 'Directional index up', plain],
  [/^minusDi$/, () => 'Directional index down', plain],
  [/^mfi(\d+)$/, (n) => `Money flow index, ${n} minutes`, plain],
  [/^cci(\d+)$/, (n) => `CCI, ${n} minutes`, plain],
  [/^roc(\d+)$/, (n) => `Rate of change, ${n} minutes`, moves],
  [/^williamsR(\d+)$/, (n) => `Williams %R, ${n} minutes`, plain],
  [/^body$/, () => 'Body of the last candle', balance],
  [/^upperWick$/, () => 'Upper wick of the last candle', balance],
  [/^lowerWick$/, () => 'Lower wick of the last candle', balance],
  [/^hour(Sin|Cos)$/, () => 'Time of day', plain],
  [/^weekday(Sin|Cos)$/, () => 'Day of the week', plain],
  [/^minutesSinceTrade$/, () => 'Minutes since the last trade', (value) => fixed(value, 0)],
  [/^minutesSinceGap$/, () => 'Time since trades were missing', plain],
  [/^sentiment(\d+h)$/, (n) => `News about the symbol, ${hours(n)}`, plain],
  [/^marketSentiment(\d+h)$/, (n) => `News about the market, ${hours(n)}`, plain],
  [/^sentimentCount(\d+h)$/, (n) => `Number of headlines, ${hours(n)}`, plain],
  [/^marketSentimentCount(\d+h)$/, (n) => `Number of market headlines, ${hours(n)}`, plain],
];

/** `{name, value}` of a feature for people. */
export function featureWords(feature, value) {
  for (const [pattern, words, write] of PATTERNS) {
    const found = pattern.exec(feature);
    if (found) return { name: words(found[1]), value: value === null ? 'not known' : write(value) };
  }
  return { name: feature, value: value === null ? 'not known' : plain(value) };
}
