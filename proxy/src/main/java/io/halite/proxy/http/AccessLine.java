package io.halite.proxy.http;

import io.halite.proxy.accesslog.LineRing;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.balance.TargetEntry;
import io.halite.proxy.route.CompiledRoute;
import io.halite.proxy.route.RequestHead;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Makes the access log's line of an exchange that ends: one JSON object, ASCII alone. Nothing of the query, of cookies or
 * of credentials gets into it. One per loop, confined to its thread; a line allocates nothing.
 */
final class AccessLine {
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final byte[] HEX = Ascii.bytes("0123456789abcdef");
    private static final byte[] USER_AGENT = Ascii.bytes("user-agent");
    private static final byte[] TRACEPARENT = Ascii.bytes("traceparent");
    /** Six bytes for one in the worst case, and the rest. */
    private static final int ROOM = 16 * 1024;
    private static final int MAX_PATH = 1_024;
    private static final int MAX_AGENT = 256;
    private static final int LEAST_FAILURE = 400;

    private final LineRing ring;
    private final InstantSource clock;
    private final SplittableRandom random;
    private final byte[] line = new byte[ROOM];
    private int at;
    private long second = Long.MIN_VALUE;
    private byte[] secondText = new byte[0];

    AccessLine(LineRing ring, InstantSource clock, SplittableRandom random) {
        this.ring = ring;
        this.clock = clock;
        this.random = random;
    }

    /** How an exchange ended, as its own side sees it. */
    enum End {
        /** Request and response are through. */
        COMPLETE("complete"),
        /** The client went away. */
        CLIENT_LEFT("clientLeft"),
        /** The response could not be finished: the client must see that it is cut. */
        CUT("cut");

        private final String text;

        End(String text) {
            this.text = text;
        }
    }

    /**
     * Logs an exchange unless it went well and is not in the sample.
     *
     * @param nanos from its first byte to its last
     * @param upstreamNanos from the end of the request to the head of the target's response; negative when none came
     */
    void log(Exchange exchange, int status, End end, long nanos, long upstreamNanos) {
        int sample = exchange.listener().rules().logged();
        boolean failed = status < 100 || status >= LEAST_FAILURE || end != End.COMPLETE;
        if (!failed && sample < 100 && random.nextInt(100) >= sample) {
            return;
        }
        at = 0;
        time(nanos);
        labels(exchange);
        request(exchange);
        number(",\"status\":", status);
        number(",\"bytesIn\":", exchange.bytesIn());
        number(",\"bytesOut\":", exchange.bytesOut());
        millis(",\"durationMs\":", nanos);
        if (upstreamNanos >= 0) {
            millis(",\"upstreamMs\":", upstreamNanos);
        }
        headers(exchange.request.head);
        Reason reason = exchange.reason();
        if (reason != null) {
            text(",\"reason\":\"").text(reason.name()).text("\"");
        }
        text(",\"end\":\"").text(end.text).text("\"}\n");
        ring.offer(line, at);
    }

    private void time(long nanos) {
        long millis = clock.millis() - nanos / 1_000_000;
        long seconds = Math.floorDiv(millis, 1_000);
        if (seconds != second) {
            second = seconds;
            secondText = Ascii.bytes("{\"time\":\"" + SECOND.format(Instant.ofEpochSecond(seconds)) + ".");
        }
        int fraction = (int) Math.floorMod(millis, 1_000L);
        put(secondText);
        line[at++] = (byte) ('0' + fraction / 100);
        line[at++] = (byte) ('0' + fraction / 10 % 10);
        line[at++] = (byte) ('0' + fraction % 10);
        text("Z\"");
    }

    private void labels(Exchange exchange) {
        text(",\"listener\":\"").text(exchange.listener().label());
        CompiledRoute route = exchange.dispatch().route();
        if (route != null) {
            text("\",\"route\":\"").text(route.label());
        }
        PoolTable pool = exchange.attempt().choice().pool();
        if (pool != null) {
            text("\",\"pool\":\"").text(pool.name());
        }
        TargetEntry target = exchange.attempt().choice().target();
        if (target != null) {
            text("\",\"target\":\"").text(target.ref().target());
        }
        int retries = exchange.attempt().choice().retries();
        text("\"");
        if (retries > 0) {
            number(",\"retries\":", retries);
        }
    }

