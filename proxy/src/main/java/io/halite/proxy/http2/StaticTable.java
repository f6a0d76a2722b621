package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Field;

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
    private static final Field[] TABLE = new Field[FIELDS.length];
    /** By a hash of the name, in places that follow one another: the first field of it. */
    private static final int[] BY_NAME = new int[256];

    static {
        for (int at = 0; at < FIELDS.length; at++) {
            String name = FIELDS[at].substring(0, FIELDS[at].indexOf('|'));
            TABLE[at] = new Field(FieldNames.bytes(name), FieldNames.bytes(FIELDS[at].substring(name.length() + 1)));
            byte[] octets = TABLE[at].name();
            if (byName(octets, 0, octets.length) == 0) {
                int place = hash(octets, 0, octets.length);
                while (BY_NAME[place] != 0) {
                    place = place + 1 & 0xFF;
                }
                BY_NAME[place] = at + 1;
            }
        }
    }

    private StaticTable() {}

    static int size() {
        return TABLE.length;
    }

    static Field field(int number) {
        return TABLE[number - 1];
    }

    /** The first field of this name, in upper or lower case; 0 when there is none. */
    static int byName(byte[] text, int start, int end) {
        int place = hash(text, start, end);
        while (BY_NAME[place] != 0 && !FieldNames.is(TABLE[BY_NAME[place] - 1].name(), text, start, end)) {
            place = place + 1 & 0xFF;
        }
        return BY_NAME[place];
    }

    private static int hash(byte[] text, int start, int end) {
        int hash = end - start;
        for (int at = start; at < end; at++) {
            hash = 31 * hash + FieldNames.lower(text[at]);
        }
        return (hash ^ hash >> 8) & 0xFF;
    }
}
