package tickcast.actors.sentiment;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.StashBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import tickcast.actors.market.Market;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.archive.Page;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.NewsItem;
import tickcast.model.sentiment.Sentiment;
import tickcast.model.sentiment.SentimentScorer;

/** What a {@link SentimentAnalyst} does. Two phases: waiting, and scoring one request, when others wait. */
final class NewsDesk {

    /** Results of the analyst's own asynchronous work; never leave the actor. */
    sealed interface Internal extends SentimentAnalyst.Command {}

    private record KnownIdsRead(SentimentAnalyst.Analyse request, List<String> ids) implements Internal {}

    private record BatchStored(Work work, List<Sentiment> sentiment) implements Internal {}

    private record BatchFailed(Work work, Throwable failure) implements Internal {}

    private record LookupFailed(SentimentAnalyst.Analyse request, Throwable failure) implements Internal {}

    /** What came of the headlines of a request so far. Waiting for the archive counts more than a failing scorer. */
    private record Result(int scored, String problem, boolean unscorable) {
        static final Result NOTHING = new Result(0, "", false);

        Result and(int more) {
            return new Result(scored + more, problem, unscorable);
        }

        Result but(String newProblem, boolean isScorers) {
            boolean replaces = problem.isEmpty() || !isScorers;
            return replaces ? new Result(scored, newProblem, isScorers) : this;
        }
    }

    /** What is left of a request. */
    private record Work(SentimentAnalyst.Analyse request, List<NewsItem> batch, List<NewsItem> rest, Result soFar) {}

    private final ActorContext<SentimentAnalyst.Command> context;
    private final StashBuffer<SentimentAnalyst.Command> stash;
    private final SentimentAnalyst.Settings settings;
    private final SentimentAnalyst.Partners partners;
    private final Executor executor;
    private final Set<String> known = new LinkedHashSet<>();
    private boolean lookedUp;

    NewsDesk(
            ActorContext<SentimentAnalyst.Command> context,
            StashBuffer<SentimentAnalyst.Command> stash,
            SentimentAnalyst.Settings settings,
            SentimentAnalyst.Partners partners,
            Executor executor) {
        this.context = context;
        this.stash = stash;
        this.settings = settings;
        this.partners = partners;
        this.executor = executor;
    }

    Behavior<SentimentAnalyst.Command> waiting() {
        return Behaviors.receive(SentimentAnalyst.Command.class)
                .onMessage(SentimentAnalyst.Analyse.class, this::analyse)
                .build();
    }

    private Behavior<SentimentAnalyst.Command> scoring() {
        return Behaviors.receive(SentimentAnalyst.Command.class)
                .onMessage(SentimentAnalyst.Analyse.class, this::wait)
                .onMessage(KnownIdsRead.class, this::onKnownIdsRead)
                .onMessage(LookupFailed.class, this::onLookupFailed)
                .onMessage(BatchStored.class, this::onBatchStored)
                .onMessage(BatchFailed.class, this::onBatchFailed)
                .build();
    }

    private Behavior<SentimentAnalyst.Command> wait(SentimentAnalyst.Analyse request) {
        if (stash.isFull()) {
            request.replyTo().tell(new SentimentAnalyst.Analysed(0, "Too many headlines wait to be scored.", false));
        } else {
            stash.stash(request);
        }
        return Behaviors.same();
    }

    private Behavior<SentimentAnalyst.Command> analyse(SentimentAnalyst.Analyse request) {
        return lookedUp ? begin(request) : lookUp(request);
    }

    /** What was scored before the start is known from the market-wide rows, of which every headline has one. */
    private Behavior<SentimentAnalyst.Command> lookUp(SentimentAnalyst.Analyse request) {
        Page recent = Page.backward(
                partners.clock().instant().minus(settings.remembered()), Instant.MAX, settings.knownIds());
        context.pipeToSelf(
                settings.storing()
                        .run(context.getSystem(), () -> partners.archive().sentiment(Sentiment.MARKET_WIDE, recent)),
                (rows, failure) -> failure == null
                        ? new KnownIdsRead(
                                request, rows.stream().map(Sentiment::newsId).toList())
                        : new LookupFailed(request, failure));
        return scoring();
    }

    private Behavior<SentimentAnalyst.Command> onKnownIdsRead(KnownIdsRead read) {
        lookedUp = true;
        remember(read.ids());
        return begin(read.request());
    }

    private Behavior<SentimentAnalyst.Command> onLookupFailed(LookupFailed failed) {
        String problem = "The archive can't be read: " + message(failed.failure());
        return finish(failed.request(), Result.NOTHING.but(problem, false));
    }

