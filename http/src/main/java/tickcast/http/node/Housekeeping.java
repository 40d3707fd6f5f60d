package tickcast.http.node;

import akka.actor.typed.ActorSystem;
import java.time.Duration;
import java.time.InstantSource;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Retention;

/** Deletes what has grown old: some minutes after the start, so that short runs do it too, and then every few hours. */
final class Housekeeping {

    private static final Duration FIRST = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofHours(6);

    private Housekeeping() {}

    /** @param now what records age with */
    static void start(ActorSystem<?> system, Archive archive, Retention retention, InstantSource now) {
        system.scheduler()
                .scheduleWithFixedDelay(
                        FIRST,
                        PAUSE,
                        () -> archive.expire(retention, now.instant()).whenComplete((deleted, failure) -> {
                            if (failure != null) {
                                system.log().warn("Old records could not be deleted: {}", failure.toString());
                            }
                        }),
                        system.executionContext());
    }
}
