package tickcast.streams.exchange.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest {

    @Test
    void shouldReadTheSameDoubleAsTheJdk() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            String text = random.nextLong(1_000_000_000L) + "." + random.nextLong(1L << (1 + random.nextInt(40)));
            assertEquals(Double.parseDouble(text), parse(text), text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "1", "-2.5", ".5", "7.", "5.1e-05", "1E3", "0.1234567890123456789", "99999999999999999999"})
    void shouldReadUnusualNumbers(String text) {
        assertEquals(Double.parseDouble(text), parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "-", "abc", "1.2.3", "1 ", "NaN", "Infinity", "1e999", "0x1p3", "1,5", "12d"})
    void shouldRefuseWhatIsNoNumber(String text) {
        assertTrue(Double.isNaN(parse(text)), text);
    }

    @ParameterizedTest
    @CsvSource({
        "1700179206.662, 1700179206662000",
        "1561939203, 1561939203000000",
        "1561939203.1234569, 1561939203123456",
        "1561939203., 1561939203000000",
        "-5, -1",
        "abc, -1",
        "1.5x, -1",
        "1e9, -1",
        "1234567890123, -1"
    })
    void shouldReadTimesToTheMicrosecond(String text, long micros) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertEquals(micros, Decimal.parseMicros(bytes, 0, bytes.length));
    }

    private static double parse(String text) {
        byte[] bytes = ("," + text + ",").getBytes(StandardCharsets.US_ASCII);
        return Decimal.parse(bytes, 1, bytes.length - 1);
    }
}
