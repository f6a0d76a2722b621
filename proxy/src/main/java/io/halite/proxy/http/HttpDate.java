package io.halite.proxy.http;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The Date header line of RFC 9110 §6.6.1, made once a second at most. Confined to one loop. */
final class HttpDate {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US).withZone(ZoneOffset.UTC);

    private final InstantSource clock;
    private long second = Long.MIN_VALUE;
    private byte[] line = new byte[0];

    HttpDate(InstantSource clock) {
        this.clock = clock;
    }

    /** The line with its CRLF. */
    byte[] line() {
        Instant now = clock.instant();
        if (now.getEpochSecond() != second) {
            second = now.getEpochSecond();
            line = Ascii.bytes("Date: " + FORMAT.format(now) + "\r\n");
        }
        return line;
    }
}
