package tickcast.http.api;

import akka.stream.FlowShape;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import tickcast.http.api.websocket.FrameDecoder;
import tickcast.http.api.websocket.Frames;
import tickcast.http.api.websocket.Incoming;
import tickcast.http.api.websocket.ProtocolViolation;

/**
 * Talks with one client: takes its frames, lets {@link Conversation} answer, writes what waits whenever the socket
 * accepts more, and watches its pulse. Runs inside the connection's stream: no locks, all calls arrive one after the other.
 */
final class PushLogic extends TimerGraphStageLogic implements PushClient, Conversation.Line {

    private static final String PULSE = "pulse";
    private static final String FAREWELL = "farewell";
    private static final Duration FAREWELL_TIME = Duration.ofSeconds(3);
    private static final int MANY_ANSWERS = 32;

    private final FlowShape<ByteString, ByteString> shape;
    private final PushServices services;
    private final String address;
    private final FrameDecoder decoder;
    private final Outbox outbox;
    private final Conversation conversation;
    private final Deque<Incoming> inbox = new ArrayDeque<>();
    private final AsyncCallback<Runnable> inside;

    private long sentNanos;
    private long acceptedNanos;
    private long heardNanos;
    private boolean pinged;
    private boolean closing;
    private boolean closeSent;
    private boolean peerClosed;
    private boolean unreadable;

    PushLogic(FlowShape<ByteString, ByteString> shape, PushServices services, String address) {
        super(shape);
        this.shape = shape;
        this.services = services;
        this.address = address;
        this.decoder = new FrameDecoder(services.settings().maxMessageBytes());
        this.outbox = new Outbox(services.settings().bufferedMessages(), services.metrics()::conflated);
        this.conversation = new Conversation(services, this, outbox);
        this.inside = createAsyncCallback(Runnable::run);
        setHandler(shape.in(), new FromClient());
        setHandler(shape.out(), new ToClient());
    }

    private final class FromClient extends AbstractInHandler {
        @Override
        public void onPush() {
            receive(grab(shape.in()));
        }

        @Override
        public void onUpstreamFinish() {
            completeStage();
        }
    }

    private final class ToClient extends AbstractOutHandler {
        @Override
        public void onPull() {
            acceptedNanos = System.nanoTime();
            write();
        }
    }

    @Override
    public void preStart() {
        services.admission().join(address);
        services.metrics().connected();
        services.hub().tell(new PushHub.Join(this));
        long now = System.nanoTime();
        sentNanos = now;
        acceptedNanos = now;
        heardNanos = now;
        scheduleOnce(PULSE, services.settings().heartbeat());
        pull(shape.in());
    }

    @Override
    public void postStop() {
        services.hub().tell(new PushHub.Leave(this));
        services.metrics().disconnected();
        services.admission().leave(address);
    }

    // From the hub's thread.

    @Override
    public void subscribed(Map<Subject, PushMessage> newest) {
        later(() -> conversation.subscribed(newest));
    }

    @Override
    public void deliver(List<PushMessage> messages) {
        later(() -> messages.forEach(conversation::hear));
    }

    @Override
    public void goAway() {
        inside.invoke(() -> close(Frames.GOING_AWAY, "The server is stopping"));
    }

    // From the client.

    private void receive(ByteString bytes) {
        heardNanos = System.nanoTime();
        pinged = false;
        try {
            if (!unreadable) {
                decoder.feed(bytes, inbox::add);
            }
        } catch (ProtocolViolation violation) {
            unreadable = true;
            close(violation.closeCode(), violation.getMessage());
        }
        proceed();
    }

    /** Handles what came in, as far as the answers get away, then asks for more. */
    private void proceed() {
        while (!closing && !inbox.isEmpty() && !conversation.isBusy() && outbox.waitingAnswers() < MANY_ANSWERS) {
            handle(inbox.poll());
        }
        if (closing) {
            takeFarewell();
        }
        if (inbox.isEmpty() && !hasBeenPulled(shape.in()) && !isClosed(shape.in())) {
            pull(shape.in());
        }
        write();
    }

