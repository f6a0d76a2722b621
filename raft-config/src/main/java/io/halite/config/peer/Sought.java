package io.halite.config.peer;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.StandardConstants;

/**
 * Which node of which cluster a dial is meant for. It is the server name of the handshake (RFC 6066, section 3), so it is
 * known before either side believes the other: a node whose data were lost, and that has founded a cluster of its own, hears
 * by it that others still look for what it was. Anybody can say so; nothing follows but words to people.
 */
public record Sought(String clusterId, String nodeId) {
    private static final Pattern NAME = Pattern.compile("([a-z0-9-]{1,63})\\.([a-z0-9-]{1,63})\\.halite");

    SNIHostName serverName() {
        return new SNIHostName(nodeId + "." + clusterId + ".halite");
    }

    static Optional<Sought> of(SNIServerName name) {
        Matcher parts = NAME.matcher(new String(name.getEncoded(), StandardCharsets.US_ASCII));
        return parts.matches() ? Optional.of(new Sought(parts.group(2), parts.group(1))) : Optional.empty();
    }

    /** Hears which node is meant, and lets everybody go on: certificates decide who may come in. */
    static SNIMatcher listener(Consumer<Sought> listener) {
        return new SNIMatcher(StandardConstants.SNI_HOST_NAME) {
            @Override
            public boolean matches(SNIServerName name) {
                of(name).ifPresent(listener);
                return true;
            }
        };
    }
}
