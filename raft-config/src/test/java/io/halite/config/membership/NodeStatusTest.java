package io.halite.config.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.config.HostPort;
import io.halite.config.TargetRef;
import io.halite.config.membership.NodeStatus.Failure;
import io.halite.config.membership.NodeStatus.Sessions;
import io.halite.config.membership.NodeStatus.UnderWay;
import io.halite.config.wire.RecordReader;
import io.halite.config.wire.RecordWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What nodes of several versions tell each other of themselves. */
class NodeStatusTest {
    private static final NodeStatus STATUS = new NodeStatus("n1", "lb-1", List.of(new HostPort("10.0.0.1", 7100)),
            "10.0.0.1", "1.0", 3, 40, 7, 2, 1 << 24, true,
            Optional.of(new UnderWay(List.of(new Sessions(new TargetRef("app", "one"), 3)), 1)),
            List.of(new Failure("listener/web", "PORT_TAKEN", "taken")), List.of("slow"), "eu", 0,
            List.of("2001:db8::1", "203.0.113.1"));

    @Test
    void allOfItArrives() {
        assertEquals(STATUS, NodeStatus.decode("n1", STATUS.encode()));
    }

    @Test
    void whoSaysNothingOfSiteWeightAndMoreAddressesHasNone() {
        NodeStatus old = NodeStatus.decode("n1", new RecordWriter().text(1, "lb-1").text(2, "10.0.0.1").toBytes());
        assertEquals(List.of("", NodeStatus.DEFAULT_WEIGHT, List.of(), Optional.empty()),
                List.of(old.site(), old.weight(), old.dnsAddresses(), old.underWay()));
    }

    /** A field that a node does not know is passed over, and a node without more addresses sends what it always sent. */
    @Test
    void anOlderNodeReadsTheRest() {
        byte[] newer = new RecordWriter().text(1, "lb-1").text(2, "10.0.0.1").record(99, new RecordWriter().text(1, "news"))
                .text(13, "eu").toBytes();
        assertEquals("eu", NodeStatus.decode("n1", newer).site());
        assertEquals(2, RecordReader.of(STATUS.encode()).records(17).size());
    }
}
