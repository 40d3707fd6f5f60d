package tickcast.streams.bench;

import tickcast.streams.exchange.kraken.DecodeComparison;

/** Prints what a trade costs from frame bytes to closed candle, ours against a hand-written Jackson loop. */
public final class DecodeBench {

    static final int ROUNDS = 15;
    static final int TRADES = 200_000;

    private DecodeBench() {}

    /** {@code [rounds] [trades]}: medians over the rounds, both ways in turn in one JVM. */
    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : ROUNDS;
        int trades = args.length > 1 ? Integer.parseInt(args[1]) : TRADES;
        System.out.println(DecodeComparison.of(trades).measure(rounds));
    }
}
