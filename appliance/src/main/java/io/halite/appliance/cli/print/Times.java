package io.halite.appliance.cli.print;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Moments as people read them. Stateless. */
public final class Times {
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    private Times() {}

    /** An ISO 8601 moment in local time; anything else as it is. */
    public static String local(String instant) {
        try {
            return LOCAL.format(Instant.parse(instant));
        } catch (DateTimeException e) {
            return instant;
        }
    }
}
