package io.halite.dns.geo;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes small country databases of IPv4 (below ::/96) and IPv6. Later networks go over earlier ones. */
final class MmdbBuilder {
    private static final int EMPTY = Integer.MIN_VALUE;

    private final int recordSize;
    private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {EMPTY, EMPTY}));
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    MmdbBuilder(int recordSize) {
        this.recordSize = recordSize;
    }

    MmdbBuilder add(String network, int prefix, String country, String continent) {
        InetAddress address = InetAddress.ofLiteral(network);
        BigInteger bits = new BigInteger(1, address.getAddress());
        int depth = address.getAddress().length == 4 ? prefix + 96 : prefix;
        int value = data.size();
        map(data, 2);
        text(data, "country");
        map(data, 1);
        text(data, "iso_code");
        text(data, country);
        text(data, "continent");
        map(data, 1);
        text(data, "code");
        text(data, continent);
        int node = 0;
        for (int i = 0; i < depth - 1; i++) {
            int side = bits.testBit(127 - i) ? 1 : 0;
            int next = nodes.get(node)[side];
            if (next < 0) {
                nodes.add(new int[] {next, next});
                nodes.get(node)[side] = nodes.size() - 1;
            }
            node = nodes.get(node)[side];
        }
        nodes.get(node)[bits.testBit(128 - depth) ? 1 : 0] = -1 - value;
        return this;
    }

    byte[] build() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int[] node : nodes) {
            long left = record(node[0]);
            long right = record(node[1]);
            switch (recordSize) {
                case 28 -> {
                    number(out, left & 0xFFFFFF, 3);
                    out.write((int) ((left >>> 24) << 4 | right >>> 24));
                    number(out, right & 0xFFFFFF, 3);
                }
                default -> {
                    number(out, left, recordSize / 8);
                    number(out, right, recordSize / 8);
                }
            }
        }
        out.writeBytes(new byte[16]);
        out.writeBytes(data.toByteArray());
        out.writeBytes("\u00AB\u00CD\u00EFMaxMind.com".getBytes(StandardCharsets.ISO_8859_1));
        map(out, 6);
        metadata(out, "node_count", nodes.size());
        metadata(out, "record_size", recordSize);
        metadata(out, "ip_version", 6);
        metadata(out, "binary_format_major_version", 2);
        metadata(out, "binary_format_minor_version", 0);
        text(out, "database_type");
        text(out, "Test");
        return out.toByteArray();
    }

    private long record(int child) {
        if (child == EMPTY) {
            return nodes.size();
        }
        return child >= 0 ? child : nodes.size() + 16L + (-1 - child);
    }

    private static void metadata(ByteArrayOutputStream out, String key, int value) {
        text(out, key);
        out.write(6 << 5 | 4);
        number(out, value, 4);
    }

    private static void map(ByteArrayOutputStream out, int size) {
        out.write(7 << 5 | size);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(2 << 5 | bytes.length);
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, long value, int bytes) {
        for (int i = bytes - 1; i >= 0; i--) {
            out.write((int) (value >>> (8 * i)));
        }
    }
}