    private Behavior<SentimentAnalyst.Command> begin(SentimentAnalyst.Analyse request) {
        Map<String, NewsItem> fresh = new LinkedHashMap<>();
        request.items().stream()
                .filter(item -> !known.contains(item.id()))
                .forEach(item -> fresh.putIfAbsent(item.id(), item));
        return next(request, List.copyOf(fresh.values()), Result.NOTHING);
    }

    private Behavior<SentimentAnalyst.Command> next(
            SentimentAnalyst.Analyse request, List<NewsItem> left, Result soFar) {
        if (left.isEmpty()) {
            return finish(request, soFar);
        }
        int size = Math.min(settings.batchSize(), left.size());
        Work work = new Work(request, left.subList(0, size), left.subList(size, left.size()), soFar);
        context.pipeToSelf(
                score(work.batch()).thenCompose(scores -> store(work.batch(), scores)),
                (stored, failure) -> failure == null ? new BatchStored(work, stored) : new BatchFailed(work, failure));
        return scoring();
    }

    private CompletionStage<List<SentimentScorer.Score>> score(List<NewsItem> batch) {
        return settings.scoring()
                .run(
                        context.getSystem(),
                        () -> CompletableFuture.supplyAsync(
                                () -> oneEach(batch, partners.scorer().score(batch, partners.symbols())), executor));
    }

    private static List<SentimentScorer.Score> oneEach(List<NewsItem> batch, List<SentimentScorer.Score> scores) {
        if (scores.size() != batch.size()) {
            throw new SentimentScorer.ScoringException(
                    "got " + scores.size() + " scores for " + batch.size() + " headlines", null);
        }
        return scores;
    }

    private List<Sentiment> rows(List<NewsItem> batch, List<SentimentScorer.Score> scores, Instant knownAt) {
        List<Sentiment> rows = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            NewsItem item = batch.get(i);
            SentimentScorer.Score score = scores.get(i);
            rows.add(row(item, Sentiment.MARKET_WIDE, score.market(), score.reason(), knownAt));
            score.bySymbol().forEach((symbol, opinion) -> {
                if (partners.symbols().contains(symbol)) {
                    rows.add(row(item, symbol.name(), opinion, score.reason(), knownAt));
                }
            });
        }
        return rows;
    }

    private Sentiment row(
            NewsItem item, String symbol, SentimentScorer.Opinion opinion, String reason, Instant knownAt) {
        return new Sentiment(
                item.id(),
                symbol,
                opinion.score(),
                opinion.confidence(),
                partners.scorer().name(),
                reason,
                item.title(),
                item.link(),
                item.publishedAt(),
                knownAt);
    }

    /** Known from the attempt on that succeeds: the markets hear of it only then. */
    private CompletionStage<List<Sentiment>> store(List<NewsItem> batch, List<SentimentScorer.Score> scores) {
        return settings.storing().run(context.getSystem(), () -> {
            List<Sentiment> rows = rows(batch, scores, partners.clock().instant());
            return partners.archive().writeSentiment(rows).thenApply(written -> rows);
        });
    }

    private Behavior<SentimentAnalyst.Command> onBatchStored(BatchStored stored) {
        Work work = stored.work();
        remember(work.batch().stream().map(NewsItem::id).toList());
        tellMarkets(stored.sentiment());
        stored.sentiment().forEach(row -> Topics.publish(partners.topic(), new Published.SentimentScored(row)));
        return next(work.request(), work.rest(), work.soFar().and(work.batch().size()));
    }

    private Behavior<SentimentAnalyst.Command> onBatchFailed(BatchFailed failed) {
        Work work = failed.work();
        String problem = message(failed.failure());
        context.getLog().warn("{} headlines were not scored: {}", work.batch().size(), problem);
        boolean isScorers = !(cause(failed.failure()) instanceof ArchiveUnavailable);
        return next(work.request(), work.rest(), work.soFar().but(problem, isScorers));
    }

    private void tellMarkets(List<Sentiment> rows) {
        for (Symbol symbol : partners.symbols()) {
            List<Sentiment> concerning = rows.stream()
                    .filter(row -> row.symbol().equals(Sentiment.MARKET_WIDE)
                            || row.symbol().equals(symbol.name()))
                    .toList();
            partners.markets().apply(symbol).tell(new Market.HearSentiment(concerning));
        }
    }

    private Behavior<SentimentAnalyst.Command> finish(SentimentAnalyst.Analyse request, Result result) {
        request.replyTo().tell(new SentimentAnalyst.Analysed(result.scored(), result.problem(), result.unscorable()));
        return stash.unstashAll(waiting());
    }

    private void remember(Collection<String> ids) {
        known.addAll(ids);
        var oldest = known.iterator();
        for (int surplus = known.size() - settings.knownIds(); surplus > 0; surplus--) {
            oldest.next();
            oldest.remove();
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static String message(Throwable failure) {
        Throwable cause = cause(failure);
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
