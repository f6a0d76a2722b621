package io.halite.proxy.accesslog;

import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.TargetEntry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The line that a loop is writing: one JSON object, ASCII alone, and the fields that requests and relays have in common.
 * One per loop, confined to its thread; a line allocates nothing.
 */
public final class LogLine {
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final byte[] HEX = bytes("0123456789abcdef");
    /** Six bytes for one in the worst case, and the rest. */
    private static final int ROOM = 16 * 1024;

    private final LineRing ring;
    private final InstantSource clock;
    private final SplittableRandom random = new SplittableRandom();
    private final byte[] line = new byte[ROOM];
    private int at;
    private long second = Long.MIN_VALUE;
    private byte[] secondText = new byte[0];

    /** Lines for this ring. */
    public LogLine(LineRing ring, InstantSource clock) {
        this.ring = ring;
        this.clock = clock;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Whether one that went well is in a sample of so many percent. */
    public boolean isInSample(int percent) {
        return percent >= 100 || random.nextInt(100) < percent;
    }

    /** Begins a line about what began so long ago. */
    public LogLine begin(long nanosAgo, String listener) {
        at = 0;
        long millis = clock.millis() - nanosAgo / 1_000_000;
        long seconds = Math.floorDiv(millis, 1_000);
        if (seconds != second) {
            second = seconds;
            secondText = bytes("{\"time\":\"" + SECOND.format(Instant.ofEpochSecond(seconds)) + ".");
        }
        System.arraycopy(secondText, 0, line, at, secondText.length);
        at += secondText.length;
        thousandths((int) Math.floorMod(millis, 1_000L));
        return text("Z\"").text(",\"listener\":\"").text(listener).text("\"");
    }

    /** Who served it, as far as that was found out. */
    public LogLine target(@Nullable PoolTable pool, @Nullable TargetEntry target, int retries) {
        if (pool != null) {
            text(",\"pool\":\"").text(pool.name()).text("\"");
        }
        if (target != null) {
            text(",\"target\":\"").text(target.ref().target()).text("\"");
        }
        return retries > 0 ? number(",\"retries\":", retries) : this;
    }

    /** What the client sent and got, and how long it took. */
    public LogLine traffic(long bytesIn, long bytesOut, long nanos) {
        return number(",\"bytesIn\":", bytesIn).number(",\"bytesOut\":", bytesOut).millis(",\"durationMs\":", nanos);
    }

    /** Ends the line and sends it off; without room in the ring it is dropped and counted. */
    public void end(@Nullable String reason, String end) {
        if (reason != null) {
            text(",\"reason\":\"").text(reason).text("\"");
        }
        text(",\"end\":\"").text(end).text("\"}\n");
        ring.offer(line, at);
    }

    /** An IP address of 4 or 16 bytes. */
    public LogLine address(byte[] address) {
        if (address.length == 4) {
            for (int part = 0; part < 4; part++) {
                if (part > 0) {
                    line[at++] = '.';
                }
                decimal(address[part] & 0xff);
            }
            return this;
        }
        int zeros = longestZeros(address);
        boolean separate = false;
        for (int group = 0; group < address.length; group += 2) {
            if (group == zeros) {
                line[at++] = ':';
                line[at++] = ':';
                group += zeroBytes(address, group) - 2;
                separate = false;
                continue;
            }
            if (separate) {
                line[at++] = ':';
            }
            separate = true;
            int value = (address[group] & 0xff) << 8 | (address[group + 1] & 0xff);
            for (int shift = value > 0xfff ? 12 : value > 0xff ? 8 : value > 0xf ? 4 : 0; shift >= 0; shift -= 4) {
                line[at++] = HEX[value >> shift & 0xf];
            }
        }
        return this;
    }

    /** Where the first of the longest runs of two or more groups of zeros begins, RFC 5952 §4.2; -1 when there is none. */
    private static int longestZeros(byte[] address) {
        int best = -1;
        int length = 2;
        for (int group = 0; group < address.length; group += 2) {
            int bytes = zeroBytes(address, group);
            if (bytes > length) {
                best = group;
                length = bytes;
            }
        }
        return best;
    }

    /** How many bytes of whole groups of zeros stand there. */
    private static int zeroBytes(byte[] address, int from) {
        int end = from;
        while (end < address.length && address[end] == 0 && address[end + 1] == 0) {
            end += 2;
        }
        return end - from;
    }

    /** A number that is not negative. */
    public LogLine number(String key, long value) {
        text(key);
        decimal(value);
        return this;
    }

    /** Milliseconds with three decimals. */
    public LogLine millis(String key, long nanos) {
        long micros = Math.max(0, nanos) / 1_000;
        number(key, micros / 1_000);
        line[at++] = '.';
        thousandths((int) (micros % 1_000));
        return this;
    }

    private void thousandths(int value) {
        line[at++] = (byte) ('0' + value / 100);
        line[at++] = (byte) ('0' + value / 10 % 10);
        line[at++] = (byte) ('0' + value % 10);
    }

    private void decimal(long value) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int place = at + digits - 1; place >= at; place--) {
            line[place] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        at += digits;
    }

    /** ASCII that needs no escape. */
    @SuppressWarnings("deprecation")
    public LogLine text(String text) {
        // The one copy of Latin-1 characters that allocates nothing.
        text.getBytes(0, text.length(), line, at);
        at += text.length();
        return this;
    }

    /** What came from a client: RFC 8259 §7, and nothing beyond ASCII, since it may be in any encoding. */
    public LogLine escaped(byte[] bytes, int from, int to) {
        for (int position = from; position < to; position++) {
            escaped(bytes[position]);
        }
        return this;
    }

    /** What came from a client, in characters that stand for a byte each. */
    public LogLine escaped(String latin) {
        for (int position = 0; position < latin.length(); position++) {
            escaped((byte) latin.charAt(position));
        }
        return this;
    }

    private void escaped(byte octet) {
        if (octet >= ' ' && octet != '"' && octet != '\\' && octet != 0x7f) {
            line[at++] = octet;
        } else {
            text("\\u00");
            line[at++] = HEX[octet >> 4 & 0xf];
            line[at++] = HEX[octet & 0xf];
        }
    }

    /** The bytes of the line, for somebody who writes on from {@link #length}. */
    public byte[] buffer() {
        return line;
    }

    public int length() {
        return at;
    }

    /** The line has grown by what somebody else wrote. */
    public void moveTo(int length) {
        at = length;
    }
}
