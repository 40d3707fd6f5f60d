package tickcast.streams.elasticsearch;

import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.archive.Retention;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;
import tickcast.streams.archive.DeadLetters;
import tickcast.streams.elasticsearch.BulkWriter.Document;
import tickcast.streams.elasticsearch.Lookup.Address;
import tickcast.streams.record.Stamped;

/**
 * The archive of one market source in Elasticsearch. Several nodes and several sources may share a cluster: every record
 * carries its source and every question asks for one.
 *
 * <p>An index holds a month of one kind, {@code <prefix>-candles-2026.01}, behind the alias {@code <prefix>-candles}. A
 * record's id says what it is about, so that writing it again changes nothing: candles are versioned by epoch and revision,
 * of everything else the first stays. What the server refuses becomes a dead letter, and counts as written.
 *
 * <p>Never blocks; a request that meets a broken connection or a busy server is repeated with growing pauses for as long as
 * the settings' patience and then fails with {@link ArchiveUnavailable}; so does, without a repetition, one that has waited
 * longer than that for its answer, and at once what comes beyond the bounds of what may wait. A completed write is on disk. This archive's reads see every write that it has completed, and
 * those of other nodes after half a second at the latest.
 */
public final class ElasticsearchArchive implements Archive {

    private static final Logger LOG = LoggerFactory.getLogger(ElasticsearchArchive.class);
    private static final Duration LAST_WRITES = Duration.ofSeconds(10);
    private static final long REVISIONS = 1024;

    private final Cluster cluster;
    private final String source;
    private final String label;
    private final String prefix;
    private final Refusals refusals;
    private final Templates templates;
    private final Finder finder;
    private final Lookup lookup;
    private final Notes notes;
    private final OldIndices oldIndices;
    private final Map<Kind<?>, BulkQueue> queues = new HashMap<>();
    private final Map<Kind<?>, Freshness> freshness = new HashMap<>();
    private final PredictionKeeper keeper;
    private final Maturing maturing;

    private ElasticsearchArchive(Cluster cluster, MarketSource source, DeadLetters letters, StoreMetrics metrics) {
        this.cluster = cluster;
        this.source = source.key();
        this.label = source.label();
        this.prefix = cluster.settings().indexPrefix();
        this.refusals = new Refusals(letters, metrics);
        this.templates = new Templates(cluster);
        this.finder = new Finder(cluster);
        this.lookup = new Lookup(cluster);
        this.notes = new Notes(cluster, templates, lookup, this.source);
        this.oldIndices = new OldIndices(cluster, finder, this.source);
        BulkWriter writer = new BulkWriter(cluster, templates, refusals, metrics);
        for (Kind<?> kind : Kind.ALL) {
            Freshness fresh = new Freshness(() -> refresh(kind));
            freshness.put(kind, fresh);
            queues.put(kind, new BulkQueue(kind.name(), writer, fresh, metrics));
        }
        this.maturing = new Maturing(
                prefix, this.source, notes, finder, freshness.get(Kind.PREDICTIONS), freshness.get(Kind.ERRORS));
        this.keeper =
                new PredictionKeeper(lookup, queues.get(Kind.PREDICTIONS), refusals, new PredictionKeeper.Encode() {
                    @Override
                    public Address address(Prediction prediction) {
                        return new Address(
                                Kind.PREDICTIONS.index(prefix, prediction), id(Kind.PREDICTIONS, prediction));
                    }

                    @Override
                    public Document document(Prediction prediction) {
                        return encoded(Kind.PREDICTIONS, prediction, 0, Document.FIRST_WINS);
                    }
                });
    }

    /**
     * An archive of one source. Does not wait for the server: {@link #awaitReady} and {@link #probe} tell whether it is there.
     *
     * @param letters takes what the server refuses; closed with the archive
     * @param metrics where {@code tickcast_archive_…} are counted
     * @throws IllegalArgumentException when the settings make no sense, for instance a certificate that can't be read
     */
    public static ElasticsearchArchive open(
            ElasticsearchSettings settings, MarketSource source, DeadLetters letters, MeterRegistry metrics) {
        StoreMetrics counted = new StoreMetrics(metrics);
        return new ElasticsearchArchive(new Cluster(settings, counted::retried), source, letters, counted);
    }

