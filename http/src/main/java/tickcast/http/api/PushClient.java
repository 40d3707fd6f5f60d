package tickcast.http.api;

import java.util.List;
import java.util.Map;

/** An open WebSocket, as the hub sees it. Every method returns at once and keeps the order of the calls. */
interface PushClient {

    /** The subscription holds: whatever is delivered from now on is newer than {@code newest}. */
    void subscribed(Map<Subject, PushMessage> newest);

    void deliver(List<PushMessage> messages);

    /** The server is stopping. */
    void goAway();
}
