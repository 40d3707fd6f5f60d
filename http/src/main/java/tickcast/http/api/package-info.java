/** What the outside touches: REST, problems, the WebSocket push, the reference, static pages, health. */
package tickcast.http.api;
