package io.halite.dns.wire;

import java.util.Locale;

/** The response codes that Halite sends. */
public enum Rcode {
    NOERROR(0), FORMERR(1), SERVFAIL(2), NXDOMAIN(3), NOTIMP(4), REFUSED(5), NOTAUTH(9), BADVERS(16);

    private final int code;

    Rcode(int code) {
        this.code = code;
    }

    /** The number; above 15 its upper bits travel in the OPT record. */
    public int code() {
        return code;
    }

    /** The spelling of metric labels, such as {@code noerror}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
