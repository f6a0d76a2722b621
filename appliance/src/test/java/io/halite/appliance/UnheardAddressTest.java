package io.halite.appliance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.proxy.accesslog.LogDestination;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node says at its start when DNS would send clients to an address where its listeners do not listen. */
class UnheardAddressTest {
    private static final Logger LOGGER = Logger.getLogger(ClusterNodes.class.getName());

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler hearing = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            lines.add(entry.getLevel() + " " + entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void hear() {
        LOGGER.addHandler(hearing);
    }

    @AfterEach
    void hearNoMore() {
        LOGGER.removeHandler(hearing);
    }

    /** What a node logs that is started so; no test beside this one starts one that has something to say. */
    private List<String> logged(String bind, String advertise, String... more) {
        NodeSettings.Place place = new NodeSettings.Place("", 100, Stream.of(more).map(InetAddress::ofLiteral).toList(),
                NodeSettings.Limit.DEFAULT);
        NodeSettings.Ports ports = new NodeSettings.Ports(0, 0, 0);
        lines.clear();
        new ClusterNodes(new NodeSettings(Path.of("unused"), "lb-1", InetAddress.ofLiteral(bind),
                InetAddress.ofLiteral(advertise), ports, place, new LogDestination.None(), null, null, false, false,
                NodeSettings.Engines.BEST), new ServingState(ports, false)).close();
        return List.copyOf(lines);
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
