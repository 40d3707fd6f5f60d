package tickcast.streams.exchange.replay;

import java.util.function.Function;

/** A reader of what another one reads, seen otherwise. */
final class MappedReader<A, B> implements HistoryReader<B> {

    private final HistoryReader<A> reader;
    private final Function<A, B> view;

    private MappedReader(HistoryReader<A> reader, Function<A, B> view) {
        this.reader = reader;
        this.view = view;
    }

    static <A, B> HistoryReader<B> of(HistoryReader<A> reader, Function<A, B> view) {
        return new MappedReader<>(reader, view);
    }

    @Override
    public boolean hasNext() {
        return reader.hasNext();
    }

    @Override
    public B next() {
        return view.apply(reader.next());
    }

    @Override
    public void close() {
        reader.close();
    }
}
