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
        addMoves(end);
        addActivity(end);
        scanned = Math.max(scanned, end);
        return new Sums(this, minutes.count() >= span);
    }

    /** The hot loops add up in local variables: fields would be written back for every minute. */
    private void addMoves(int end) {
        double squareSum = squares;
        double pathSum = path;
        double moveSum = move;
        double rangeSum = rangeSquares;
        double neighbourSum = neighbourProducts;
        double signedSum = signedProducts;
        double newer = newerReturn;
        for (int age = scanned; age < end; age++) {
            double logReturn = minutes.returnAt(age);
            double range = minutes.rangeAt(age);
            double product = logReturn * newer;
            squareSum += logReturn * logReturn;
            pathSum += Math.abs(logReturn);
            moveSum += logReturn;
            rangeSum += range * range;
            signedSum += product;
            neighbourSum += Math.abs(product);
            newer = logReturn;
        }
        squares = squareSum;
        path = pathSum;
        move = moveSum;
        rangeSquares = rangeSum;
        neighbourProducts = neighbourSum;
        signedProducts = signedSum;
        newerReturn = newer;
    }

    private void addActivity(int end) {
        double volumeSum = volume;
        double directedSum = directedVolume;
        double typicalSum = typicalVolume;
        double buySum = buyVolume;
        double tradeSum = trades;
        for (int age = scanned; age < end; age++) {
            double traded = minutes.volumeAt(age);
            volumeSum += traded;
            directedSum += Math.signum(minutes.returnAt(age)) * traded;
            typicalSum += minutes.typicalVolumeAt(age);
            buySum += minutes.buyVolumeAt(age);
            tradeSum += minutes.tradesAt(age);
        }
        volume = volumeSum;
        directedVolume = directedSum;
        typicalVolume = typicalSum;
        buyVolume = buySum;
        trades = tradeSum;
    }
}
