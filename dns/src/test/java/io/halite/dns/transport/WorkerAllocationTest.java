package io.halite.dns.transport;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.halite.dns.DnsResponder;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.testing.BenchServer;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.xbill.DNS.Type;

/** A worker makes no garbage from the socket to the answer, however its code is compiled. */
@Isolated("it counts what all DNS workers of the process allocate")
class WorkerAllocationTest {
    private static final int QUERIES = 5_000;

    @Test
    void aQueryCostsNoGarbage() throws IOException {
        assumeTrue(NativeDatagrams.isSupported(), "needs Linux");
        try (DnsResponder responder = Responders.start(Responders.settings(Engine.NATIVE, 1), SampleZones.state(),
                        SampleZones.nodes(), new FakeHealth());
                DatagramSocket client = new DatagramSocket()) {
            client.setSoTimeout(120_000);
            client.connect(InetAddress.getLoopbackAddress(), responder.address().orElseThrow().getPort());
            // What is done for the first time allocates, even late: a receive that times out as the client stalls.
            await().until(() -> allocatedFor(client) < QUERIES);
        }
    }

    private static long allocatedFor(DatagramSocket client) throws IOException {
        long before = BenchServer.allocatedByWorkers();
        ask(client);
        return BenchServer.allocatedByWorkers() - before;
    }

    private static void ask(DatagramSocket client) throws IOException {
        List<byte[]> queries = List.of("shop", "pair", "sticky", "cdn", "www", "q.wild", "nothing").stream()
                .map(name -> Responders.ednsQuery(name + ".lb.example.net.", Type.A).toWire()).toList();
        DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
        for (int i = 0; i < QUERIES; i++) {
            byte[] query = queries.get(i % queries.size());
            client.send(new DatagramPacket(query, query.length));
            client.receive(answer);
            assertEquals(query[0], answer.getData()[0], "the id that was asked with");
        }
    }
}