    /**
     * Waits until the templates are put.
     *
     * @throws NotLetIn when the server does not let us in or is not trusted
     * @throws ArchiveUnavailable when it does not answer in time
     */
    public void awaitReady(Duration patience) {
        try {
            templates.ensure().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ArchiveUnavailable away) {
                throw away;
            }
            throw new ArchiveUnavailable(
                    "Elasticsearch at " + cluster.settings().where() + " can't be used: "
                            + e.getCause().getMessage(),
                    e.getCause());
        } catch (TimeoutException e) {
            throw new ArchiveUnavailable(
                    "Elasticsearch at " + cluster.settings().where() + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArchiveUnavailable("interrupted while Elasticsearch was waited for", e);
        }
    }

    /** Only an operator can mend it: credentials or a certificate are wrong. */
    public static final class NotLetIn extends ArchiveUnavailable {
        private static final long serialVersionUID = 1L;

        NotLetIn(String message, Throwable cause) {
            super(message, cause);
        }
    }

    // ---- writing

    @Override
    public CompletionStage<Void> writeCandles(List<Candle> candles, long epoch) {
        return write(Kind.CANDLES, candles, epoch, candle -> version(candle, epoch));
    }

    /** Orders by epoch first; more revisions than that of one minute don't come. */
    private static long version(Candle candle, long epoch) {
        return epoch * REVISIONS + Math.min(candle.revision(), REVISIONS - 1);
    }

    @Override
    public CompletionStage<Void> writeFeatures(List<FeatureVector> vectors) {
        return write(Kind.FEATURES, vectors, 0, vector -> Document.FIRST_WINS);
    }

    @Override
    public CompletionStage<Void> writeSentiment(List<Sentiment> sentiment) {
        return write(Kind.SENTIMENT, sentiment, 0, scored -> Document.FIRST_WINS);
    }

    @Override
    public CompletionStage<Void> writeErrors(List<PredictionError> errors) {
        return write(Kind.ERRORS, errors, 0, error -> Document.FIRST_WINS);
    }

    @Override
    public CompletionStage<List<Prediction>> writePredictions(List<Prediction> predictions) {
        List<Prediction> copy = List.copyOf(predictions);
        for (Prediction prediction : copy) {
            if (!prediction.source().equals(label)) {
                return CompletableFuture.failedStage(
                        new IllegalArgumentException("sources never mix: this archive is of " + label
                                + ", the prediction of " + prediction.source()));
            }
        }
        return copy.isEmpty() ? CompletableFuture.completedStage(copy) : Cluster.answered(keeper.write(copy));
    }

    /** The version of a fact. */
    @FunctionalInterface
    private interface Version<T> {
        long of(T fact);
    }

