/**
 * RFC 6455 on raw bytes. Akka HTTP does the handshake; the frames are ours, because its message layer can neither close
 * with a code of our choice, nor cap a message, nor send one encoded message to a thousand clients.
 */
package tickcast.http.api.websocket;
