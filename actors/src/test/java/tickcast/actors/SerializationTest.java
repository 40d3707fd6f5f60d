package tickcast.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.serialization.SerializationExtension;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tickcast.actors.market.Market;
import tickcast.actors.monitoring.Monitor;
import tickcast.actors.prediction.Explainer;
import tickcast.actors.prediction.Predictor;
import tickcast.actors.sentiment.SentimentAnalyst;
import tickcast.actors.topic.Published;
import tickcast.actors.training.Trainer;

class SerializationTest {

    private static final ActorTestKit KIT = ActorTestKit.create(Scenes.local());
    private static final Map<Class<?>, Object> MESSAGES =
            Messages.all(KIT.<Object>createTestProbe().getRef());

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void shouldCarryEveryMessageToAnotherNodeUnchanged() {
        for (Object message : MESSAGES.values()) {
            Object arrived = KIT.serializationTestKit().verifySerialization(message, false);
            assertTrue(Same.same(message, arrived), () -> message + " arrived as " + arrived);
        }
    }

    @Test
    void shouldWriteEveryMessageAsCbor() {
        for (Object message : MESSAGES.values()) {
            String serializer = SerializationExtension.get(KIT.system())
                    .findSerializerFor(message)
                    .getClass()
                    .getSimpleName();
            assertEquals("JacksonCborSerializer", serializer, message.toString());
        }
    }

    @Test
    void shouldKnowASampleOfEveryPublicMessage() {
        Set<Class<?>> missing = new LinkedHashSet<>();
        Stream.of(
                        Market.Command.class,
                        Predictor.Command.class,
                        Predictor.Answer.class,
                        Explainer.Command.class,
                        Explainer.Answer.class,
                        Monitor.Command.class,
                        SentimentAnalyst.Command.class,
                        Trainer.Command.class,
                        Published.class)
                .map(Protocol::leaves)
                .flatMap(List::stream)
                .filter(leaf -> java.lang.reflect.Modifier.isPublic(leaf.getModifiers()))
                .filter(leaf -> leaf.getEnclosingClass() == null
                        || java.lang.reflect.Modifier.isPublic(
                                leaf.getEnclosingClass().getModifiers()))
                .forEach(missing::add);
        missing.removeAll(MESSAGES.keySet());

        assertEquals(Set.of(), missing);
    }
}
