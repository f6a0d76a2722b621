package io.halite.config.shape;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations and sizes as a document spells them. Stateless. */
public final class Units {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})(B|KiB|MiB|GiB)?");

    private Units() {}

    /** {@code 250ms}, {@code 5s}, {@code 10m}, {@code 1h} or {@code 2d}; null for anything else. */
    public static @Nullable Duration duration(String text) {
        Matcher match = DURATION.matcher(text);
        if (!match.matches()) {
            return null;
        }
        long number = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** The shortest exact spelling of a duration of whole milliseconds. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0s";
        }
        if (millis % 1_000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1_000;
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** Bytes of {@code 512}, {@code 512B}, {@code 32KiB}, {@code 1MiB} or {@code 1GiB}; null for anything else. */
    public static @Nullable Long size(String text) {
        Matcher match = SIZE.matcher(text);
        if (!match.matches()) {
            return null;
        }
        long number = Long.parseLong(match.group(1));
        String unit = match.group(2) == null ? "B" : match.group(2);
        return switch (unit) {
            case "KiB" -> shifted(number, 10);
            case "MiB" -> shifted(number, 20);
            case "GiB" -> shifted(number, 30);
            default -> number;
        };
    }

    private static long shifted(long number, int bits) {
        return number > Long.MAX_VALUE >> bits ? Long.MAX_VALUE : number << bits;
    }

    /** The shortest exact spelling of a size. */
    public static String text(long bytes) {
        if (bytes != 0 && bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        if (bytes != 0 && bytes % (1L << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes != 0 && bytes % (1L << 10) == 0 ? (bytes >> 10) + "KiB" : bytes + "B";
    }
}
