package tickcast.http.api;

/** What one subscription is about. @param symbol a pair's name, or {@code *} for the market as a whole */
record Subject(Channel channel, String symbol) {}
