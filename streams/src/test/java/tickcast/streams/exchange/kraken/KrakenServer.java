package tickcast.streams.exchange.kraken;

import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.ws.Message;
import akka.http.javadsl.model.ws.TextMessage;
import akka.japi.Pair;
import akka.stream.BoundedSourceQueue;
import akka.stream.KillSwitches;
import akka.stream.Materializer;
import akka.stream.SystemMaterializer;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;

/**
 * Speaks Kraken's WebSocket v2 trade channel and the REST calls of the same market on loopback, from a script of trades that
 * happen when the clock reaches them; and misbehaves on demand. What the WebSocket leaves out, REST still knows. Thread safe.
 */
public final class KrakenServer implements AutoCloseable {

    /** What can go wrong. */
    public enum Fault {
        /** The socket breaks. */
        DROP_SOCKET,
        /** The socket stays open and nothing comes any more, not even heartbeats. */
        GO_SILENT,
        /** Some trades are not sent. */
        SKIP_TRADES,
        /** The last trades are sent again. */
        REPEAT_TRADES,
        /** Messages that make no sense. */
        SEND_GARBAGE
    }

    /** One question for a page of trades. @param sinceNanos epoch nanoseconds @param atNanos {@link System#nanoTime} */
    public record TradesCall(Symbol symbol, long sinceNanos, long atNanos) {
        /** Where the page begins. */
        public Instant since() {
            return Times.ofMicros(sinceNanos / 1000 + 1);
        }
    }

