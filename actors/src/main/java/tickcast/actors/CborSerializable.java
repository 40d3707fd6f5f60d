package tickcast.actors;

/** Marks messages that travel between nodes as Jackson CBOR. */
public interface CborSerializable {}
