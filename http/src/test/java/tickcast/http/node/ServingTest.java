package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ServingTest {

    @Test
    void shouldPromisePredictionsOnlyWhereTheyAreMade() {
        String whole = new Serving("http://127.0.0.1:8080", true, "http://127.0.0.1:8558", "").greeting();
        assertTrue(whole.contains("First predictions come in a few seconds."), whole);
        String news = new Serving("", false, "http://127.0.0.1:8558", "").greeting();
        assertFalse(news.contains("predictions"), news);
        assertTrue(news.contains("http://127.0.0.1:8558/ready") && news.contains("Ctrl-C stops."), news);
    }

    @Test
    void shouldSayWhatItWaitsForInsteadOfPromising() {
        String waiting =
                new Serving("", true, "http://127.0.0.1:8558", "kafka (Kafka has been away since noon)").greeting();
        assertFalse(waiting.contains("First predictions"), waiting);
        assertTrue(waiting.contains("Not ready yet: kafka (Kafka has been away since noon).\n"), waiting);
    }
}
