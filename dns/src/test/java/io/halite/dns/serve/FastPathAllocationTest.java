package io.halite.dns.serve;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.halite.dns.testing.Bench;
import io.halite.dns.testing.FixedKeys;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A query costs no garbage, whatever its policy. */
class FastPathAllocationTest {
    private static final int WARM_UP = 60_000;
    private static final int QUERIES = 100_000;

    @Test
    void answersWithoutAllocating() {
        Bench bench = Bench.of(SampleZones.state(), SampleZones.nodes());
        List<byte[]> queries = List.of("shop", "pair", "sticky", "cdn", "www", "q.wild", "nothing", "big").stream()
                .map(name -> query(name + ".lb.example.net.")).toList();
        run(bench, queries, WARM_UP);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        run(bench, queries, QUERIES);
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / QUERIES;
        assertTrue(each == 0, "bytes for each query: " + each);
    }

    @Test
    void provesWithoutAllocating() {
        Bench bench = Bench.signed(SampleZones.state(true, true), SampleZones.nodes(), new FixedKeys(Instant.now()));
        List<byte[]> queries = List.of("shop", "cdn", "q.wild", "nothing", "a.b.nothing", "q.alias").stream()
                .map(name -> query(name + ".lb.example.net.", 0x8000)).toList();
        run(bench, queries, WARM_UP);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        run(bench, queries, QUERIES);
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / QUERIES;
        assertTrue(each == 0, "bytes for each query: " + each);
    }

    private static byte[] query(String name) {
        return query(name, 0);
    }

    private static byte[] query(String name, int flags) {
        Message query = Responders.query(name, Type.A);
        query.addRecord(new OPTRecord(1232, 0, 0, flags, List.of(new CookieOption(new byte[8]))), Section.ADDITIONAL);
        return query.toWire();
    }

    private static void run(Bench bench, List<byte[]> queries, int times) {
        MemorySegment message = bench.message();
        for (int i = 0; i < times; i++) {
            byte[] query = queries.get(i % queries.size());
            MemorySegment.copy(query, 0, message, ValueLayout.JAVA_BYTE, 0, query.length);
            bench.path().answer(message, 0, query.length, false);
        }
    }
}
