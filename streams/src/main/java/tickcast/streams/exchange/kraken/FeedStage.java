package tickcast.streams.exchange.kraken;

import akka.http.javadsl.model.ws.WebSocketUpgradeResponse;
import akka.japi.Pair;
import akka.japi.function.Procedure;
import akka.stream.Attributes;
import akka.stream.BoundedSourceQueue;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent;

/**
 * Runs a {@link FeedSession} between the sockets and a stream: frames are pulled only as fast as feed events are taken, so
 * back-pressure reaches the exchange's socket. Consecutive trades that wait are told as one batch.
 */
final class FeedStage extends GraphStage<SourceShape<FeedEvent>> {

    /** Makes the session that the stage runs. */
    interface SessionFactory {
        FeedSession create(FeedSession.Wire wire, java.util.function.Consumer<FeedEvent> out);
    }

    private static final int MOST_WAITING_EVENTS = 64;
    private static final int MOST_TRADES_AT_ONCE = 1000;
    private static final int MOST_WAITING_ORDERS = 1024;
    /** A frame that came this soon after it was asked for had been lying in a buffer. */
    private static final long BUFFERED_NANOS = Duration.ofMillis(2).toNanos();

    private final Outlet<FeedEvent> out = Outlet.create("KrakenFeed.out");
    private final SourceShape<FeedEvent> shape = SourceShape.of(out);
    private final KrakenSocket socket;
    private final BiFunction<Symbol, Long, CompletionStage<TradesPage>> history;
    private final SessionFactory sessions;
    private final InstantSource clock;
    private final Duration tickEvery;

    FeedStage(
            KrakenSocket socket,
            BiFunction<Symbol, Long, CompletionStage<TradesPage>> history,
            SessionFactory sessions,
            InstantSource clock,
            Duration tickEvery) {
        this.socket = socket;
        this.history = history;
        this.sessions = sessions;
        this.clock = clock;
        this.tickEvery = tickEvery;
    }

    @Override
    public SourceShape<FeedEvent> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private record Answer(Symbol symbol, TradesPage page, Throwable failure) {}

    private record Handshake(int connection, boolean done, String reason) {}

    private final class Logic extends TimerGraphStageLogic implements FeedSession.Wire {

        private final Deque<FeedEvent> waiting = new ArrayDeque<>();
        private final FeedSession session = sessions.create(this, this::enqueue);
        private final AsyncCallback<Answer> answers = createAsyncCallback((Procedure<Answer>) this::onAnswer);
        private final AsyncCallback<Handshake> handshakes =
                createAsyncCallback((Procedure<Handshake>) this::onHandshake);
        private int connection;
        private boolean connected;
        private SubSinkInlet<String> frames;
        private BoundedSourceQueue<String> orders;
        private long pulledAtNanos;

        Logic() {
            super(shape);
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    proceed();
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    disconnect();
                    completeStage();
                }
            });
        }

        @Override
        public void preStart() {
            scheduleAtFixedRate("tick", Duration.ZERO, tickEvery);
        }

        @Override
        public void postStop() {
            disconnect();
        }

        @Override
        public void onTimer(Object timerKey) {
            session.tick(clock.instant(), isUpToDate());
            proceed();
        }

        /** Whether there is nothing that came in and was not read. */
        private boolean isUpToDate() {
            return !connected || (frames.hasBeenPulled() && isWaitingForFrames());
        }

        private boolean isWaitingForFrames() {
            return System.nanoTime() - pulledAtNanos > BUFFERED_NANOS;
        }

        private void proceed() {
            if (isAvailable(out) && !waiting.isEmpty()) {
                push(out, waiting.pollFirst());
            }
            boolean hungry = waiting.size() < MOST_WAITING_EVENTS;
            if (hungry && connected && !frames.isClosed() && !frames.hasBeenPulled()) {
                pulledAtNanos = System.nanoTime();
                frames.pull();
            }
        }

        private void enqueue(FeedEvent event) {
            if (event instanceof FeedEvent.TradesArrived more
                    && waiting.peekLast() instanceof FeedEvent.TradesArrived last
                    && last.trades().size() + more.trades().size() <= MOST_TRADES_AT_ONCE) {
                waiting.pollLast();
                List<Trade> both = new ArrayList<>(last.trades());
                both.addAll(more.trades());
                waiting.addLast(new FeedEvent.TradesArrived(both));
            } else {
                waiting.addLast(event);
            }
        }

        @Override
        public void connect() {
            int number = ++connection;
            frames = new SubSinkInlet<>("KrakenFeed.frames");
            frames.setHandler(new FrameHandler(number));
            Pair<Pair<BoundedSourceQueue<String>, CompletionStage<WebSocketUpgradeResponse>>, akka.NotUsed> running =
                    Source.<String>queue(MOST_WAITING_ORDERS)
                            .viaMat(socket.connection(), Keep.both())
                            .toMat(Sink.fromGraph(frames.sink()), Keep.both())
                            .run(subFusingMaterializer());
            orders = running.first().first();
            connected = true;
            running.first()
                    .second()
                    .whenComplete((upgrade, failure) -> handshakes.invoke(outcome(number, upgrade, failure)));
            proceed();
        }

        private static Handshake outcome(int number, WebSocketUpgradeResponse upgrade, Throwable failure) {
            if (failure != null) {
                return new Handshake(number, false, String.valueOf(failure.getMessage()));
            }
            return new Handshake(
                    number,
                    upgrade.isValid(),
                    "refused with status " + upgrade.response().status().intValue());
        }

        private void onHandshake(Handshake handshake) {
            if (handshake.connection() != connection || !connected) {
                return;
            }
            if (handshake.done()) {
                session.opened(clock.instant());
            } else {
                onLost(handshake.connection(), handshake.reason());
            }
            proceed();
        }

        private void onLost(int number, String reason) {
            if (number == connection && connected) {
                disconnect();
                session.lost(reason, clock.instant());
                proceed();
            }
        }

        @Override
        public void disconnect() {
            if (connected) {
                connected = false;
                orders.complete();
                if (!frames.isClosed()) {
                    frames.cancel();
                }
            }
        }

        @Override
        public void send(String text) {
            if (connected) {
                orders.offer(text);
            }
        }

        @Override
        public void askTrades(Symbol symbol, long sinceNanos) {
            history.apply(symbol, sinceNanos)
                    .whenComplete((page, failure) -> answers.invoke(new Answer(symbol, page, failure)));
        }

        private void onAnswer(Answer answer) {
            if (answer.failure() == null) {
                session.answered(answer.symbol(), answer.page(), clock.instant());
            } else {
                session.unanswered(answer.symbol(), clock.instant());
            }
            proceed();
        }

        private final class FrameHandler extends AbstractInHandler {
            private final int number;

            FrameHandler(int number) {
                this.number = number;
            }

            @Override
            public void onPush() {
                String text = frames.grab();
                if (number == connection && connected) {
                    session.received(text, clock.instant(), isWaitingForFrames());
                }
                proceed();
            }

            @Override
            public void onUpstreamFinish() {
                onLost(number, "the exchange closed it");
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
                onLost(number, String.valueOf(failure.getMessage()));
            }
        }
    }
}
