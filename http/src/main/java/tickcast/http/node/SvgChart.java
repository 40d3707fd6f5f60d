package tickcast.http.node;

import java.util.Locale;

/**
 * A small chart as inline SVG with a value axis: a mark for each of some slots from left to right. Colours come from the
 * page's style sheet by class.
 */
final class SvgChart {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 240;
    private static final int LEFT = 62;
    private static final int RIGHT = 12;
    private static final int TOP = 12;
    private static final int BOTTOM = 30;
    private static final int TICKS = 4;

    private final StringBuilder marks = new StringBuilder();
    private final String title;
    private final double low;
    private final double high;
    private final int slots;
    private final String valueFormat;

    /**
     * @param title for people who hear the page
     * @param low lower end of the value axis @param high upper end
     * @param slots how many places there are from left to right
     * @param valueFormat of the axis's figures, such as {@code %.2f}
     */
    SvgChart(String title, double low, double high, int slots, String valueFormat) {
        double margin = high > low ? (high - low) * 0.06 : 1e-4;
        this.title = title;
        this.low = low - margin;
        this.high = high + margin;
        this.slots = Math.max(1, slots);
        this.valueFormat = valueFormat;
        for (int tick = 0; tick <= TICKS; tick++) {
            double value = this.low + (this.high - this.low) * tick / TICKS;
            line("grid", LEFT, y(value), WIDTH - RIGHT, y(value));
            text("value", LEFT - 6, y(value) + 4, String.format(Locale.ROOT, valueFormat, value));
        }
    }

    private double slotWidth() {
        return (double) (WIDTH - LEFT - RIGHT) / slots;
    }

    private double x(int slot) {
        return LEFT + (slot + 0.5) * slotWidth();
    }

    private double y(double value) {
        return TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM);
    }

    /** A dashed line over all slots. */
    SvgChart level(double value) {
        line("level", LEFT, y(value), WIDTH - RIGHT, y(value));
        return this;
    }

    /** Writes below a slot. */
    SvgChart label(int slot, String text) {
        text("slot", x(slot), HEIGHT - 10, text);
        return this;
    }

    /** A bar between two values, with a text that appears under the pointer. */
    SvgChart bar(String kind, int slot, double from, double to, String hint) {
        double width = Math.min(40, 0.7 * slotWidth());
        append(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s</title></rect>",
                kind,
                x(slot) - width / 2,
                Math.min(y(from), y(to)),
                width,
                Math.max(0.5, Math.abs(y(from) - y(to))),
                escape(hint));
        return this;
    }

    /** A dot, with a text that appears under the pointer. */
    SvgChart dot(String kind, int slot, double value, String hint) {
        append(
                "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>%s</title></circle>",
                kind, x(slot), y(value), escape(hint));
        return this;
    }

    /** A vertical line through a slot. */
    SvgChart whisker(int slot, double from, double to) {
        line("whisker", x(slot), y(from), x(slot), y(to));
        return this;
    }

    private void line(String kind, double x1, double y1, double x2, double y2) {
        append("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", kind, x1, y1, x2, y2);
    }

    private void text(String kind, double x, double y, String text) {
        append("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", kind, x, y, escape(text));
    }

    private void append(String format, Object... values) {
        marks.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    String svg() {
        return "<svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" role=\"img\" aria-label=\"" + escape(title) + "\">\n"
                + marks + "</svg>\n";
    }

    /** Text that is safe inside of HTML. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
