package io.halite.appliance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.proxy.accesslog.LogDestination;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A node says at its start when DNS would send clients to an address where its listeners do not listen. */
class UnheardAddressTest {
    private static final Logger LOGGER = Logger.getLogger(ClusterNodes.class.getName());
    private static final NodeSettings.Ports PORTS = new NodeSettings.Ports(0, 0, 0);

    /** What this thread logs, since tests beside this one start nodes too. */
    private static final class Own extends Handler {
        private final Thread thread = Thread.currentThread();
        private final List<String> lines = new ArrayList<>();

        @Override
        public void publish(LogRecord entry) {
            if (Thread.currentThread() == thread) {
                lines.add(entry.getLevel() + " " + entry.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private static List<String> logged(String bind, String advertise, String... more) {
        NodeSettings.Place place = new NodeSettings.Place("", 100, Stream.of(more).map(InetAddress::ofLiteral).toList(),
                NodeSettings.Responder.DEFAULT);
        NodeSettings settings = new NodeSettings(Path.of("unused"), "lb-1", InetAddress.ofLiteral(bind),
                InetAddress.ofLiteral(advertise), PORTS, place, new LogDestination.None(), null, null, false, false,
                NodeSettings.Engines.BEST);
        Own own = new Own();
        LOGGER.addHandler(own);
        new ClusterNodes(settings, new ServingState(PORTS, false)).close();
        LOGGER.removeHandler(own);
        return own.lines;
    }

    @Test
    void anIpv6AddressOfANodeThatListensByIpv4IsToldOnce() {
        assertEquals(List.of("WARNING dns answers name addresses that listeners written with a wildcard do not take "
                + "addresses=[2001:db8::1] bind=0.0.0.0 instead=::"),
                logged("0.0.0.0", "192.0.2.1", "192.0.2.2", "2001:db8::1"));
    }

    @Test
    void nothingIsSaidOfAddressesThatAreHeard() {
        assertEquals(List.of(), logged("::", "192.0.2.1", "2001:db8::1"));
        assertEquals(List.of(), logged("0.0.0.0", "192.0.2.1", "192.0.2.2"));
        assertEquals(List.of(), logged("2001:db8::1", "2001:db8::1"));
    }

    @Test
    void anIpv4AddressOfANodeThatListensByOneIpv6AddressIsTold() {
        assertEquals(1, logged("2001:db8::1", "2001:db8::1", "192.0.2.1").size());
    }
}
