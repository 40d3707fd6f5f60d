package tickcast.streams.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads a result's columns from left to right; the counterpart of {@link Binder}. */
final class Row {

    private final ResultSet result;
    private int column;

    Row(ResultSet result) {
        this.result = result;
    }

    boolean next() throws SQLException {
        column = 0;
        return result.next();
    }

    /** May be null where the column may. */
    String text() throws SQLException {
        return result.getString(++column);
    }

    long integer() throws SQLException {
        return result.getLong(++column);
    }

    boolean flag() throws SQLException {
        return integer() != 0;
    }

    double real() throws SQLException {
        double value = result.getDouble(++column);
        return value == 0 && result.wasNull() ? Double.NaN : value;
    }

    double[] reals() throws SQLException {
        byte[] bytes = result.getBytes(++column);
        double[] values = new double[bytes.length / Double.BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            values[i] = Double.longBitsToDouble(buffer.getLong());
        }
        return values;
    }
}
