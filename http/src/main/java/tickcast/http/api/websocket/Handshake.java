package tickcast.http.api.websocket;

import akka.NotUsed;
import akka.http.impl.engine.server.UpgradeToOtherProtocolResponseHeader;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.ws.Message;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns a request into a WebSocket of raw bytes. Akka HTTP checks and answers the handshake; only the handler of its
 * answer is exchanged. The one place that touches an internal class of Akka HTTP (10.5.3).
 */
public final class Handshake {

    private Handshake() {}

    /**
     * The answer that upgrades the connection.
     *
     * @param connection takes the client's bytes, gives ours
     * @return empty when the request is no valid WebSocket handshake
     */
    public static Optional<HttpResponse> accept(HttpRequest request, Flow<ByteString, ByteString, NotUsed> connection) {
        return request.getAttribute(AttributeKeys.webSocketUpgrade)
                .map(upgrade -> upgrade.handleMessagesWith(unused()))
                .map(answer -> withConnection(answer, connection));
    }

    private static HttpResponse withConnection(HttpResponse answer, Flow<ByteString, ByteString, NotUsed> connection) {
        List<HttpHeader> headers = new ArrayList<>();
        for (HttpHeader header : answer.getHeaders()) {
            if (!(header instanceof UpgradeToOtherProtocolResponseHeader)) {
                headers.add(header);
            }
        }
        headers.add(UpgradeToOtherProtocolResponseHeader.apply(any(connection)));
        return answer.withHeaders(headers);
    }

    @SuppressWarnings("unchecked")
    private static akka.stream.scaladsl.Flow<ByteString, ByteString, Object> any(
            Flow<ByteString, ByteString, NotUsed> connection) {
        return (akka.stream.scaladsl.Flow<ByteString, ByteString, Object>)
                (akka.stream.scaladsl.Flow<ByteString, ByteString, ?>) connection.asScala();
    }

    private static Flow<Message, Message, NotUsed> unused() {
        return Flow.fromSinkAndSource(Sink.ignore(), Source.empty());
    }
}
