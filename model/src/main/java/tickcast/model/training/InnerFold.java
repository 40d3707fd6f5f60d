package tickcast.model.training;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One step of a walk forward within a training range: earlier rows to fit, the next ones to judge by, a purge between. */
record InnerFold(TrainingSet fit, TrainingSet judge) {

    private static final int FOLDS = 3;
    /** Share of the rows that is judged by, in as many equal blocks as there are folds. */
    private static final double JUDGED = 0.4;

    /**
     * The folds of a range, the earliest first. Each fits on everything before its block.
     *
     * @param purgeMinutes left out before each block, at least the horizon
     */
    static List<InnerFold> of(TrainingSet range, int purgeMinutes) {
        List<InnerFold> folds = new ArrayList<>();
        for (int i = 0; i < FOLDS; i++) {
            Instant from = range.asOf((int) (range.rows() * (1 - JUDGED + JUDGED * i / FOLDS)));
            TrainingSet later = range.since(from);
            int end = (int) (range.rows() * (1 - JUDGED + JUDGED * (i + 1) / FOLDS));
            TrainingSet judge = end < range.rows() ? later.before(range.asOf(end)) : later;
            folds.add(new InnerFold(range.before(from.minus(Duration.ofMinutes(purgeMinutes))), judge));
        }
        return List.copyOf(folds);
    }
}
