package tickcast.streams.exchange.kraken;

import akka.actor.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.Query;
import akka.http.javadsl.model.Uri;
import akka.http.javadsl.settings.ConnectionPoolSettings;
import akka.japi.Pair;
import akka.pattern.Patterns;
import akka.stream.Materializer;
import akka.stream.SystemMaterializer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import tickcast.model.market.Symbol;
import tickcast.streams.exchange.kraken.RequestPacer.Urgency;

/**
 * Kraken's public REST, at a polite rate. Every stage fails with {@link KrakenRestException} when the exchange refuses, or
 * when all attempts failed. Thread safe.
 */
final class KrakenRest {

    private final ActorSystem system;
    private final Materializer materializer;
    private final KrakenSettings.Rest settings;
    private final String base;
    private final FeedMetrics metrics;
    private final RandomGenerator random;
    private final RequestPacer pacer;
    private final ConnectionPoolSettings poolSettings;
    /** Pairs that only answer to their old name. */
    private final Map<Symbol, String> oldNames = new ConcurrentHashMap<>();

    KrakenRest(ActorSystem system, URI url, KrakenSettings.Rest settings, FeedMetrics metrics, RandomGenerator random) {
        this.system = system;
        this.materializer = SystemMaterializer.get(system).materializer();
        this.settings = settings;
        this.base = url.toString().replaceAll("/+$", "");
        this.metrics = metrics;
        this.random = random;
        this.pacer = new RequestPacer(system, settings.interval());
        ConnectionPoolSettings usual = ConnectionPoolSettings.create(system);
        this.poolSettings = usual.withMaxRetries(0)
                .withConnectionSettings(usual.getConnectionSettings()
                        .withConnectingTimeout(scala(settings.timeout()))
                        .withIdleTimeout(scala(settings.timeout())));
    }

    private static scala.concurrent.duration.FiniteDuration scala(Duration duration) {
        return scala.concurrent.duration.Duration.create(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * One page of trades after {@code sinceNanos} (epoch nanoseconds, exclusive), oldest first. A page without any readable
     * row, or with trades without ids, makes no sense: an empty page is the exchange's word that nobody traded.
     */
    CompletionStage<TradesPage> trades(Symbol symbol, long sinceNanos, Urgency urgency) {
        Function<String, Query> query =
                pair -> Query.create(Pair.create("pair", pair), Pair.create("since", Long.toString(sinceNanos)));
        return ofPair("Trades", symbol, query, urgency, bytes -> sound(symbol, RestAnswers.trades(symbol, bytes)));
    }

    private TradesPage sound(Symbol symbol, TradesPage page) {
        metrics.bad("history-row", page.malformed(), "a row of REST Trades of " + symbol);
        if (page.trades().isEmpty() && page.malformed() > 0) {
            throw new KrakenRestException(
                    KrakenRestException.Kind.MALFORMED, "not one of " + page.malformed() + " rows is a trade");
        }
        if (page.trades().stream().anyMatch(trade -> trade.id() < 0)) {
            metrics.bad("history-without-ids", symbol.name());
            throw new KrakenRestException(KrakenRestException.Kind.MALFORMED, "trades without ids");
        }
        return page;
    }

    /** The newest minutes, at most 720, all of them closed. */
    CompletionStage<RestAnswers.Ohlc> ohlc(Symbol symbol, Urgency urgency) {
        Function<String, Query> query = pair -> Query.create(Pair.create("pair", pair), Pair.create("interval", "1"));
        return ofPair("OHLC", symbol, query, urgency, bytes -> RestAnswers.ohlc(symbol, bytes));
    }

    private <T> CompletionStage<T> ofPair(
            String call, Symbol symbol, Function<String, Query> query, Urgency urgency, Function<byte[], T> reader) {
        String name = oldNames.getOrDefault(symbol, symbol.name());
        CompletionStage<T> answer = attempt(call, query.apply(name), urgency, 1, reader);
        if (!name.equals(symbol.name())) {
            return answer;
        }
        return answer.exceptionallyCompose(failure -> {
            if (!String.valueOf(asRestException(failure).getMessage()).contains("Unknown asset pair")) {
                return CompletableFuture.failedStage(failure);
            }
            oldNames.put(symbol, oldName(symbol));
            return attempt(call, query.apply(oldName(symbol)), urgency, 1, reader);
        });
    }

    private static String oldName(Symbol symbol) {
        return oldName(symbol.base()) + oldName(symbol.quote());
    }

    private static String oldName(String asset) {
        return switch (asset) {
            case "BTC" -> "XBT";
            case "DOGE" -> "XDG";
            default -> asset;
        };
    }

    private <T> CompletionStage<T> attempt(
            String call, Query query, Urgency urgency, int number, Function<byte[], T> reader) {
        HttpRequest request = HttpRequest.GET(
                Uri.create(base + "/0/public/" + call).query(query).toString());
        return pacer.inTurn(urgency, () -> exchange(request).thenApply(reader))
                .handle((answer, failure) -> {
                    if (failure == null) {
                        metrics.request(call, "ok");
                        return CompletableFuture.completedStage(answer);
                    }
                    KrakenRestException reason = asRestException(failure);
                    metrics.request(call, reason.kind().label());
                    return retry(call, query, urgency, number, reader, reason);
                })
                .thenCompose(Function.identity());
    }

    private <T> CompletionStage<T> retry(
            String call,
            Query query,
            Urgency urgency,
            int number,
            Function<byte[], T> reader,
            KrakenRestException reason) {
        if (!reason.isWorthAnotherTry() || number >= settings.attempts()) {
            return CompletableFuture.failedStage(reason);
        }
        Duration pause = Backoff.pause(number - 1, settings.backoffMin(), settings.backoffMax(), random);
        if (reason.kind() == KrakenRestException.Kind.RATE_LIMITED) {
            pacer.pause(pause);
        }
        return Patterns.after(pause, system, () -> attempt(call, query, urgency, number + 1, reader));
    }

    private CompletionStage<byte[]> exchange(HttpRequest request) {
        return Http.get(system)
                .singleRequest(request, Http.get(system).defaultClientHttpsContext(), poolSettings, system.log())
                .thenCompose(this::read)
                .toCompletableFuture()
                .orTimeout(settings.timeout().toMillis() * 2, TimeUnit.MILLISECONDS);
    }

    private CompletionStage<byte[]> read(HttpResponse response) {
        if (!response.status().isSuccess()) {
            response.discardEntityBytes(materializer);
            return CompletableFuture.failedStage(
                    KrakenRestException.ofStatus(response.status().intValue()));
        }
        return response.entity()
                .withSizeLimit(settings.maxAnswerBytes())
                .toStrict(settings.timeout().toMillis(), materializer)
                .thenApply(HttpEntity.Strict::getData)
                .thenApply(data -> data.toArray());
    }

    /** What went wrong, sorted; what is not the exchange's word is the network's. */
    static KrakenRestException asRestException(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof KrakenRestException known
                ? known
                : new KrakenRestException(KrakenRestException.Kind.UNAVAILABLE, cause.toString(), cause);
    }
}
