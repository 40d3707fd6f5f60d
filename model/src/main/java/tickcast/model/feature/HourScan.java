package tickcast.model.feature;

/** Sums over the newest minutes, taken in one walk back in time: ask for rising spans. */
final class HourScan {

    /** Sums over a span; NaN when the span is not known. */
    static final class Sums {
        /** Of squared returns. */
        final double squares;
        /** Of absolute returns. */
        final double path;
        /** Of returns. */
        final double move;
        /** Of squared log ranges. */
        final double rangeSquares;
        /** Of products of neighbouring absolute returns: bipower variation. */
        final double neighbourProducts;
        /** Of products of neighbouring returns. */
        final double signedProducts;

        final double volume;
        /** Volume of rising minutes less that of falling ones: a difference of on-balance volumes. */
        final double directedVolume;
        /** Of typical price × volume. */
        final double typicalVolume;
        /** NaN when one minute's is not known. */
        final double buyVolume;
        /** NaN when one minute's are not known. */
        final double trades;

        private Sums(HourScan scan, boolean known) {
            squares = known ? scan.squares : Double.NaN;
            path = known ? scan.path : Double.NaN;
            move = known ? scan.move : Double.NaN;
            rangeSquares = known ? scan.rangeSquares : Double.NaN;
            neighbourProducts = known ? scan.neighbourProducts : Double.NaN;
            signedProducts = known ? scan.signedProducts : Double.NaN;
            volume = known ? scan.volume : Double.NaN;
            directedVolume = known ? scan.directedVolume : Double.NaN;
            typicalVolume = known ? scan.typicalVolume : Double.NaN;
            buyVolume = known ? scan.buyVolume : Double.NaN;
            trades = known ? scan.trades : Double.NaN;
        }
    }

    private final RecentMinutes minutes;
    private int scanned;
    private double squares;
    private double path;
    private double move;
    private double rangeSquares;
    private double neighbourProducts;
    private double signedProducts;
    private double volume;
    private double directedVolume;
    private double typicalVolume;
    private double buyVolume;
    private double trades;
    private double newerReturn;

    HourScan(RecentMinutes minutes) {
        this.minutes = minutes;
    }

    /** Sums over the newest {@code span} minutes, at most {@link RecentMinutes#HOUR}, at least the span asked before. */
    Sums over(int span) {
        int end = Math.min(span, minutes.count());
        while (scanned < end) {
            add(scanned++);
        }
        return new Sums(this, minutes.count() >= span);
    }

    private void add(int age) {
        double logReturn = minutes.returnAt(age);
        double range = minutes.rangeAt(age);
        double traded = minutes.volumeAt(age);
        squares += logReturn * logReturn;
        path += Math.abs(logReturn);
        move += logReturn;
        rangeSquares += range * range;
        if (age > 0) {
            signedProducts += logReturn * newerReturn;
            neighbourProducts += Math.abs(logReturn * newerReturn);
        }
        newerReturn = logReturn;
        volume += traded;
        directedVolume += Math.signum(logReturn) * traded;
        typicalVolume += minutes.typicalVolumeAt(age);
        buyVolume += minutes.buyVolumeAt(age);
        int count = minutes.tradesAt(age);
        trades += count < 0 ? Double.NaN : count;
    }
}
