package tickcast.actors.training;

import akka.actor.typed.ActorRef;
import tickcast.actors.CborSerializable;

/** Cluster singleton: trains in the background, registers, and says which model may speak. */
public final class Trainer {

    private Trainer() {}

    public sealed interface Command extends CborSerializable {}

    /** An operator makes a version the champion. */
    public record Promote(String version, ActorRef<Switched> replyTo) implements Command {}

    /** An operator brings the former champion back. */
    public record Rollback(ActorRef<Switched> replyTo) implements Command {}

    /** @param done whether it happened @param version the champion now, or empty @param problem why not, or empty */
    public record Switched(boolean done, String version, String problem) implements CborSerializable {}
}