    private void request(Exchange exchange) {
        Request request = exchange.request;
        RequestHead head = request.head;
        byte[] client = head.clientAddress();
        byte[] peer = exchange.client().wire().peerAddress();
        text(",\"client\":\"");
        address(client);
        if (!Arrays.equals(client, peer)) {
            text("\",\"proxy\":\"");
            address(peer);
        }
        if (head.methodEnd() > head.methodStart()) {
            text("\",\"method\":\"");
            escaped(head.bytes(), head.methodStart(), Math.min(head.methodEnd(), head.methodStart() + MAX_AGENT));
            text("\",\"host\":\"");
            escaped(head.bytes(), head.hostStart(), Math.min(head.hostEnd(), head.hostStart() + MAX_AGENT));
            text("\",\"path\":\"");
            escaped(head.bytes(), head.pathStart(), Math.min(head.pathEnd(), head.pathStart() + MAX_PATH));
            text("\",\"protocol\":\"").text(exchange.client().isHttp2Stream() ? "HTTP/2"
                    : request.minor == 0 ? "HTTP/1.0" : "HTTP/1.1");
        }
        text("\",\"requestId\":\"");
        at = exchange.writeId(line, at);
        text("\"");
    }

    /** The first of each name: a client may send as many as there is room for. */
    private void headers(RequestHead head) {
        boolean hasAgent = false;
        boolean hasTrace = false;
        for (int header = 0; header < head.headerCount(); header++) {
            int nameStart = head.nameStart(header);
            int length = head.nameEnd(header) - nameStart;
            boolean isAgent = !hasAgent && length == USER_AGENT.length
                    && Ascii.isWord(head.bytes(), nameStart, nameStart + length, USER_AGENT);
            boolean isTrace = !hasTrace && length == TRACEPARENT.length
                    && Ascii.isWord(head.bytes(), nameStart, nameStart + length, TRACEPARENT);
            hasAgent |= isAgent;
            hasTrace |= isTrace;
            if (isAgent || isTrace) {
                text(isAgent ? ",\"userAgent\":\"" : ",\"traceparent\":\"");
                int start = head.valueStart(header);
                escaped(head.bytes(), start, Math.min(head.valueEnd(header), start + MAX_AGENT));
                text("\"");
            }
        }
    }

    private void address(byte[] address) {
        if (address.length == 4) {
            for (int part = 0; part < 4; part++) {
                if (part > 0) {
                    line[at++] = '.';
                }
                decimal(address[part] & 0xff);
            }
            return;
        }
        for (int group = 0; group < address.length; group += 2) {
            if (group > 0) {
                line[at++] = ':';
            }
            int value = (address[group] & 0xff) << 8 | (address[group + 1] & 0xff);
            for (int shift = value > 0xfff ? 12 : value > 0xff ? 8 : value > 0xf ? 4 : 0; shift >= 0; shift -= 4) {
                line[at++] = HEX[value >> shift & 0xf];
            }
        }
    }

    private void number(String key, long value) {
        text(key);
        decimal(value);
    }

    /** Milliseconds with three decimals. */
    private void millis(String key, long nanos) {
        long micros = Math.max(0, nanos) / 1_000;
        number(key, micros / 1_000);
        int rest = (int) (micros % 1_000);
        line[at++] = '.';
        line[at++] = (byte) ('0' + rest / 100);
        line[at++] = (byte) ('0' + rest / 10 % 10);
        line[at++] = (byte) ('0' + rest % 10);
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
    private AccessLine text(String text) {
        // The one copy of Latin-1 characters that allocates nothing.
        text.getBytes(0, text.length(), line, at);
        at += text.length();
        return this;
    }

    private void put(byte[] bytes) {
        System.arraycopy(bytes, 0, line, at, bytes.length);
        at += bytes.length;
    }

    /** What came from a client: RFC 8259 §7, and nothing beyond ASCII, since it may be in any encoding. */
    private void escaped(byte[] bytes, int from, int to) {
        for (int position = from; position < to; position++) {
            byte octet = bytes[position];
            if (octet >= ' ' && octet != '"' && octet != '\\' && octet != 0x7f) {
                line[at++] = octet;
            } else {
                text("\\u00");
                line[at++] = HEX[octet >> 4 & 0xf];
                line[at++] = HEX[octet & 0xf];
            }
        }
    }
}
