package tickcast.http.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.market.MarketSource;
import tickcast.streams.archive.DeadLetterFile;
import tickcast.streams.archive.DeadLetters;
import tickcast.streams.archive.EmbeddedArchive;
import tickcast.streams.archive.FolderShelf;
import tickcast.streams.archive.InheritingShelf;
import tickcast.streams.archive.ModelShelf;
import tickcast.streams.archive.ShelvedModelRegistry;
import tickcast.streams.archive.spill.SpillingArchive;
import tickcast.streams.elasticsearch.ElasticsearchArchive;
import tickcast.streams.elasticsearch.ElasticsearchSettings;
import tickcast.streams.elasticsearch.ElasticsearchShelf;

/** Opens the store that the settings name. */
final class Stores {

    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final String HORIZON = "forecast.horizon";

    private Stores() {}

    /**
     * For a node: returns whether or not Elasticsearch is there. Without Kafka, which keeps everything, a file takes what the
     * store can't.
     *
     * @param alone whether no other node writes to the store
     * @param letters where what the store refuses goes, if not into a file
     * @throws CommandFailed when a file of another configuration still holds what the store has not taken
     */
    static Archive forNode(
            Settings settings,
            MarketSource source,
            boolean alone,
            Optional<DeadLetters> letters,
            MeterRegistry meters) {
        boolean spills = settings.store().elasticsearch().isPresent() && settings.bus() == Settings.BusChoice.DIRECT;
        if (!spills) {
            requireNothingLeftBehind(settings, source);
            return open(settings, source, letters, meters);
        }
        Archive store = open(settings, source, letters, meters);
        long mostBytes = settings.store().spillBytes();
        return SpillingArchive.open(store, settings.dataDirectory(), source, mostBytes, alone, meters);
    }

    private static void requireNothingLeftBehind(Settings settings, MarketSource source) {
        SpillingArchive.leftBehind(settings.dataDirectory(), source).ifPresent(file -> {
            throw new CommandFailed(file + " holds records that Elasticsearch has not taken yet: start once with"
                    + " STORE=elasticsearch and BUS=direct until that file is empty, or move it away");
        });
    }

    /** A source's models for a node: returns whether or not Elasticsearch is there. */
    static ShelvedModelRegistry modelsForNode(
            Settings settings,
            MarketSource source,
            DataDirectory directory,
            InstantSource clock,
            MeterRegistry meters) {
        FolderShelf folder = new FolderShelf(directory.models());
        ModelShelf shelf = settings.store()
                .elasticsearch()
                .<ModelShelf>map(own -> new InheritingShelf(shelf(own, source, meters), folder))
                .orElse(folder);
        return new ShelvedModelRegistry(shelf, FeatureSchema.current().hash(), clock);
    }

    /** A source's models for a command that changes them. @throws ArchiveUnavailable as {@link #openReady} */
    static ShelvedModelRegistry models(Settings settings, MarketSource source, DataDirectory directory) {
        return ready(modelsForNode(settings, source, directory, InstantSource.system(), new SimpleMeterRegistry()));
    }

    /** A source's models for a command that only reads. @throws ArchiveUnavailable as {@link #openReady} */
    static ShelvedModelRegistry models(Settings settings, MarketSource source) {
        ModelShelf shelf = settings.store()
                .elasticsearch()
                .<ModelShelf>map(own -> shelf(own, source, new SimpleMeterRegistry()))
                .orElseGet(() -> new FolderShelf(
                        DataDirectory.models(settings.dataDirectory().resolve(source.key()))));
        return ready(new ShelvedModelRegistry(shelf, FeatureSchema.current().hash(), InstantSource.system()));
    }

    private static ShelvedModelRegistry ready(ShelvedModelRegistry models) {
        try {
            models.champion();
            return models;
        } catch (ElasticsearchArchive.NotLetIn out) {
            models.close();
            throw notLetIn(out);
        } catch (RuntimeException e) {
            models.close();
            throw e;
        }
    }

