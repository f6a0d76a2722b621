package io.halite.proxy.http2;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads header blocks, RFC 7541. It keeps the table that the peer builds, within the size that we granted. A list that is
 * longer than its bound is still read to its end, since the table depends on it, but what is beyond is dropped. Confined to
 * one connection.
 */
final class HpackDecoder {
    static final int TABLE_SIZE = 4 * 1024;
    /** What a field costs beside its octets, RFC 7541 §4.1. */
    static final int OVERHEAD = 32;
    private static final int MAX_NUMBER = 1 << 24;
    private static final int MAX_ENTRIES = TABLE_SIZE / OVERHEAD;
    private static final byte[] NO_BYTES = new byte[0];

    /** A field as it was sent. One that stands in a table is the same each time. */
    static final class Field {
        private final byte[] name;
        private final byte[] value;
        /** The name, once it was found to be such as may stand in text, and the value with it. */
        private @Nullable String text;

        Field(byte[] name, byte[] value) {
            this.name = name;
            this.value = value;
        }

        /** The name, once it and the value are such as may stand in text: RFC 9113 §8.2.1. */
        String text() throws Http2Problem {
            String known = text;
            if (known == null) {
                check();
                known = new String(name, StandardCharsets.ISO_8859_1);
                text = known;
            }
            return known;
        }

        private void check() throws Http2Problem {
            for (int at = 0; at < name.length; at++) {
                int octet = name[at];
                boolean token = (octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9')
                        || "!#$%&'*+-.^_`|~".indexOf(octet) >= 0;
                if (!token && !(at == 0 && octet == ':' && name.length > 1)) {
                    throw FieldLines.malformed("a character that a field's name must not have");
                }
            }
            for (byte octet : value) {
                if ((octet >= 0 && octet < ' ' && octet != '\t') || octet == 0x7F) {
                    throw FieldLines.malformed("a character that a field's value must not have");
                }
            }
            boolean padded = value.length > 0 && (isSpace(value[0]) || isSpace(value[value.length - 1]));
            if (name.length == 0 || padded) {
                throw FieldLines.malformed("a field without a name, or a value between spaces");
            }
        }

        private static boolean isSpace(byte octet) {
            return octet == ' ' || octet == '\t';
        }

        byte[] name() {
            return name;
        }

        byte[] value() {
            return value;
        }

        int size() {
            return name.length + value.length + OVERHEAD;
        }
    }

    /** The fields of a block, and whether there were more than may be. Valid until the next block. */
    static final class Fields {
        private final List<Field> list = new ArrayList<>();
        private boolean tooLarge;

        List<Field> list() {
            return list;
        }

        boolean tooLarge() {
            return tooLarge;
        }
    }

    /** A ring, the latest first: a block may refer to the table with every byte. */
    private final @Nullable Field[] table = new Field[MAX_ENTRIES];
    private int latest;
    private int entries;
    private int tableSize;
    private int maxTableSize = TABLE_SIZE;
    private final Fields fields = new Fields();
    private byte[] bytes = NO_BYTES;
    private int at;
    private int end;

    /** Reads a whole block. */
    Fields decode(byte[] block, int from, int to, int maxSize, int maxCount) throws Http2Problem {
        bytes = block;
        at = from;
        end = to;
        fields.list.clear();
        fields.tooLarge = false;
        int size = 0;
        boolean started = false;
        while (at < end) {
            int first = bytes[at] & 0xFF;
            if (first >> 5 == 1) {
                resize(started);
                continue;
            }
            started = true;
            Field field = field(first);
            size += field.size();
            if (size > maxSize || fields.list.size() >= maxCount) {
                fields.tooLarge = true;
            } else {
                fields.list.add(field);
            }
        }
        bytes = NO_BYTES;
        return fields;
    }

    private void resize(boolean started) throws Http2Problem {
        int wanted = number(5);
        if (started || wanted > TABLE_SIZE) {
            throw bad("the table's size changes where or as it may not");
        }
        maxTableSize = wanted;
        evict(0);
    }

    private Field field(int first) throws Http2Problem {
        if (first >= 0x80) {
            return indexed(number(7));
        }
        boolean kept = first >= 0x40;
        int index = number(kept ? 6 : 4);
        byte[] name = index == 0 ? string() : indexed(index).name();
        Field field = new Field(name, string());
        if (kept) {
            evict(field.size());
            if (field.size() <= maxTableSize) {
                latest = (latest + MAX_ENTRIES - 1) % MAX_ENTRIES;
                table[latest] = field;
                entries++;
                tableSize += field.size();
            }
        }
        return field;
    }

    private void evict(int needed) {
        while (entries > 0 && tableSize + needed > maxTableSize) {
            entries--;
            tableSize -= entry(entries).size();
            table[(latest + entries) % MAX_ENTRIES] = null;
        }
    }

    private Field indexed(int index) throws Http2Problem {
        if (index == 0) {
            throw bad("no field has the number zero");
        }
        if (index <= StaticTable.size()) {
            return StaticTable.field(index);
        }
        int place = index - StaticTable.size() - 1;
        if (place >= entries) {
            throw bad("no such field in the table");
        }
        return entry(place);
    }

    private Field entry(int place) {
        Field field = table[(latest + place) % MAX_ENTRIES];
        if (field == null) {
            throw new IllegalStateException("a table shorter than its size");
        }
        return field;
    }

    private byte[] string() throws Http2Problem {
        if (at == end) {
            throw bad("the block ends within a field");
        }
        boolean encoded = (bytes[at] & 0x80) != 0;
        int length = number(7);
        if (length > end - at) {
            throw bad("the block ends within a string");
        }
        int start = at;
        at += length;
        return encoded ? Huffman.decode(bytes, start, at) : Arrays.copyOfRange(bytes, start, at);
    }

    /** RFC 7541 §5.1: a number that begins in the low bits of an octet. */
    private int number(int bits) throws Http2Problem {
        int mask = (1 << bits) - 1;
        int value = bytes[at++] & mask;
        if (value < mask) {
            return value;
        }
        for (int shift = 0; at < end && value < MAX_NUMBER; shift += 7) {
            int octet = bytes[at++] & 0xFF;
            value += (octet & 0x7F) << Math.min(shift, 24);
            if (octet < 0x80) {
                return value;
            }
            if (shift > 21) {
                break;
            }
        }
        throw bad("a number that is too large or not whole");
    }

    private static Http2Problem bad(String what) {
        return new Http2Problem(Http2Problem.COMPRESSION_ERROR, what);
    }
}
