package tickcast.actors.sentiment;

import akka.actor.typed.ActorRef;
import java.util.List;
import tickcast.actors.CborSerializable;
import tickcast.model.sentiment.NewsItem;

/** Scores headlines on a dispatcher of its own, stores the scores, then tells the markets and the topic. */
public final class SentimentAnalyst {

    private SentimentAnalyst() {}

    public sealed interface Command extends CborSerializable {}

    /** Scores headlines; known ones (by news id) are skipped. Answered when the scores are stored. */
    public record Analyse(List<NewsItem> items, ActorRef<Analysed> replyTo) implements Command {}

    /** @param scored headlines newly scored @param problem why some were not, or empty; sending them again later may help */
    public record Analysed(int scored, String problem) implements CborSerializable {}
}
