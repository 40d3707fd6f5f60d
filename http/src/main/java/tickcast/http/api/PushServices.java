package tickcast.http.api;

import akka.actor.typed.ActorRef;
import java.time.InstantSource;

/** What every WebSocket connection of a node shares. */
record PushServices(
        ApiSettings.Push settings,
        Symbols symbols,
        ActorRef<PushHub.Command> hub,
        History history,
        Admission admission,
        ApiMetrics metrics,
        InstantSource clock) {}
