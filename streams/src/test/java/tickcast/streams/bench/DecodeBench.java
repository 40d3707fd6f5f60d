package tickcast.streams.bench;

/** Prints what a trade costs from frame bytes to closed candle, ours against a hand-written Jackson loop. */
public final class DecodeBench {

    private DecodeBench() {}

    /** {@code [rounds] [trades]}: medians over the rounds, both ways in turn in one JVM. */
    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 15;
        int trades = args.length > 1 ? Integer.parseInt(args[1]) : 200_000;
        System.out.println(
                tickcast.streams.exchange.kraken.DecodeComparison.of(trades).measure(rounds));
    }
}
