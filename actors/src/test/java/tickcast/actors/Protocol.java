package tickcast.actors;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** Walks a sealed protocol. */
public final class Protocol {

    private Protocol() {}

    /** Every record of a sealed interface, also of those nested in it. */
    public static <T> List<Class<? extends T>> leaves(Class<T> sealed) {
        List<Class<? extends T>> leaves = new ArrayList<>();
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            Class<? extends T> sub = permitted.asSubclass(sealed);
            if (sub.isSealed()) {
                leaves.addAll(leaves(sub));
            } else {
                leaves.add(sub);
            }
        }
        return leaves;
    }

    /**
     * The messages of a protocol that a behavior leaves unhandled in the phase that {@code prelude} brings it to. A handler
     * that stumbles over a hollow message has handled it.
     */
    public static <T> List<Class<? extends T>> unhandled(
            ActorTestKit kit, Class<T> sealed, Supplier<Behavior<T>> behavior, Consumer<ActorRef<T>> prelude) {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level usual = root.getLevel();
        root.setLevel(Level.OFF);
        try {
            return walk(kit, sealed, behavior, prelude);
        } finally {
            root.setLevel(usual);
        }
    }

    private static <T> List<Class<? extends T>> walk(
            ActorTestKit kit, Class<T> sealed, Supplier<Behavior<T>> behavior, Consumer<ActorRef<T>> prelude) {
        List<Class<? extends T>> unhandled = new ArrayList<>();
        for (Class<? extends T> leaf : leaves(sealed)) {
            TestProbe<Boolean> handled = kit.createTestProbe();
            T message = hollow(leaf);
            ActorRef<T> actor = kit.spawn(
                    Behaviors.intercept(() -> new Observer<>(sealed, message, handled.getRef()), behavior.get()));
            prelude.accept(actor);
            actor.tell(message);
            if (!handled.receiveMessage()) {
                unhandled.add(leaf);
            }
            kit.stop(actor);
        }
        return unhandled;
    }

    private static final class Observer<T> extends BehaviorInterceptor<T, T> {
        private final T expected;
        private final ActorRef<Boolean> handled;

        Observer(Class<T> type, T expected, ActorRef<Boolean> handled) {
            super(type);
            this.expected = expected;
            this.handled = handled;
        }

        @Override
        public Behavior<T> aroundReceive(TypedActorContext<T> context, T message, ReceiveTarget<T> target) {
            if (message != expected) {
                return target.apply(context, message);
            }
            Behavior<T> next = stumbled(() -> target.apply(context, message));
            handled.tell(!Behavior.isUnhandled(next));
            return next;
        }

        private static <T> Behavior<T> stumbled(Supplier<Behavior<T>> handler) {
            try {
                return handler.get();
            } catch (NullPointerException | java.util.NoSuchElementException hollow) {
                return Behaviors.stopped();
            }
        }
    }

    private static <T> T hollow(Class<T> leaf) {
        try {
            RecordComponent[] components = leaf.getRecordComponents();
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<T> constructor = leaf.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(
                    Arrays.stream(types).map(Protocol::hollowValue).toArray());
        } catch (ReflectiveOperationException bug) {
            throw new AssertionError(leaf + " can't be made", bug);
        }
    }

    private static Object hollowValue(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        if (type.isPrimitive()) {
            return 0;
        }
        if (type == List.class) {
            return List.of();
        }
        if (type == Map.class) {
            return Map.of();
        }
        if (type == Optional.class) {
            return Optional.empty();
        }
        return type == Instant.class ? Instant.EPOCH : null;
    }
}