    private static final class BrokenSocket extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokenSocket() {
            super("the test breaks the socket", null, false, false);
        }
    }

    private static final long BEAT_MILLIS = 1;
    private static final int SNAPSHOT = 50;
    private static final int TRADES_PER_FRAME = 10;
    private static final int SKIPPED = 7;
    private static final int WAITING_MESSAGES = 100_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final class Session {
        private final BoundedSourceQueue<Message> out;
        private final UniqueKillSwitch breaker;
        private final Set<Symbol> subscribed = new HashSet<>();
        private boolean silent;
        private Instant lastSent = Instant.MIN;

        Session(BoundedSourceQueue<Message> out, UniqueKillSwitch breaker) {
            this.out = out;
            this.breaker = breaker;
        }

        boolean isLive() {
            return !silent && subscribed.containsAll(symbols);
        }

        void send(String text) {
            if (!silent) {
                out.offer(TextMessage.create(text));
                lastSent = clock.instant();
            }
        }
    }

    private final Materializer materializer;
    private final InstantSource clock;
    private final List<Trade> script;
    private final Set<Symbol> symbols = new HashSet<>();
    private final Map<Symbol, List<Trade>> known = new HashMap<>();
    private final Map<Integer, List<Fault>> plan = new TreeMap<>();
    private final List<Fault> due = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();
    private final Set<Symbol> muted = new HashSet<>();
    private final List<String> restFailures = new ArrayList<>();
    private final List<TradesCall> tradesCalls = new ArrayList<>();
    private Predicate<TradesCall> refusal = call -> false;
    private final ServerBinding binding;
    private final ScheduledExecutorService heart;
    private int position;
    private int toSkip;
    private int connects;
    private int requests;
    private int garbage;
    private boolean begun;
    private String systemStatus = "online";

    private KrakenServer(ActorSystem system, List<Trade> script, InstantSource clock, Consumer<Boolean> beat)
            throws Exception {
        this.materializer = SystemMaterializer.get(system).materializer();
        this.clock = clock;
        this.script = List.copyOf(script);
        script.forEach(trade -> symbols.add(trade.symbol()));
        symbols.forEach(symbol -> known.put(symbol, new ArrayList<>()));
        this.binding = Http.get(system)
                .newServerAt("127.0.0.1", 0)
                .bindSync(this::answer)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        this.heart = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "kraken-server");
            thread.setDaemon(true);
            return thread;
        });
        heart.scheduleWithFixedDelay(() -> play(beat), 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Starts on a free port of loopback. {@code script} comes oldest first; its symbols are the market's. */
    public static KrakenServer start(ActorSystem system, List<Trade> script, InstantSource clock) throws Exception {
        return new KrakenServer(system, script, clock, listens -> {});
    }

    /** As {@link #start}; the server itself moves the clock, from its first subscriber on. */
    public static KrakenServer start(ActorSystem system, List<Trade> script, SteppedClock clock) throws Exception {
        return new KrakenServer(system, script, clock, clock::step);
    }

    public URI webSocketUrl() {
        return URI.create("ws://127.0.0.1:" + binding.localAddress().getPort() + "/v2");
    }

    public URI restUrl() {
        return URI.create("http://127.0.0.1:" + binding.localAddress().getPort());
    }

    /** When the script comes to this trade, that goes wrong; later, if nobody listens just then. */
    public synchronized void plan(int tradeIndex, Fault fault) {
        plan.computeIfAbsent(tradeIndex, index -> new ArrayList<>()).add(fault);
    }

    /** That goes wrong now. */
    public synchronized void inject(Fault fault) {
        switch (fault) {
            case DROP_SOCKET -> List.copyOf(sessions).forEach(this::drop);
            case GO_SILENT -> sessions.forEach(session -> session.silent = true);
            case SKIP_TRADES -> toSkip = SKIPPED;
            case REPEAT_TRADES -> repeat();
            case SEND_GARBAGE -> sendGarbage();
        }
    }

    /** From now on the symbol's subscriptions are acknowledged, and nothing of it is sent. */
    public synchronized void mute(Symbol symbol) {
        muted.add(symbol);
    }

    /** Ends {@link #mute}. */
    public synchronized void unmute(Symbol symbol) {
        muted.remove(symbol);
    }

    /** The next REST calls are answered with these texts instead; {@code 503} means that HTTP status. */
    public synchronized void failRest(String... answers) {
        restFailures.addAll(List.of(answers));
    }

    /** From now on such questions for trades are answered with status 503. */
    public synchronized void refuseTrades(Predicate<TradesCall> which) {
        refusal = which;
    }

    /** The questions for pages of trades so far, refused ones too. */
    public synchronized List<TradesCall> tradesCalls() {
        return List.copyOf(tradesCalls);
    }

    /** Says {@code maintenance}, {@code online}, … to everybody who is or will be connected. */
    public synchronized void announce(String status) {
        systemStatus = status;
        sessions.forEach(session -> session.send(KrakenWords.status(status)));
    }

    /** How much of what was planned has not gone wrong yet. */
    public synchronized int faultsLeft() {
        return due.size() + plan.values().stream().mapToInt(List::size).sum();
    }

    /** How many WebSockets were opened so far. */
    public synchronized int connects() {
        return connects;
    }

    /** How many REST calls came so far. */
    public synchronized int requests() {
        return requests;
    }

    /** How many trades of the script have happened. */
    public synchronized int happened() {
        return position;
    }

    @Override
    public void close() {
        heart.shutdownNow();
        synchronized (this) {
            List.copyOf(sessions).forEach(this::drop);
        }
        binding.terminate(Duration.ofSeconds(1));
    }

    // --- the market goes on
    // ---------------------------------------------------------------------------------------------

    private synchronized void play(Consumer<Boolean> beat) {
        boolean listens = sessions.stream().anyMatch(session -> !session.subscribed.isEmpty());
        begun |= listens;
        if (begun) {
            beat.accept(listens);
        }
        long now = Times.micros(clock.instant());
        List<Trade> batch = new ArrayList<>();
        while (position < script.size() && script.get(position).timeMicros() <= now) {
            if (plan.containsKey(position)) {
                due.addAll(plan.remove(position));
            }
            if (!due.isEmpty() && sessions.stream().anyMatch(Session::isLive)) {
                deliver(batch);
                inject(due.remove(0));
            }
            Trade trade = script.get(position++);
            known.get(trade.symbol()).add(trade);
            if (toSkip > 0) {
                toSkip--;
            } else if (!muted.contains(trade.symbol())) {
                batch.add(trade);
            }
            if (batch.size() >= TRADES_PER_FRAME) {
                deliver(batch);
            }
        }
        deliver(batch);
        heartbeat();
    }

    private void deliver(List<Trade> batch) {
        Map<Symbol, List<Trade>> bySymbol = new HashMap<>();
        batch.forEach(trade -> bySymbol.computeIfAbsent(trade.symbol(), symbol -> new ArrayList<>())
                .add(trade));
        for (Session session : sessions) {
            bySymbol.forEach((symbol, trades) -> {
                if (session.subscribed.contains(symbol)) {
                    session.send(KrakenWords.trades("update", trades));
                }
            });
        }
        batch.clear();
    }

    private void heartbeat() {
        Instant due = clock.instant().minus(Duration.ofSeconds(1));
        for (Session session : sessions) {
            if (!session.subscribed.isEmpty() && session.lastSent.isBefore(due)) {
                session.send("{\"channel\":\"heartbeat\"}");
            }
        }
    }

    private void drop(Session session) {
        sessions.remove(session);
        if (connects % 2 == 0) {
            session.breaker.shutdown();
        } else {
            session.breaker.abort(new BrokenSocket());
        }
    }

    private void repeat() {
        known.forEach((symbol, trades) -> {
            List<Trade> last = trades.subList(Math.max(0, trades.size() - 12), trades.size());
            if (!last.isEmpty() && !muted.contains(symbol)) {
                sessions.stream()
                        .filter(session -> session.subscribed.contains(symbol))
                        .forEach(session -> session.send(KrakenWords.trades("update", last)));
            }
        });
    }

    private void sendGarbage() {
        String text = KrakenWords.GARBAGE.get(garbage++ % KrakenWords.GARBAGE.size());
        sessions.forEach(session -> session.send(text));
    }

    // --- WebSocket
    // ------------------------------------------------------------------------------------------------------

    private HttpResponse answer(HttpRequest request) {
        return request.getAttribute(AttributeKeys.webSocketUpgrade)
                .map(upgrade -> upgrade.handleMessagesWith(socket()))
                .orElseGet(() -> rest(request));
    }

    private Flow<Message, Message, NotUsed> socket() {
        Pair<Pair<BoundedSourceQueue<Message>, UniqueKillSwitch>, Source<Message, NotUsed>> out = Source.<Message>queue(
                        WAITING_MESSAGES)
                .viaMat(KillSwitches.single(), Keep.both())
                .preMaterialize(materializer);
        Session session = open(out.first().first(), out.first().second());
        Sink<Message, NotUsed> in = Flow.of(Message.class)
                .mapAsync(1, message -> message.asTextMessage().toStrict(1000, materializer))
                .map(TextMessage::getStrictText)
                .to(Sink.foreach(text -> listen(session, text)));
        return Flow.fromSinkAndSourceCoupled(in, out.second());
    }

    private synchronized Session open(BoundedSourceQueue<Message> out, UniqueKillSwitch breaker) {
        Session session = new Session(out, breaker);
        sessions.add(session);
        connects++;
        session.send(KrakenWords.status(systemStatus));
        return session;
    }

    private synchronized void listen(Session session, String text) throws Exception {
        JsonNode message = JSON.readTree(text);
        String method = message.path("method").asText();
        switch (method) {
            case "ping" -> session.send(KrakenWords.pong(clock.instant()));
            case "subscribe" ->
                message.path("params").path("symbol").forEach(name -> subscribe(session, name.asText()));
            case "unsubscribe" ->
                message.path("params")
                        .path("symbol")
                        .forEach(name -> session.subscribed.remove(Symbol.parse(name.asText())));
            default -> session.send(KrakenWords.refused(method, "", "Unsupported event", clock.instant()));
        }
    }

    private void subscribe(Session session, String name) {
        Symbol symbol = Symbol.tryParse(name).orElse(new Symbol("NO", "PAIR"));
        if (!symbols.contains(symbol) || !symbol.name().equals(name)) {
            session.send(
                    KrakenWords.refused("subscribe", name, "Currency pair not supported " + name, clock.instant()));
            return;
        }
        session.send(KrakenWords.granted(name, clock.instant()));
        session.subscribed.add(symbol);
        List<Trade> trades = known.get(symbol);
        if (!trades.isEmpty() && !muted.contains(symbol)) {
            session.send(KrakenWords.trades(
                    "snapshot", trades.subList(Math.max(0, trades.size() - SNAPSHOT), trades.size())));
        }
    }

    // --- REST
    // -----------------------------------------------------------------------------------------------------------

    private synchronized HttpResponse rest(HttpRequest request) {
        requests++;
        if (!restFailures.isEmpty()) {
            String failure = restFailures.remove(0);
            return failure.equals("503") ? HttpResponse.create().withStatus(503) : json(failure);
        }
        String call = request.getUri().getPathString().replace("/0/public/", "");
        return switch (call) {
            case "Trades" ->
                isRefused(request) ? HttpResponse.create().withStatus(503) : json(pair(request, this::trades));
            case "OHLC" -> json(pair(request, this::ohlc));
            case "Time" -> json(KrakenWords.time(clock.instant()));
            case "SystemStatus" -> json(KrakenWords.systemStatus(systemStatus, clock.instant()));
            default -> json(KrakenWords.error("EGeneral:Unknown Method"));
        };
    }

    private boolean isRefused(HttpRequest request) {
        var query = request.getUri().query();
        return query.get("pair")
                .flatMap(Symbol::tryParse)
                .map(symbol ->
                        new TradesCall(symbol, Long.parseLong(query.get("since").orElse("0")), System.nanoTime()))
                .filter(call -> tradesCalls.add(call) && refusal.test(call))
                .isPresent();
    }

    private interface PairCall {
        String answer(HttpRequest request, List<Trade> trades);
    }

    private String pair(HttpRequest request, PairCall call) {
        return request.getUri()
                .query()
                .get("pair")
                .flatMap(Symbol::tryParse)
                .filter(symbols::contains)
                .map(symbol -> call.answer(request, known.get(symbol)))
                .orElseGet(() -> KrakenWords.error("EQuery:Unknown asset pair"));
    }

    private String trades(HttpRequest request, List<Trade> trades) {
        long since = Long.parseLong(request.getUri().query().get("since").orElse("0"));
        int low = 0;
        int high = trades.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (KrakenWords.nanos(trades.get(middle)) <= since) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return KrakenWords.tradesPage(
                trades.subList(low, Math.min(trades.size(), low + TradesPage.LIMIT)), since, trades);
    }

    private String ohlc(HttpRequest request, List<Trade> trades) {
        return KrakenWords.ohlc(trades, clock.instant());
    }

    private static HttpResponse json(String text) {
        return HttpResponse.create()
                .withEntity(ContentTypes.APPLICATION_JSON, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
