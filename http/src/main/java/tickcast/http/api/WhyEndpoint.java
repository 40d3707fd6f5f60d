package tickcast.http.api;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tickcast.actors.prediction.Explainer;
import tickcast.http.api.Problem.Kind;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Explanation;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Status;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;

/**
 * Why a stored prediction is what it is: the model that made it is asked again, with the vector that was stored beside it.
 * The answer is given only when that model says of that vector, bit for bit, what was published then.
 */
final class WhyEndpoint {

    private static final String TEMPLATE = "/api/v1/symbols/{symbol}/predictions/{asOf}/why";
    private static final String LATEST = "latest";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAIN = 5;
    private static final double BPS = 1e4;
    private static final String UNIT = "expectedMove";

    private final ActorSystem<?> system;
    private final Symbols symbols;
    private final Archive archive;
    private final ActorRef<Explainer.Command> explainer;
    private final String source;

    WhyEndpoint(
            ActorSystem<?> system,
            Symbols symbols,
            Archive archive,
            ActorRef<Explainer.Command> explainer,
            String source) {
        this.system = system;
        this.symbols = symbols;
        this.archive = archive;
        this.explainer = explainer;
        this.source = source;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.read(TEMPLATE, this::why));
    }

    private CompletionStage<HttpResponse> why(Call call) {
        Symbol symbol = symbols.known(call.pathParameter("symbol"));
        String asOf = call.pathParameter("asOf");
        Page page = asOf.equals(LATEST) ? Page.latest(1) : at(call.pathTime("asOf"));
        return archive.predictions(symbol, page).thenCompose(found -> {
            if (found.isEmpty()) {
                throw Problem.of(
                        Kind.NOT_FOUND,
                        asOf.equals(LATEST)
                                ? "There is no prediction for " + symbol + " yet."
                                : "There is no prediction for " + symbol + " as of " + Problem.shortened(asOf) + ".");
            }
            return explained(found.get(0));
        });
    }

    private static Page at(Instant asOf) {
        return Page.all(asOf, asOf.plusMillis(1));
    }

    private CompletionStage<HttpResponse> explained(Prediction prediction) {
        if (prediction.status() == Status.ABSTAINED) {
            throw conflict(prediction, "says nothing (" + prediction.reason() + "), so there is nothing to explain.");
        }
        if (prediction.status() == Status.FALLBACK) {
            String note = "The naive forecast stands in (" + prediction.reason()
                    + "): the price stays as it is. No model spoke, so no feature contributed.";
            return CompletableFuture.completedFuture(
                    answer(prediction, new Explanation(0, move(prediction), List.of()), note));
        }
        return archive.features(prediction.symbol(), at(prediction.asOf())).thenCompose(vectors -> {
            FeatureVector vector = vectors.stream()
                    .filter(each -> each.schemaHash().equals(prediction.schemaHash()))
                    .findFirst()
                    .orElseThrow(() -> conflict(
                            prediction, "was made from features that are no longer kept; their retention is shorter."));
            return ask(prediction, vector);
        });
    }

    private CompletionStage<HttpResponse> ask(Prediction prediction, FeatureVector vector) {
        return AskPattern.<Explainer.Command, Explainer.Answer>ask(
                        explainer,
                        replyTo -> new Explainer.Explain(vector, prediction.modelVersion(), replyTo),
                        PATIENCE,
                        system.scheduler())
                .thenApply(told -> answer(prediction, told));
    }

    private HttpResponse answer(Prediction prediction, Explainer.Answer told) {
        if (told instanceof Explainer.Explained explained) {
            return answer(prediction, verified(prediction, explained), null);
        }
        if (told instanceof Explainer.NotNow later) {
            throw Problem.unavailable(later.reason());
        }
        throw conflict(prediction, "can't be explained. " + ((Explainer.NotExplained) told).reason());
    }

    private static Explanation verified(Prediction prediction, Explainer.Explained explained) {
        if (StrictMath.expm1(explained.expectedLogReturn()) != prediction.expectedReturn()) {
            throw conflict(
                    prediction,
                    "was not made from the features stored beside it: model " + prediction.modelVersion()
                            + " says something else of them.");
        }
        return explained.explanation();
    }

    private static Problem conflict(Prediction prediction, String why) {
        return Problem.of(
                Kind.CONFLICT,
                "The prediction of " + prediction.symbol() + " as of " + Times.iso(prediction.asOf()) + " " + why);
    }

    /** σ√horizon as a log return: what a model without a scale of its own expects. */
    private static double move(Prediction prediction) {
        long horizon =
                Duration.between(prediction.asOf(), prediction.targetTime()).toMinutes();
        return prediction.volatility() * Math.sqrt(horizon);
    }

    private HttpResponse answer(Prediction prediction, Explanation why, String note) {
        int main = Math.min(MAIN, why.contributions().size());
        return Answers.json(out -> {
            out.writeStartObject();
            out.writeStringField("symbol", prediction.symbol().name());
            out.writeStringField("source", source);
            Json.time(out, "asOf", prediction.asOf());
            Json.time(out, "targetTime", prediction.targetTime());
            out.writeStringField("modelVersion", prediction.modelVersion());
            out.writeStringField("status", prediction.status().name());
            Json.number(out, "expectedReturn", prediction.expectedReturn());
            out.writeStringField("unit", UNIT);
            Json.number(out, "expectedMoveBps", why.move() * BPS);
            amount(out, "base", why.base(), why.move());
            out.writeArrayFieldStart("contributions");
            for (Explanation.Contribution each : why.contributions().subList(0, main)) {
                out.writeStartObject();
                out.writeStringField("feature", each.feature());
                Json.number(out, "value", each.value());
                amount(out, "contribution", each.logReturn(), why.move());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeObjectFieldStart("rest");
            out.writeNumberField("features", why.contributions().size() - main);
            amount(out, "contribution", why.sumFrom(main), why.move());
            out.writeEndObject();
            amount(out, "total", why.expectedLogReturn(), why.move());
            Json.text(out, "note", note);
            out.writeEndObject();
        });
    }

    /** In expected moves, and in hundredths of a percent of log return. */
    private static void amount(JsonGenerator out, String name, double logReturn, double move) throws IOException {
        Json.number(out, name, move > 0 ? logReturn / move : 0);
        Json.number(out, name + "Bps", logReturn * BPS);
    }
}
