package tickcast.actors.prediction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tickcast.actors.MemoryRegistry;
import tickcast.actors.Protocol;
import tickcast.actors.Scenes;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.feature.FeatureVector;

class ExplainerTest {

    private static final ActorTestKit KIT = ActorTestKit.create(Scenes.local());
    private static final Instant AS_OF = Instant.parse("2026-01-05T12:00:00Z");

    private final MemoryRegistry registry = new MemoryRegistry();
    private final TestProbe<Explainer.Answer> answers = KIT.createTestProbe();
    private final ActorRef<Explainer.Command> explainer = KIT.spawn(Explainer.create(registry), Explainer.dispatcher());

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static FeatureVector vector() {
        double[] values = new double[FeatureSchema.current().size()];
        Arrays.fill(values, 0.1);
        return new FeatureVector(
                Scenes.BTC, AS_OF, AS_OF, FeatureSchema.current().hash(), values, 1000, 0.0005, "");
    }

    private Explainer.Answer ask(String version) {
        explainer.tell(new Explainer.Explain(vector(), version, answers.getRef()));
        return answers.receiveMessage();
    }

    @Test
    void shouldSayWhyWhoeverMadeThePrediction() {
        String first = registry.withChampion(AS_OF);
        registry.withChampion(AS_OF);

        Explainer.Explained explained = assertInstanceOf(Explainer.Explained.class, ask(first));

        assertEquals(explained.expectedLogReturn(), explained.explanation().expectedLogReturn());
    }

    @Test
    void shouldSayPlainlyThatAModelCantBeAsked() {
        String damaged = registry.withChampion(AS_OF);
        registry.corrupt(damaged);

        assertTrue(assertInstanceOf(Explainer.NotExplained.class, ask("99"))
                .reason()
                .contains("no model 99"));
        assertTrue(assertInstanceOf(Explainer.NotExplained.class, ask(damaged))
                .reason()
                .contains("damaged"));
        registry.mend(damaged);
        registry.breakModels();
        assertTrue(assertInstanceOf(Explainer.NotExplained.class, ask(damaged))
                .reason()
                .contains("told to fail"));
    }

    @Test
    void shouldSayThatAskingAgainMayHelpWhileTheRegistryIsAway() {
        String version = registry.withChampion(AS_OF);
        registry.setAway(true);
        assertInstanceOf(Explainer.NotNow.class, ask(version));

        registry.setAway(false);
        assertInstanceOf(Explainer.Explained.class, ask(version));
    }

    @Test
    void shouldHoldAFewModelsOnly() {
        List<String> versions = new ArrayList<>();
        for (int i = 0; i <= Explainer.MOST_MODELS; i++) {
            versions.add(registry.withChampion(AS_OF));
        }
        versions.forEach(version -> assertInstanceOf(Explainer.Explained.class, ask(version)));
        assertEquals(List.of(versions.get(0)), registry.closed());
        assertInstanceOf(Explainer.Explained.class, ask(versions.get(1)));
        assertEquals(List.of(versions.get(0)), registry.closed());

        KIT.stop(explainer);
        assertEquals(4, registry.closed().size());
    }

    @Test
    void shouldHandleEveryCommand() {
        assertEquals(
                List.of(),
                Protocol.unhandled(KIT, Explainer.Command.class, () -> Explainer.create(registry), actor -> {}));
    }
}
