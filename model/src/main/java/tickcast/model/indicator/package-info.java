/**
 * Technical indicators, one family per file: incremental, of primitive state, O(1) per update or O(n) over a window of some
 * dozen values that is summed anew each time, oldest first, so that a windowed value depends on its window alone and not on
 * what came before. Single-threaded.
 */
package tickcast.model.indicator;
