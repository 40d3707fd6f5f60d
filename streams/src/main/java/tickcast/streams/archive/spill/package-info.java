/** Takes what a store can't while it is away, and gives it back in order. */
package tickcast.streams.archive.spill;
