package tickcast.http.api;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.StashBuffer;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.pubsub.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tickcast.actors.topic.Published;
import tickcast.model.sentiment.Sentiment;

/**
 * Hears the topic, once per node, keeps {@link MarketState} up to date and passes the news on to the clients that
 * subscribed to it. What is heard in one go is delivered in one go.
 */
final class PushHub extends AbstractBehavior<PushHub.Command> {

    private static final int STASHED = 10_000;
    /** How long the first clients wait for what was stored before this node began to listen. */
    private static final Duration SEED_PATIENCE = Duration.ofSeconds(5);
    /** Headlines that are scored together are published one by one, within this time. */
    private static final Duration HEADLINES_TOGETHER = Duration.ofMillis(50);

    private static final Duration GOODBYE_TIME = Duration.ofSeconds(2);

    sealed interface Command {}

    private record Heard(Published event) implements Command {}

    record Join(PushClient client) implements Command {}

    /** Calls back {@link PushClient#subscribed}. */
    record Subscribe(PushClient client, List<Subject> subjects) implements Command {}

    record Unsubscribe(PushClient client, List<Subject> subjects) implements Command {}

    record Leave(PushClient client) implements Command {}

    /** The server is stopping. Answered when every client has said goodbye, or after two seconds. */
    record Close(ActorRef<Done> replyTo) implements Command {}

    private record CloseNow() implements Command {}

    private record Seeded(Seed seed) implements Command {}

    private record SeedOverdue() implements Command {}

    private record Flush() implements Command {}

    private record FlushHeadlines() implements Command {}

    private final MarketState state;
    private final PushMessages messages;
    private final InstantSource clock;
    private final String source;
    private final TimerScheduler<Command> timers;
    private final Set<PushClient> everybody = new LinkedHashSet<>();
    private final Map<Subject, Set<PushClient>> clients = new HashMap<>();
    private final Map<Subject, PushMessage> newest = new HashMap<>();
    private final Map<Subject, Novelty> novelty = new HashMap<>();
    private final List<PushMessage> outbox = new ArrayList<>();
    private final Map<String, List<Sentiment>> headlines = new HashMap<>();
    private final List<ActorRef<Done>> goodbyes = new ArrayList<>();
    private final StashBuffer<Command> waiting;
    /** Whether clients are answered: what was stored last is known, or they waited long enough. */
    private boolean answering;

    private long statusSeq;

    static Behavior<Command> create(
            MarketState state,
            Records records,
            Seed.Reader seeds,
            ActorRef<Topic.Command<Published>> topic,
            InstantSource clock) {
        return create(state, records, seeds, topic, clock, SEED_PATIENCE);
    }

    /** @param patience how long the first clients wait for what was stored */
    static Behavior<Command> create(
            MarketState state,
            Records records,
            Seed.Reader seeds,
            ActorRef<Topic.Command<Published>> topic,
            InstantSource clock,
            Duration patience) {
        return Behaviors.withStash(
                STASHED,
                stash -> Behaviors.withTimers(timers -> Behaviors.setup(context -> {
                    topic.tell(Topic.subscribe(context.messageAdapter(Published.class, Heard::new)));
                    timers.startSingleTimer(new SeedOverdue(), patience);
                    context.pipeToSelf(
                            seeds.readAtLast(context.getSystem()),
                            (seed, failure) -> failure == null ? new Seeded(seed) : new SeedOverdue());
                    return new PushHub(context, timers, stash, state, records, clock);
                })));
    }

