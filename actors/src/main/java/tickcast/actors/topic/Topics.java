package tickcast.actors.topic;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.pubsub.Topic;

/** The one topic on which the cluster tells what happened, after it was stored. */
public final class Topics {

    private static final String NAME = "published";

    private Topics() {}

    /** This node's end of the topic. Spawn it once a node; what is told to one end reaches the subscribers of all. */
    public static Behavior<Topic.Command<Published>> create() {
        return Topic.create(Published.class, NAME);
    }

    /** Tells whoever listens. */
    public static void publish(ActorRef<Topic.Command<Published>> topic, Published event) {
        topic.tell(Topic.publish(event));
    }

    /** From now on {@code listener} gets every event; it must keep up, nothing is held back for it. */
    public static void subscribe(ActorRef<Topic.Command<Published>> topic, ActorRef<Published> listener) {
        topic.tell(Topic.subscribe(listener));
    }
}
