package tickcast.http.api;

import akka.util.ByteString;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tickcast.http.api.websocket.Frames;
import tickcast.model.market.Times;

/**
 * What one client subscribed to and how far it has been told. Not thread safe: lives in its connection's stream.
 */
final class Conversation {

    static final ByteString HEARTBEAT = Frames.text("{\"channel\":\"heartbeat\"}");

    /** The connection below. */
    interface Line {
        /** Runs an action inside the connection's stream, from any thread. */
        void later(Runnable action);

        PushClient client();

        void close(int code, String reason);
    }

    private enum Phase {
        /** The hub was asked. */
        ASKED,
        /** The past is being told. */
        CATCHING_UP,
        LIVE
    }

    private final PushServices services;
    private final Line line;
    private final Outbox outbox;
    private final Map<Subject, Phase> phases = new HashMap<>();
    private final Map<Subject, CatchUp> catchUps = new HashMap<>();
    /** Of subjects that were resumed: what came from the archive does not come again from the hub. */
    private final Map<Subject, Novelty> resumed = new HashMap<>();

    private final Deque<CatchUp> queue = new ArrayDeque<>();
    private ClientRequest.Subscribe pending;
    private boolean reading;

    Conversation(PushServices services, Line line, Outbox outbox) {
        this.services = services;
        this.line = line;
        this.outbox = outbox;
    }

    /** Whether a request is under way, so that the next has to wait. */
    boolean isBusy() {
        return pending != null;
    }

    void take(String text) {
        ClientRequest request = ClientRequest.parse(text, services.symbols());
        if (request instanceof ClientRequest.Subscribe subscribe) {
            subscribe(subscribe);
        } else if (request instanceof ClientRequest.Unsubscribe unsubscribe) {
            unsubscribe(unsubscribe);
        } else if (request instanceof ClientRequest.Ping ping) {
            String now = Times.iso(services.clock().instant());
            outbox.answer(ClientRequest.pong(now, ping.reqId()));
        } else if (request instanceof ClientRequest.Invalid invalid) {
            outbox.answer(ClientRequest.refused(invalid.method(), invalid.error(), invalid.reqId()));
        }
    }

    void refuseBinary() {
        outbox.answer(ClientRequest.refused(
                "",
                "Binary messages are not understood",
                com.fasterxml.jackson.databind.node.MissingNode.getInstance()));
    }

    private void subscribe(ClientRequest.Subscribe request) {
        request.unknown()
                .forEach(name ->
                        outbox.answer(ClientRequest.refused("subscribe", "Unknown symbol " + name, request.reqId())));
        List<Subject> asked = request.subjects().stream()
                .filter(subject -> !phases.containsKey(subject))
                .toList();
        asked.forEach(subject -> phases.put(subject, Phase.ASKED));
        if (asked.isEmpty()) {
            acknowledge(request);
            return;
        }
        pending = request;
        services.hub().tell(new PushHub.Subscribe(line.client(), asked));
    }

    /** The hub's answer. Subjects that were subscribed before go on undisturbed. */
    void subscribed(Map<Subject, PushMessage> newest) {
        ClientRequest.Subscribe request = pending;
        pending = null;
        for (Subject subject : request.subjects()) {
            outbox.answer(ClientRequest.acknowledged("subscribe", subject, request.reqId()));
            PushMessage last = newest.get(subject);
            if (last != null) {
                begin(subject, request, last);
            }
        }
    }

    private void begin(Subject subject, ClientRequest.Subscribe request, PushMessage newest) {
        if (request.since().isEmpty()) {
            if (request.snapshot()) {
                outbox.answer(newest.snapshot());
            }
            phases.put(subject, Phase.LIVE);
            return;
        }
        resume(subject, request.since().getAsLong(), newest);
    }

    private void resume(Subject subject, long since, PushMessage newest) {
        switch (services.history()
                .resumption(subject, since, newest.seq(), services.clock().instant())) {
            case NOTHING_MISSED -> phases.put(subject, Phase.LIVE);
            case ONE_BY_ONE -> {
                phases.put(subject, Phase.CATCHING_UP);
                CatchUp catchUp =
                        new CatchUp(subject, since, services.settings().bufferedMessages());
                catchUps.put(subject, catchUp);
                queue.add(catchUp);
            }
            case BY_SNAPSHOT -> {
                outbox.answer(newest.snapshot());
                phases.put(subject, Phase.LIVE);
            }
        }
    }

    private void acknowledge(ClientRequest.Subscribe request) {
        request.subjects()
                .forEach(subject -> outbox.answer(ClientRequest.acknowledged("subscribe", subject, request.reqId())));
    }

    private void unsubscribe(ClientRequest.Unsubscribe request) {
        request.unknown()
                .forEach(name ->
                        outbox.answer(ClientRequest.refused("unsubscribe", "Unknown symbol " + name, request.reqId())));
        services.hub().tell(new PushHub.Unsubscribe(line.client(), request.subjects()));
        for (Subject subject : request.subjects()) {
            phases.remove(subject);
            queue.remove(catchUps.remove(subject));
            resumed.remove(subject);
            outbox.forget(subject);
            outbox.answer(ClientRequest.acknowledged("unsubscribe", subject, request.reqId()));
        }
    }

    /** News from the hub. */
    void hear(PushMessage message) {
        Phase phase = phases.get(message.subject());
        if (phase == Phase.LIVE && isNews(message)) {
            outbox.add(message);
        } else if (phase == Phase.CATCHING_UP) {
            services.metrics().conflated(catchUps.get(message.subject()).hold(message));
        }
    }

    private boolean isNews(PushMessage message) {
        Novelty told = resumed.get(message.subject());
        return told == null
                || message.subject().channel() == Channel.SENTIMENT
                || told.take(message.seq(), message.revision());
    }

    /** Reads the next piece of the past once the one before is on its way. */
    void readOn() {
        if (reading || queue.isEmpty() || outbox.hasNews()) {
            return;
        }
        CatchUp current = queue.peek();
        reading = true;
        services.history()
                .after(current.subject(), current.position())
                .whenComplete((chunk, failure) -> line.later(() -> {
                    reading = false;
                    if (failure != null) {
                        line.close(Frames.TRY_AGAIN_LATER, "The archive can't be read right now");
                    } else if (queue.peek() == current) {
                        tell(current, chunk);
                    }
                }));
    }

    private void tell(CatchUp current, History.Chunk chunk) {
        current.read(chunk.messages());
        chunk.messages().forEach(outbox::add);
        if (chunk.complete()) {
            queue.remove();
            catchUps.remove(current.subject());
            phases.put(current.subject(), Phase.LIVE);
            current.rest().forEach(outbox::add);
            resumed.put(current.subject(), current.told());
        }
    }
}
