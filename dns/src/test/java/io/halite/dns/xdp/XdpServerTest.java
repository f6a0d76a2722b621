package io.halite.dns.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.halite.config.Ticker;
import io.halite.dns.serve.CookieSecrets;
import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.FastPathSettings;
import io.halite.dns.serve.Networks;
import io.halite.dns.serve.Serving;
import io.halite.dns.table.ZoneTable;
import io.halite.dns.transport.Native;
import io.halite.dns.transport.WorkerSettings;
import io.halite.dns.wire.NameHash;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a server says of interfaces that it cannot have; those it can have are cables between namespaces, elsewhere. */
class XdpServerTest {
    private static final WorkerSettings SETTINGS = settings();

    private static WorkerSettings settings() {
        Serving none = new Serving(ZoneTable.empty(new NameHash(1, 2)), CookieSecrets.random());
        FastPathSettings plain =
                new FastPathSettings(7, 0, 0, Networks.NONE, 100, Ticker.SYSTEM, InstantSource.system());
        return new WorkerSettings(InetAddress.getLoopbackAddress(), 53, 1,
                sharers -> new FastPath(plain, none.table(), none.secrets()), () -> none,
                (query, client, stream, sink) -> { });
    }

    private static Optional<String> problem(String... names) {
        try (XdpServer server = new XdpServer(List.of(names), SETTINGS)) {
            return server.problem();
        }
    }

    @Test
    void eachInterfaceThatCannotBeHadIsTold() {
        assumeTrue(Native.isSupported(), "skipped: needs 64-bit Linux");
        assertEquals(Optional.empty(), problem());
        assertEquals(Optional.of("DNS takes no frames from none-1: there is no such interface; none from lo: it is not an"
                + " Ethernet interface; queries there are answered over sockets, more slowly"),
                problem("none-1", "lo", "none-1"));
    }
}
