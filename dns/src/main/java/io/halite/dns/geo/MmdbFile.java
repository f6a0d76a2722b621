package io.halite.dns.geo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A database of networks in MaxMind's format, version 2.0: a binary tree over address bits, and a section of values
 * that its leaves point to. Read once and whole; what it says is taken over into ranges.
 */
final class MmdbFile {
    private static final byte[] MARKER = "\u00AB\u00CD\u00EFMaxMind.com".getBytes(StandardCharsets.ISO_8859_1);
    private static final int SEPARATOR = 16;
    private static final int IPV4_DEPTH = 32;
    private static final int IPV6_DEPTH = 64;
    private static final int IPV4_IN_IPV6 = 96;
    private static final int DEEPEST_VALUE = 64;
    /** A sound tree is entered at a few places more than once, because IPv4 has several forms in IPv6. */
    private static final long MAX_VISITS = 16;

    private final ByteBuffer bytes;
    private final int nodeCount;
    private final int recordSize;
    private final boolean ipv6;
    private final int dataStart;
    private long steps;

    /** Sees networks in ascending order. */
    @FunctionalInterface
    interface Visitor {
        /**
         * One network.
         *
         * @param first its first address, of IPv4 shifted to the top of 64 bits
         * @param value offset of its value; -1 where the database knows nothing
         */
        void network(long first, int value) throws IOException;
    }

    private MmdbFile(byte[] content) throws IOException {
        bytes = ByteBuffer.wrap(content);
        Map<?, ?> metadata = (Map<?, ?>) new Values(metadataStart(content)).read(0, 0);
        nodeCount = number(metadata, "node_count");
        recordSize = number(metadata, "record_size");
        ipv6 = number(metadata, "ip_version") == 6;
        dataStart = nodeCount * (recordSize / 4) + SEPARATOR;
        boolean isSound = nodeCount > 0 && (recordSize == 24 || recordSize == 28 || recordSize == 32)
                && dataStart > 0 && dataStart <= content.length;
        if (!isSound) {
            throw new IOException("its tree does not fit the file");
        }
    }

    /** Reads a file; says in its exception what is wrong with one that is not a database. */
    static MmdbFile read(Path file) throws IOException {
        try {
            return new MmdbFile(Files.readAllBytes(file));
        } catch (IndexOutOfBoundsException | ClassCastException | IllegalArgumentException e) {
            throw new IOException("it is damaged" + (e.getMessage() == null ? "" : ": " + e.getMessage()), e);
        }
    }

    private static int metadataStart(byte[] content) throws IOException {
        for (int at = content.length - MARKER.length; at >= 0; at--) {
            if (Arrays.equals(content, at, at + MARKER.length, MARKER, 0, MARKER.length)) {
                return at + MARKER.length;
            }
        }
        throw new IOException("it is not an MMDB file");
    }

    private static int number(Map<?, ?> metadata, String key) throws IOException {
        if (metadata.get(key) instanceof Long number && number >= 0 && number < Integer.MAX_VALUE / 8) {
            return number.intValue();
        }
        throw new IOException("its metadata has no " + key);
    }

    /** Walks all networks of a family; nothing where the database has none of it. */
    void networks(boolean family6, Visitor visitor) throws IOException {
        try {
            if (family6) {
                if (ipv6) {
                    steps = 0;
                    walk(0, 0, 0, IPV6_DEPTH, visitor);
                } else {
                    visitor.network(0, -1);
                }
                return;
            }
            int root = 0;
            steps = 0;
            for (int bit = 0; ipv6 && bit < IPV4_IN_IPV6 && root < nodeCount; bit++) {
                root = record(root, 0);
            }
            walk(root, 0, 0, IPV4_DEPTH, visitor);
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("its tree is damaged", e);
        }
    }

