/** From news feeds to headlines for the {@link tickcast.actors.sentiment.SentimentAnalyst}. */
package tickcast.streams.news;
