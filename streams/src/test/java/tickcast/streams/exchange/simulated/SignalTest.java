package tickcast.streams.exchange.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;

/** How much of the future can be known, to one who sees everything and to one who sees only candles. */
class SignalTest {

    private static final int HORIZON = 5;
    private static final int MINUTES = 30 * 1440;
    private static final Symbol BTC = Symbol.parse("BTC/USD");

    private final MinutePath path =
            new MinutePath(List.of(Instrument.of(BTC)), SimulatedSettings.DEFAULT_SEED, 1, 29_500_000L);
    private final double[] close = new double[MINUTES];
    private final double[] drift = new double[MINUTES];
    private final double[] volatility = new double[MINUTES];

    @Test
    void shouldHoldTheSignalThatTheoryPromises() {
        for (int minute = 0; minute < MINUTES; minute++) {
            path.step();
            close[minute] = path.closeLog(0);
            drift[minute] = path.drift(0);
            volatility[minute] = path.volatility(0);
        }
        double weight = Drift.STRENGTH * Drift.reach(HORIZON);
        Score score = new Score();
        for (int minute = 0; minute + HORIZON < MINUTES; minute++) {
            double moved = (close[minute + HORIZON] - close[minute]) / volatility[minute];
            score.add(weight * drift[minute], moved);
        }
        SignalStrength theory = SimulatedMarket.signalStrength(Duration.ofMinutes(HORIZON));
        assertEquals(theory.explained(), score.explained(), 0.01);
        assertEquals(theory.directionAccuracy(), score.direction(), 0.015);
        assertEquals(theory.maeSkill(), score.skill(), 0.008);
    }

    @Test
    void shouldBetrayTheSignalByFlow() {
        SimulatedMarket market = new SimulatedMarket(SimulatedSettings.defaults(), List.of(BTC));
        Instant start = Instant.parse("2026-01-10T00:00:00Z");
        List<Candle> candles = market.candles(BTC, start, start.plus(Duration.ofDays(10)));
        Score score = new Score();
        double flow = 0;
        double deviation = 8e-4;
        for (int i = 1; i + HORIZON < candles.size(); i++) {
            Candle candle = candles.get(i);
            double moved = Math.log(candle.close() / candles.get(i - 1).close());
            deviation = Math.sqrt(0.98 * deviation * deviation + 0.02 * moved * moved);
            double balance = candle.volume() == 0 ? 0 : 2 * candle.buyVolume() / candle.volume() - 1;
            flow = 0.8 * flow + 0.2 * balance;
            score.add(0.9 * flow, Math.log(candles.get(i + HORIZON).close() / candle.close()) / deviation);
        }
        assertTrue(score.direction() > 0.525 && score.direction() < 0.575, "direction " + score.direction());
        assertTrue(score.skill() > 0.004 && score.skill() < 0.025, "skill " + score.skill());
    }

    private static final class Score {
        private double error;
        private double naive;
        private double product;
        private double forecasts;
        private double outcomes;
        private int right;
        private int count;

        void add(double forecast, double outcome) {
            error += Math.abs(outcome - forecast);
            naive += Math.abs(outcome);
            product += forecast * outcome;
            forecasts += forecast * forecast;
            outcomes += outcome * outcome;
            right += forecast > 0 == outcome > 0 ? 1 : 0;
            count++;
        }

        double skill() {
            return 1 - error / naive;
        }

        double direction() {
            return (double) right / count;
        }

        double explained() {
            return product * product / (forecasts * outcomes);
        }
    }
}
