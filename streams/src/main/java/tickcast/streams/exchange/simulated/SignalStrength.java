package tickcast.streams.exchange.simulated;

/**
 * How much of the future the simulated market gives away, to one who sees its hidden drift. Who only sees trades and
 * candles reaches about half of the explained variance.
 *
 * @param halfLifeMinutes of the hidden drift
 * @param explained share of the variance of the log return over the horizon, divided by volatility, that the drift explains
 * @param directionAccuracy share of signs that the drift tells rightly, if returns were normal
 * @param maeSkill 1 − MAE / MAE of the naive forecast, if returns were normal
 */
public record SignalStrength(double halfLifeMinutes, double explained, double directionAccuracy, double maeSkill) {}