    private PushHub(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            StashBuffer<Command> waiting,
            MarketState state,
            Records records,
            InstantSource clock) {
        super(context);
        this.timers = timers;
        this.waiting = waiting;
        this.state = state;
        this.messages = new PushMessages(records);
        this.source = records.source();
        this.clock = clock;
        keep(status(clock.instant()));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Heard.class, this::hear)
                .onMessage(Join.class, this::join)
                .onMessage(Subscribe.class, this::subscribe)
                .onMessage(Unsubscribe.class, this::unsubscribe)
                .onMessage(Leave.class, this::leave)
                .onMessage(Seeded.class, this::seed)
                .onMessage(SeedOverdue.class, overdue -> answerEverybody())
                .onMessage(Flush.class, flush -> flush())
                .onMessage(FlushHeadlines.class, flush -> flushHeadlines())
                .onMessage(Close.class, this::close)
                .onMessage(CloseNow.class, now -> answerGoodbyes(true))
                .build();
    }

    private Behavior<Command> seed(Seeded loaded) {
        Seed seed = loaded.seed();
        seed.candles().forEach(candle -> {
            state.candle(candle);
            learn(messages.candle(candle));
        });
        seed.predictions().forEach(prediction -> {
            state.prediction(prediction);
            learn(messages.prediction(prediction));
        });
        seed.errors().forEach(error -> learn(messages.error(error)));
        seed.sentiment().forEach(sentiment -> learn(messages.sentiment(List.of(sentiment))));
        if (seed.champion().filter(state::champion).isPresent()) {
            say(status(clock.instant()));
        }
        return answerEverybody();
    }

    /** What was stored last. Whoever subscribed before it could be read is told, unless something newer was. */
    private void learn(PushMessage stored) {
        PushMessage known = newest.get(stored.subject());
        boolean isNewest = known == null || !known.isNewerThan(stored);
        if (!answering) {
            novelty.computeIfAbsent(stored.subject(), subject -> new Novelty()).take(stored.seq(), stored.revision());
            keep(stored);
        } else if (isNewest && stored.subject().channel() != Channel.SENTIMENT) {
            say(stored);
        } else {
            keep(stored);
        }
    }

    private Behavior<Command> answerEverybody() {
        answering = true;
        return waiting.unstashAll(this);
    }

    private Behavior<Command> hear(Heard heard) {
        Published event = heard.event();
        if (event instanceof Published.CandleClosed closed) {
            state.candle(closed.candle());
            say(messages.candle(closed.candle()));
            if (state.inferFeed(closed.candle(), clock.instant())) {
                say(status(clock.instant()));
            }
        } else if (event instanceof Published.PredictionMade made
                && made.prediction().published()) {
            state.prediction(made.prediction());
            say(messages.prediction(made.prediction()));
        } else if (event instanceof Published.PredictionMatured matured
                && matured.error().prediction().published()) {
            say(messages.error(matured.error()));
        } else if (event instanceof Published.SentimentScored scored) {
            collect(scored.sentiment());
        } else if (event instanceof Published.FeedChanged changed) {
            state.feed(changed);
            say(status(changed.at()));
        } else if (event instanceof Published.ModelChanged changed) {
            state.model(changed);
            say(status(changed.at()));
        } else if (event instanceof Published.HistoryAdvanced advanced) {
            state.history(advanced);
            say(status(advanced.at()));
        }
        return this;
    }

    /** One moment's whole status; its {@code seq} always grows. */
    private PushMessage status(Instant at) {
        statusSeq = Math.max(statusSeq + 1, at.toEpochMilli());
        byte[] body = Json.bytes(out -> state.writeStatus(out, source));
        return messages.status(
                statusSeq, out -> out.writeRawValue(new String(body, java.nio.charset.StandardCharsets.UTF_8)));
    }

    private void collect(Sentiment sentiment) {
        if (headlines.isEmpty()) {
            timers.startSingleTimer(new FlushHeadlines(), HEADLINES_TOGETHER);
        }
        headlines
                .computeIfAbsent(sentiment.symbol() + PushMessages.seq(sentiment), key -> new ArrayList<>())
                .add(sentiment);
    }

    private Behavior<Command> flushHeadlines() {
        headlines.values().stream()
                .map(messages::sentiment)
                .sorted(java.util.Comparator.comparingLong(PushMessage::seq))
                .forEach(this::say);
        headlines.clear();
        return this;
    }

    private void say(PushMessage message) {
        boolean isNew = message.subject().channel() == Channel.SENTIMENT
                || novelty.computeIfAbsent(message.subject(), subject -> new Novelty())
                        .take(message.seq(), message.revision());
        if (!isNew) {
            return;
        }
        keep(message);
        if (outbox.isEmpty()) {
            getContext().getSelf().tell(new Flush());
        }
        outbox.add(message);
    }

    private void keep(PushMessage message) {
        newest.merge(message.subject(), message, (known, next) -> next.isNewerThan(known) ? next : known);
    }

    private Behavior<Command> flush() {
        Map<PushClient, List<PushMessage>> deliveries = new HashMap<>();
        for (PushMessage message : outbox) {
            for (PushClient client : clients.getOrDefault(message.subject(), Set.of())) {
                deliveries.computeIfAbsent(client, key -> new ArrayList<>()).add(message);
            }
        }
        outbox.clear();
        deliveries.forEach(PushClient::deliver);
        return this;
    }

    private Behavior<Command> subscribe(Subscribe request) {
        if (!answering && !waiting.isFull()) {
            waiting.stash(request);
            return this;
        }
        // What was heard before belongs to the snapshot, not to the updates.
        flush();
        Map<Subject, PushMessage> known = new HashMap<>();
        for (Subject subject : request.subjects()) {
            clients.computeIfAbsent(subject, key -> new LinkedHashSet<>()).add(request.client());
            PushMessage last = newest.get(subject);
            known.put(subject, last == null ? messages.nothing(subject) : last);
        }
        request.client().subscribed(known);
        return this;
    }

    private Behavior<Command> unsubscribe(Unsubscribe request) {
        request.subjects().forEach(subject -> remove(request.client(), subject));
        return this;
    }

    private Behavior<Command> leave(Leave request) {
        everybody.remove(request.client());
        List.copyOf(clients.keySet()).forEach(subject -> remove(request.client(), subject));
        return answerGoodbyes(everybody.isEmpty());
    }

    private void remove(PushClient client, Subject subject) {
        clients.computeIfPresent(subject, (key, set) -> {
            set.remove(client);
            return set.isEmpty() ? null : set;
        });
    }

    private Behavior<Command> join(Join request) {
        everybody.add(request.client());
        return this;
    }

    private Behavior<Command> close(Close request) {
        goodbyes.add(request.replyTo());
        everybody.forEach(PushClient::goAway);
        timers.startSingleTimer(new CloseNow(), GOODBYE_TIME);
        return answerGoodbyes(everybody.isEmpty());
    }

    private Behavior<Command> answerGoodbyes(boolean done) {
        if (done) {
            goodbyes.forEach(replyTo -> replyTo.tell(Done.getInstance()));
            goodbyes.clear();
        }
        return this;
    }
}
