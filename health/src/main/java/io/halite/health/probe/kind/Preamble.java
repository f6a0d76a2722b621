package io.halite.health.probe.kind;

import io.halite.config.Upstream.ProxyVersion;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a probe's connection begins with, because its pool's connections do: nothing, or a PROXY header that says that the
 * sender speaks for itself. Immutable.
 *
 * @see <a href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">The PROXY protocol, §2.1 and §2.2</a>
 */
final class Preamble {
    static final Preamble NONE = new Preamble(new byte[0]);
    private static final Preamble VERSION_1 = new Preamble("PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII));
    /** The signature, version 2 with the command LOCAL, no family, no addresses. */
    private static final Preamble VERSION_2 = new Preamble(new byte[] {
        '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n', 0x20, 0, 0, 0});

    private final byte[] bytes;

    private Preamble(byte[] bytes) {
        this.bytes = bytes;
    }

    static Preamble of(@Nullable ProxyVersion version) {
        return switch (version) {
            case null -> NONE;
            case V1 -> VERSION_1;
            case V2 -> VERSION_2;
        };
    }

    /** This and then these bytes. */
    byte[] before(byte[] rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + rest.length);
        out.writeBytes(bytes);
        out.writeBytes(rest);
        return out.toByteArray();
    }

    /** This alone. */
    byte[] bytes() {
        return bytes.clone();
    }
}
