package tickcast.http.node;

/** A setting has a value that is not allowed. The message is one line for the person who set it. */
final class WrongSetting extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WrongSetting(String key, String value, String allowed) {
        super(key + " = '" + value + "' is not allowed; expected " + allowed);
    }
}
