package tickcast.streams.exchange.kraken;

import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.http.javadsl.ConnectionContext;
import akka.http.javadsl.Http;
import akka.http.javadsl.model.ws.Message;
import akka.http.javadsl.model.ws.TextMessage;
import akka.http.javadsl.model.ws.WebSocketRequest;
import akka.http.javadsl.model.ws.WebSocketUpgradeResponse;
import akka.http.javadsl.settings.ClientConnectionSettings;
import akka.stream.Materializer;
import akka.stream.SystemMaterializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * One WebSocket to Kraken per materialization: texts in, texts out. The connection lives until either side ends; it does not
 * know half-closed.
 */
final class KrakenSocket {

    /** Stands in for a message that was binary or too long: read as garbage, counted, skipped. */
    static final String UNREADABLE = "unreadable message";

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(20);
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final ActorSystem system;
    private final Materializer materializer;
    private final KrakenSettings settings;

    KrakenSocket(ActorSystem system, KrakenSettings settings) {
        this.system = system;
        this.materializer = SystemMaterializer.get(system).materializer();
        this.settings = settings;
    }

    /** Sends what comes in, emits what the exchange sends; the stage tells how the handshake ended. */
    Flow<String, String, CompletionStage<WebSocketUpgradeResponse>> connection() {
        return Flow.of(String.class)
                .via(encode())
                .viaMat(webSocket(), akka.stream.javadsl.Keep.right())
                .via(strictTexts());
    }

    private static Flow<String, Message, NotUsed> encode() {
        return Flow.of(String.class).map(TextMessage::create);
    }

    private Flow<Message, Message, CompletionStage<WebSocketUpgradeResponse>> webSocket() {
        return Http.get(system)
                .webSocketClientFlow(
                        WebSocketRequest.create(settings.webSocketUrl().toString()),
                        context(settings.webSocketUrl()),
                        Optional.empty(),
                        clientSettings(),
                        system.log());
    }

    private ConnectionContext context(URI url) {
        return "wss".equalsIgnoreCase(url.getScheme())
                ? Http.get(system).defaultClientHttpsContext()
                : ConnectionContext.noEncryption();
    }

    /** Client sockets send no keep-alive of their own by default. */
    private ClientConnectionSettings clientSettings() {
        ClientConnectionSettings usual = ClientConnectionSettings.create(system);
        return usual.withConnectingTimeout(finite(settings.frameTimeout()))
                .withIdleTimeout(finite(IDLE))
                .withWebsocketSettings(usual.getWebsocketSettings().withPeriodicKeepAliveMaxIdle(finite(KEEP_ALIVE)));
    }

    private static scala.concurrent.duration.FiniteDuration finite(Duration duration) {
        return scala.concurrent.duration.Duration.create(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Fragmented messages are put together up to the size cap; whatever is not wanted is drained. */
    private Flow<Message, String, NotUsed> strictTexts() {
        return Flow.of(Message.class).mapAsync(1, this::strictText);
    }

    private CompletionStage<String> strictText(Message message) {
        if (!message.isText()) {
            return message.asBinaryMessage()
                    .getStreamedData()
                    .runWith(Sink.ignore(), materializer)
                    .thenApply(done -> UNREADABLE);
        }
        TextMessage text = message.asTextMessage();
        if (text.isStrict()) {
            return CompletableFuture.completedStage(capped(text.getStrictText()));
        }
        return text.getStreamedText()
                .runFold(new StringBuilder(), this::append, materializer)
                .thenApply(whole -> capped(whole.toString()));
    }

    private StringBuilder append(StringBuilder whole, String part) {
        return whole.length() > settings.maxFrameChars() ? whole : whole.append(part);
    }

    private String capped(String text) {
        return text.length() > settings.maxFrameChars() ? UNREADABLE : text;
    }
}