    private void walk(int record, int depth, long first, int deepest, Visitor visitor) throws IOException {
        if (++steps > MAX_VISITS * (nodeCount + 1L)) {
            throw new IOException("its tree has loops");
        }
        if (record >= nodeCount) {
            visitor.network(first, record == nodeCount ? -1 : record - nodeCount - SEPARATOR);
            return;
        }
        if (depth == deepest) {
            // IPv6 is told apart by 64 bits: what is finer counts as its first part.
            int leaf = record;
            for (int bit = depth; bit < 128 && leaf < nodeCount; bit++) {
                leaf = record(leaf, 0);
            }
            visitor.network(first, leaf <= nodeCount ? -1 : leaf - nodeCount - SEPARATOR);
            return;
        }
        walk(record(record, 0), depth + 1, first, deepest, visitor);
        walk(record(record, 1), depth + 1, first | (1L << (63 - depth)), deepest, visitor);
    }

    private int record(int node, int side) throws IOException {
        int at = node * (recordSize / 4);
        int value = switch (recordSize) {
            case 24 -> u24(at + 3 * side);
            case 28 -> {
                int middle = bytes.get(at + 3) & 0xFF;
                yield side == 0 ? (middle & 0xF0) << 20 | u24(at) : (middle & 0x0F) << 24 | u24(at + 4);
            }
            default -> bytes.getInt(at + 4 * side);
        };
        if (value < 0) {
            throw new IOException("its tree is damaged");
        }
        return value;
    }

    private int u24(int at) {
        return (bytes.get(at) & 0xFF) << 16 | (bytes.getShort(at + 1) & 0xFFFF);
    }

    /** The text at a path of map keys within a value; empty when there is none. */
    String text(int value, String... path) throws IOException {
        try {
            Object found = new Values(dataStart).read(value, 0);
            for (String key : path) {
                found = found instanceof Map<?, ?> map && map.containsKey(key) ? map.get(key) : "";
            }
            return found instanceof String text ? text : "";
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("its values are damaged", e);
        }
    }

    /** Reads values of a section; positions are relative to it. */
    private final class Values {
        private final int section;
        private int at;

        Values(int section) {
            this.section = section;
        }

        Object read(int position, int depth) throws IOException {
            at = section + position;
            return next(depth);
        }

        private Object next(int depth) throws IOException {
            if (depth > DEEPEST_VALUE) {
                throw new IOException("its values are nested too deep");
            }
            int control = bytes.get(at++) & 0xFF;
            int type = control >>> 5;
            if (type == 1) {
                return pointed(control, depth);
            }
            if (type == 0) {
                type = 7 + (bytes.get(at++) & 0xFF);
            }
            int size = size(control & 0x1F);
            return switch (type) {
                case 2 -> text(size);
                case 5, 6, 9 -> unsigned(size);
                case 7 -> map(size, depth);
                case 11 -> {
                    for (int i = 0; i < size; i++) {
                        next(depth + 1);
                    }
                    yield "";
                }
                case 14 -> size != 0;
                default -> {
                    at += size;
                    yield "";
                }
            };
        }

        private Object pointed(int control, int depth) throws IOException {
            int more = (control >>> 3) & 3;
            int target = switch (more) {
                case 0 -> (control & 7) << 8 | take(1);
                case 1 -> ((control & 7) << 16 | take(2)) + 2048;
                case 2 -> ((control & 7) << 24 | take(3)) + 526_336;
                default -> take(4);
            };
            int back = at;
            at = section + target;
            Object value = next(depth + 1);
            at = back;
            return value;
        }

        private int size(int size) {
            return switch (size) {
                case 29 -> 29 + take(1);
                case 30 -> 285 + take(2);
                case 31 -> 65_821 + take(3);
                default -> size;
            };
        }

        private int take(int count) {
            int value = 0;
            for (int i = 0; i < count; i++) {
                value = value << 8 | (bytes.get(at++) & 0xFF);
            }
            return value;
        }

        private String text(int size) {
            byte[] text = new byte[size];
            bytes.get(at, text);
            at += size;
            return new String(text, StandardCharsets.UTF_8);
        }

        private long unsigned(int size) {
            long value = 0;
            for (int i = 0; i < size; i++) {
                value = value << 8 | (bytes.get(at++) & 0xFF);
            }
            return value;
        }

        private Map<String, Object> map(int size, int depth) throws IOException {
            Map<String, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                String key = String.valueOf(next(depth + 1));
                map.put(key, next(depth + 1));
            }
            return map;
        }
    }
}
