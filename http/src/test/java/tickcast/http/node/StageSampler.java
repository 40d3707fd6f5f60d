package tickcast.http.node;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Tells which stage the CPU works for: looks again and again at what every thread that consumed CPU since the last look is
 * doing, and books that CPU on the stage of the innermost frame that belongs to one.
 */
final class StageSampler implements AutoCloseable {

    private static final long PAUSE_MILLIS = 20;
    private static final int FRAMES = 60;
    /** Longer prefixes first. */
    private static final Map<String, String> STAGES = stages();

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Map<Long, Long> last = new HashMap<>();
    private final Map<String, Long> booked = new HashMap<>();
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor();

    private StageSampler() {}

    private static Map<String, String> stages() {
        Map<String, String> stages = new LinkedHashMap<>();
        stages.put("tickcast.streams.record.TradeRows", "decode");
        stages.put("tickcast.streams.record.MarketRecordCodec", "decode");
        stages.put("tickcast.streams.record", "archive");
        stages.put("tickcast.streams.archive", "archive");
        stages.put("tickcast.streams.elasticsearch", "archive");
        stages.put("org.sqlite", "archive");
        stages.put("org.apache.http", "archive");
        stages.put("tickcast.actors.prediction", "predictions");
        stages.put("tickcast.actors.monitoring", "predictions");
        stages.put("tickcast.actors", "market actor");
        stages.put("tickcast.model", "market actor");
        stages.put("tickcast.streams.kafka", "partition work");
        stages.put("tickcast.streams.exchange", "partition work");
        stages.put("org.apache.kafka", "Kafka client");
        return stages;
    }

    static StageSampler start() {
        StageSampler sampler = new StageSampler();
        sampler.look(false);
        sampler.looks.scheduleWithFixedDelay(
                () -> sampler.look(true), PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        return sampler;
    }

    private synchronized void look(boolean book) {
        for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds(), FRAMES)) {
            if (info == null || info.getThreadId() == Thread.currentThread().getId()) {
                continue;
            }
            long cpu = threads.getThreadCpuTime(info.getThreadId());
            Long before = last.put(info.getThreadId(), cpu);
            long used = before == null ? 0 : cpu - before;
            if (book && used > 0) {
                booked.merge(stage(info.getStackTrace()), used, Long::sum);
            }
        }
    }

    private static String stage(StackTraceElement[] frames) {
        for (StackTraceElement frame : frames) {
            for (Map.Entry<String, String> stage : STAGES.entrySet()) {
                if (frame.getClassName().startsWith(stage.getKey())) {
                    return stage.getValue();
                }
            }
        }
        return "streams and dispatching";
    }

    /** {@code decode 41 %, market actor 20 %, …}, the greatest first. */
    synchronized String shares() {
        double all = booked.values().stream().mapToLong(nanos -> nanos).sum();
        return booked.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(one -> String.format(Locale.ROOT, "%s %.0f %%", one.getKey(), 100 * one.getValue() / all))
                .collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