    private static ModelShelf shelf(ElasticsearchSettings own, MarketSource source, MeterRegistry meters) {
        return trusting(() -> ElasticsearchShelf.open(own, source, meters));
    }

    private static Archive open(
            Settings settings, MarketSource source, Optional<DeadLetters> letters, MeterRegistry meters) {
        return settings.store().elasticsearch().isPresent()
                ? elasticsearch(
                        settings.store().elasticsearch().get(),
                        source,
                        letters.orElseGet(() -> DeadLetterFile.below(settings.dataDirectory(), source)),
                        meters)
                : EmbeddedArchive.open(settings.dataDirectory(), source);
    }

    /**
     * For a command, which has no time to wait for a store.
     *
     * @throws ArchiveUnavailable when the store is not there @throws CommandFailed when it does not let us in
     */
    static Archive openReady(Settings settings, MarketSource source) {
        return openReady(settings, source, new SimpleMeterRegistry());
    }

    /** As above. @param meters tell what became of what is written */
    static Archive openReady(Settings settings, MarketSource source, MeterRegistry meters) {
        Archive archive = open(settings, source, Optional.empty(), meters);
        try {
            awaitReady(archive);
            return archive;
        } catch (RuntimeException e) {
            archive.close();
            throw e;
        }
    }

    private static void awaitReady(Archive archive) {
        if (archive instanceof ElasticsearchArchive elasticsearch) {
            try {
                elasticsearch.awaitReady(PATIENCE);
            } catch (ElasticsearchArchive.NotLetIn out) {
                throw notLetIn(out);
            }
        }
    }

    /**
     * Looks whether the store can be used.
     *
     * @throws CommandFailed when only an operator can mend what is wrong @throws ArchiveUnavailable when the store is not there
     */
    static void check(Settings settings) {
        if (settings.store().elasticsearch().isPresent()) {
            openReady(settings, MarketSource.SIMULATED).close();
        }
    }

    /**
     * Predictions and models of one store look equally far ahead: the first horizon that is used stays. Blocks; an embedded
     * store's is in its {@link DataDirectory}.
     *
     * @throws WrongSetting when the store has another one @throws ArchiveUnavailable when the store is not there
     */
    static void requireHorizon(Settings settings, MarketSource source) {
        if (settings.store().elasticsearch().isEmpty()) {
            return;
        }
        String wanted = settings.forecast().horizonMinutes() + "m";
        try (Archive archive = openReady(settings, source)) {
            Optional<String> kept = joined(archive.note(HORIZON));
            if (kept.isEmpty()) {
                joined(archive.writeNote(HORIZON, wanted));
            } else if (!kept.get().equals(wanted)) {
                throw new WrongSetting(
                        "tickcast.forecast.horizon",
                        wanted,
                        kept.get() + ", which the records of " + source.key() + " in Elasticsearch were made with, or"
                                + " another ELASTICSEARCH_INDEX_PREFIX");
            }
        }
    }

    private static <T> T joined(CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    private static ElasticsearchArchive elasticsearch(
            ElasticsearchSettings own, MarketSource source, DeadLetters letters, MeterRegistry meters) {
        return trusting(() -> ElasticsearchArchive.open(own, source, letters, meters));
    }

    private static <T> T trusting(Supplier<T> opening) {
        try {
            return opening.get();
        } catch (IllegalArgumentException e) {
            throw new WrongSetting(
                    "tickcast.elasticsearch.ca-certificate", "…", "a certificate in a PEM file: " + e.getMessage());
        }
    }

    private static CommandFailed notLetIn(ElasticsearchArchive.NotLetIn out) {
        return new CommandFailed(
                out.getMessage()
                        + "; see ELASTICSEARCH_API_KEY, ELASTICSEARCH_USERNAME with ELASTICSEARCH_PASSWORD, and"
                        + " ELASTICSEARCH_CA_CERTIFICATE or ELASTICSEARCH_CA_FINGERPRINT",
                out);
    }
}