    private void handle(Incoming message) {
        if (message instanceof Incoming.Text text) {
            conversation.take(text.text());
        } else if (message instanceof Incoming.Binary) {
            conversation.refuseBinary();
        } else if (message instanceof Incoming.Ping ping) {
            outbox.answer(Frames.pong(ping.data()));
        } else if (message instanceof Incoming.Close) {
            peerClosed = true;
            close(Frames.NORMAL, "");
        }
    }

    /** While closing only the peer's own close counts. */
    private void takeFarewell() {
        peerClosed |= inbox.stream().anyMatch(Incoming.Close.class::isInstance);
        inbox.clear();
        if (closeSent && peerClosed) {
            completeStage();
        }
    }

    // To the client.

    /** Runs {@code action} inside this connection's stream, unless it is closing: nothing follows a close frame. */
    @Override
    public void later(Runnable action) {
        inside.invoke(() -> {
            if (!closing) {
                action.run();
                proceed();
            }
        });
    }

    @Override
    public PushClient client() {
        return this;
    }

    @Override
    public void close(int code, String reason) {
        if (closing) {
            return;
        }
        closing = true;
        outbox.clear();
        inbox.clear();
        outbox.answer(Frames.close(code, reason));
        scheduleOnce(FAREWELL, FAREWELL_TIME);
        write();
    }

    private void write() {
        if (!isAvailable(shape.out())) {
            return;
        }
        boolean answering = outbox.waitingAnswers() > 0;
        ByteString bytes = outbox.nextWrite(services.metrics()::pushed);
        if (!bytes.isEmpty()) {
            sentNanos = System.nanoTime();
            push(shape.out(), bytes);
            if (closing) {
                closeSent = true;
                if (peerClosed) {
                    completeStage();
                }
            } else if (answering && !inbox.isEmpty() && !conversation.isBusy()) {
                inside.invoke(this::proceed);
            }
        }
        if (!closing) {
            conversation.readOn();
        }
    }

    // The pulse.

    @Override
    public void onTimer(Object timer) {
        if (timer.equals(FAREWELL)) {
            sayFarewell();
        } else if (!closing) {
            beat(System.nanoTime());
        }
    }

    /** The client got its close frame and didn't answer, or never took it. */
    private void sayFarewell() {
        if (closeSent) {
            completeStage();
        } else {
            failStage(new SlowClient());
        }
    }

    private void beat(long now) {
        ApiSettings.Push settings = services.settings();
        long timeout = settings.slowClientTimeout().toNanos();
        boolean blocked = !isAvailable(shape.out()) && now - acceptedNanos >= timeout;
        boolean deaf = pinged && now - heardNanos >= timeout;
        if (blocked || deaf) {
            services.metrics().slowClosed();
            close(
                    Frames.TRY_AGAIN_LATER,
                    (blocked ? "Nothing was accepted for " : "No sign of life, not even a pong, for ")
                            + settings.slowClientTimeout().toSeconds() + " s");
            return;
        }
        if (!pinged && now - heardNanos >= settings.pingAfter().toNanos()) {
            pinged = true;
            outbox.answer(Frames.ping());
        }
        long heartbeat = settings.heartbeat().toNanos();
        if (now - sentNanos >= heartbeat && outbox.isEmpty() && isAvailable(shape.out())) {
            outbox.answer(Conversation.HEARTBEAT);
        }
        write();
        long due = Math.max(sentNanos + heartbeat - now, heartbeat / 4);
        scheduleOnce(PULSE, Duration.ofNanos(due));
    }

    /** A client that does not even take its close frame. */
    private static final class SlowClient extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SlowClient() {
            super("the client accepts nothing", null, false, false);
        }
    }
}
