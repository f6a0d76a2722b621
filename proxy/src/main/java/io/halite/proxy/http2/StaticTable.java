package io.halite.proxy.http2;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The fields that both sides know from the start, RFC 7541, appendix A. Numbered from 1. */
final class StaticTable {
    private static final String[] FIELDS = """
            :authority|
            :method|GET
            :method|POST
            :path|/
            :path|/index.html
            :scheme|http
            :scheme|https
            :status|200
            :status|204
            :status|206
            :status|304
            :status|400
            :status|404
            :status|500
            accept-charset|
            accept-encoding|gzip, deflate
            accept-language|
            accept-ranges|
            accept|
            access-control-allow-origin|
            age|
            allow|
            authorization|
            cache-control|
            content-disposition|
            content-encoding|
            content-language|
            content-length|
            content-location|
            content-range|
            content-type|
            cookie|
            date|
            etag|
            expect|
            expires|
            from|
            host|
            if-match|
            if-modified-since|
            if-none-match|
            if-range|
            if-unmodified-since|
            last-modified|
            link|
            location|
            max-forwards|
            proxy-authenticate|
            proxy-authorization|
            range|
            referer|
            refresh|
            retry-after|
            server|
            set-cookie|
            strict-transport-security|
            transfer-encoding|
            user-agent|
            vary|
            via|
            www-authenticate|
            """.split("\n");
    private static final byte[][] NAMES = new byte[FIELDS.length][];
    private static final byte[][] VALUES = new byte[FIELDS.length][];
    private static final Map<String, Integer> BY_NAME = new HashMap<>();

    static {
        for (int at = 0; at < FIELDS.length; at++) {
            String name = FIELDS[at].substring(0, FIELDS[at].indexOf('|'));
            NAMES[at] = name.getBytes(StandardCharsets.US_ASCII);
            VALUES[at] = FIELDS[at].substring(name.length() + 1).getBytes(StandardCharsets.US_ASCII);
            BY_NAME.putIfAbsent(name, at + 1);
        }
    }

    private StaticTable() {}

    static int size() {
        return NAMES.length;
    }

    static byte[] name(int number) {
        return NAMES[number - 1];
    }

    static byte[] value(int number) {
        return VALUES[number - 1];
    }

    /** The first field of this name; 0 when there is none. */
    static int byName(String name) {
        return BY_NAME.getOrDefault(name, 0);
    }
}
