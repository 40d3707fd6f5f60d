package tickcast.model.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Confidence interval of a skill = 1 − Σ error / Σ naive error, from whole blocks of time drawn with replacement, so that
 * overlapping horizons and symbols that move together are not counted as independent evidence. Künsch (1989), with
 * blocks aligned to the epoch. Deterministic: seeded.
 */
public final class BlockBootstrap {

    private static final int RESAMPLES = 500;
    private static final long SEED = 20_230_101;
    /** With fewer blocks an interval would only pretend. */
    private static final int LEAST_BLOCKS = 5;
    /** Of the normal distribution: 95 % lie within so many standard deviations. */
    static final double NORMAL = 1.96;

    private final int blockMinutes;
    private long block = Long.MIN_VALUE;
    private int blocks;
    private double[] errors = new double[64];
    private double[] naiveErrors = new double[64];

    /** @param blockMinutes length of a block, several times the horizon */
    public BlockBootstrap(int blockMinutes) {
        if (blockMinutes < 1) {
            throw new IllegalArgumentException("a block takes at least a minute, was " + blockMinutes);
        }
        this.blockMinutes = blockMinutes;
    }

    /** Adds absolute errors of one minute; minutes must not fall. */
    public void add(long epochMinute, double error, double naiveError) {
        long next = Math.floorDiv(epochMinute, blockMinutes);
        if (next < block) {
            throw new IllegalArgumentException("minutes must not fall");
        }
        if (next > block) {
            block = next;
            open();
        }
        errors[blocks - 1] += error;
        naiveErrors[blocks - 1] += naiveError;
    }

    private void open() {
        if (blocks == errors.length) {
            errors = Arrays.copyOf(errors, 2 * blocks);
            naiveErrors = Arrays.copyOf(naiveErrors, 2 * blocks);
        }
        blocks++;
    }

    /** The skill and where it lies with 95 % confidence; bounds are NaN when there is too little to tell. */
    public Skill skill() {
        double skill = ratioSkill(sum(errors), sum(naiveErrors));
        if (blocks < LEAST_BLOCKS) {
            return new Skill(skill, Double.NaN, Double.NaN);
        }
        double[] draws = new double[RESAMPLES];
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < RESAMPLES; i++) {
            draws[i] = draw(random);
        }
        Arrays.sort(draws);
        return new Skill(skill, draws[RESAMPLES * 25 / 1000], draws[RESAMPLES - 1 - RESAMPLES * 25 / 1000]);
    }

    /**
     * As {@link #skill}, for those who look at many cells of few blocks each: a handful of blocks, resampled, varies less
     * than the truth does, so the interval is widened as far as Student's t is wider than the normal distribution.
     */
    public Skill cautiousSkill() {
        Skill skill = skill();
        double wider = student(blocks - 1) / NORMAL * Math.sqrt(blocks / (blocks - 1.0));
        return new Skill(
                skill.value(),
                skill.value() - wider * (skill.value() - skill.low()),
                skill.value() + wider * (skill.high() - skill.value()));
    }

    /** The 97.5 % quantile of Student's t, off by 0.06 at 4 degrees of freedom and less above. Fisher and Cornish (1960). */
    static double student(int degrees) {
        double cubed = NORMAL * NORMAL * NORMAL;
        return NORMAL
                + (cubed + NORMAL) / (4 * degrees)
                + (5 * cubed * NORMAL * NORMAL + 16 * cubed + 3 * NORMAL) / (96.0 * degrees * degrees);
    }

    /** Blocks in which anything happened. */
    int blocks() {
        return blocks;
    }

    private double draw(SplittableRandom random) {
        double error = 0;
        double naiveError = 0;
        for (int i = 0; i < blocks; i++) {
            int chosen = random.nextInt(blocks);
            error += errors[chosen];
            naiveError += naiveErrors[chosen];
        }
        return ratioSkill(error, naiveError);
    }

    private double sum(double[] values) {
        double sum = 0;
        for (int i = 0; i < blocks; i++) {
            sum += values[i];
        }
        return sum;
    }

    /** When the price did not move at all, naive was perfect: skill 0 for those who said the same, else not a number. */
    private static double ratioSkill(double error, double naiveError) {
        if (naiveError > 0) {
            return 1 - error / naiveError;
        }
        return error > 0 ? Double.NaN : 0;
    }

    /** @param value 1 − MAE / naive MAE @param low lower end of its 95 % interval, NaN = unknown @param high upper end */
    public record Skill(double value, double low, double high) {}
}
