package tickcast.streams.exchange.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ExponentialTest {

    @Test
    void shouldAgreeWithTheJdk() {
        for (double x = -40; x < 40; x += 0.0371) {
            assertEquals(1, Exponential.exp(x) / StrictMath.exp(x), 1e-13, "x = " + x);
        }
        assertEquals(1, Exponential.exp(0));
    }
}
