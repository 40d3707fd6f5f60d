package tickcast.http.api;

import akka.event.LoggingAdapter;
import akka.http.ParsingErrorHandler;
import akka.http.javadsl.model.HttpResponse;
import akka.http.scaladsl.model.ErrorInfo;
import akka.http.scaladsl.model.StatusCode;
import akka.http.scaladsl.settings.ServerSettings;

/**
 * Answers what is no HTTP request at all with a problem too. Named in {@code akka.http.server.parsing.error-handler}.
 */
public final class MalformedRequests extends ParsingErrorHandler {

    /** Where Akka HTTP looks for it. */
    public static final MalformedRequests MODULE$ = new MalformedRequests();

    private MalformedRequests() {}

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
        log.debug("Illegal request: {}", info.formatPretty());
        return Answers.problem(Problem.malformed(status.intValue(), Problem.shortened(info.summary())));
    }
}