    private <T> CompletionStage<Void> write(Kind<T> kind, List<T> facts, long epoch, Version<T> version) {
        if (facts.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        List<Document> documents = new ArrayList<>(facts.size());
        try {
            facts.forEach(fact -> documents.add(encoded(kind, fact, epoch, version.of(fact))));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedStage(e);
        }
        return queues.get(kind).submit(documents).thenApply(outcomes -> null);
    }

    private <T> Document encoded(Kind<T> kind, T fact, long epoch, long version) {
        byte[] json = kind.codec().encode(new Stamped<>(fact, source, epoch));
        return new Document(kind.codec().kind(), kind.index(prefix, fact), id(kind, fact), version, json);
    }

    private <T> String id(Kind<T> kind, T fact) {
        return kind.id(source, fact);
    }

    // ---- reading

    @Override
    public CompletionStage<List<Candle>> candles(Symbol symbol, Page page) {
        return page(Kind.CANDLES, symbol.name(), page, List.of());
    }

    @Override
    public CompletionStage<List<FeatureVector>> features(Symbol symbol, Page page) {
        return page(Kind.FEATURES, symbol.name(), page, List.of());
    }

    @Override
    public CompletionStage<List<Sentiment>> sentiment(String symbol, Page page) {
        return page(Kind.SENTIMENT, symbol, page, List.of());
    }

    @Override
    public CompletionStage<List<Prediction>> predictions(Symbol symbol, Page page) {
        return page(Kind.PREDICTIONS, symbol.name(), page, List.of(Filters.PUBLISHED));
    }

    @Override
    public CompletionStage<List<PredictionError>> errors(Symbol symbol, Page page) {
        return page(Kind.ERRORS, symbol.name(), page, List.of(Filters.PUBLISHED));
    }

    @Override
    public CompletionStage<List<PredictionError>> allErrors(Symbol symbol, Page page) {
        return page(Kind.ERRORS, symbol.name(), page, List.of());
    }

    private <T> CompletionStage<List<T>> page(Kind<T> kind, String symbol, Page page, List<Query> also) {
        Optional<Query> inTime = Filters.between(kind, page.from(), page.to());
        if (inTime.isEmpty()) {
            return CompletableFuture.completedStage(List.of());
        }
        List<String> sort = new ArrayList<>(List.of(kind.timeField()));
        sort.addAll(kind.order());
        Finder.Question question = new Finder.Question(
                kind.indices(prefix, page.from(), page.to()),
                Filters.all(source, symbol, inTime.get(), also),
                sort,
                page.limit(),
                page.newest());
        return Cluster.answered(freshness
                .get(kind)
                .ensure()
                .thenCompose(fresh -> finder.records(question, Documents.of(kind.codec()))));
    }

    @Override
    public CompletionStage<List<Prediction>> unmatured(Symbol symbol, Instant fromTarget, Instant toTarget) {
        return Cluster.answered(maturing.unmatured(symbol, fromTarget, toTarget));
    }

    private CompletableFuture<Void> refresh(Kind<?> kind) {
        return cluster.call(() -> cluster.client()
                        .indices()
                        .refresh(all -> all.index(kind.pattern(prefix))
                                .ignoreUnavailable(true)
                                .allowNoIndices(true)))
                .thenAccept(done -> Shards.requireNoneFailed(done.shards(), "a refresh of " + kind.alias(prefix)));
    }

    // ---- the rest

    @Override
    public CompletionStage<Optional<String>> note(String name) {
        return Cluster.answered(notes.read(name));
    }

    @Override
    public CompletionStage<Void> writeNote(String name, String value) {
        return Cluster.answered(notes.write(name, value));
    }

    @Override
    public CompletionStage<Long> expire(Retention retention, Instant now) {
        CompletableFuture<Long> gone = CompletableFuture.completedFuture(0L);
        for (Kind<?> kind : Kind.ALL) {
            Optional<YearMonth> oldest = OldIndices.oldestKept(OldIndices.keptFor(kind, retention), now);
            if (oldest.isPresent()) {
                gone = gone.thenCompose(before -> noteKept(kind, oldest.get())
                        .thenCompose(noted -> oldIndices.delete(kind, oldest.get()))
                        .thenApply(more -> before + more));
            }
        }
        return Cluster.answered(gone);
    }

    private CompletableFuture<Void> noteKept(Kind<?> kind, YearMonth oldest) {
        return kind == Kind.ERRORS
                ? maturing.noteErrorsKeptFrom(OldIndices.beginning(oldest))
                : CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> probe() {
        return Cluster.answered(notes.probe());
    }

    @Override
    public void close() {
        CompletableFuture<?>[] pending =
                queues.values().stream().map(BulkQueue::close).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(pending).get(LAST_WRITES.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Elasticsearch did not take the last writes: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("Closing the archive was interrupted; its last writes may be lost");
        }
        cluster.close();
        refusals.close();
    }
}
