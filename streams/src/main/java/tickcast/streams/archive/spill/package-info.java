/** Takes what a store can't while it is away, and gives it back afterwards. */
package tickcast.streams.archive.spill;
