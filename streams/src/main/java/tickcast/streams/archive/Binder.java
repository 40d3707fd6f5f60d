package tickcast.streams.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;

/** Binds a statement's values from left to right. {@code NaN} becomes NULL, which is what SQLite makes of it anyway. */
final class Binder {

    private final PreparedStatement statement;
    private int index;

    Binder(PreparedStatement statement) {
        this.statement = statement;
    }

    Binder text(String value) throws SQLException {
        statement.setString(++index, value);
        return this;
    }

    Binder integer(long value) throws SQLException {
        statement.setLong(++index, value);
        return this;
    }

    Binder flag(boolean value) throws SQLException {
        return integer(value ? 1 : 0);
    }

    Binder real(double value) throws SQLException {
        if (Double.isNaN(value)) {
            statement.setNull(++index, Types.DOUBLE);
        } else {
            statement.setDouble(++index, value);
        }
        return this;
    }

    /** Eight bytes each, little-endian, bit for bit. */
    Binder reals(double[] values) throws SQLException {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            bytes.putLong(Double.doubleToRawLongBits(value));
        }
        statement.setBytes(++index, bytes.array());
        return this;
    }

    /** The three values that every range query ends with. */
    Binder range(Range range) throws SQLException {
        return integer(range.from()).integer(range.to()).integer(range.limit());
    }
}
