package io.halite.proxy.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.halite.proxy.TestPlane;
import io.halite.proxy.accesslog.LogDestination;
import io.halite.proxy.accesslog.LogDestination.RotatedFile;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.ScriptedTarget;
import io.halite.proxy.testing.Wire;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What a loop's thread allocates for a request in steady state, with whatever the config can ask of it. */
@Isolated("it takes the newest loop of the process for its own")
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM = 6_000;
    private static final int COUNTED = 3_000;

    @TempDir
    private Path dir;

    private double bytesPerRequest(String rules, String request, LogDestination log) throws Exception {
        try (ScriptedTarget target = ScriptedTarget.ok("hello"); TestPlane plane = TestPlane.logging(Engine.EPOLL, 1, log)) {
            plane.apply("""
                    apiVersion: halite/v1
                    loadBalancers:
                      shop:
                        listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                    %s
                    pools: { app: { check: none, targets: [ "%s" ] } }
                    """.formatted(rules.indent(4), target.address()));
            try (Wire client = Wire.to(plane.port("shop/web"))) {
                for (int i = 0; i < WARM; i++) {
                    client.ask(request);
                }
                long before = allocated();
                for (int i = 0; i < COUNTED; i++) {
                    client.ask(request);
                }
                return (double) (allocated() - before) / COUNTED;
            }
        }
    }

    private static long allocated() {
        long newest = -1;
        for (ThreadInfo thread : THREADS.dumpAllThreads(false, false)) {
            newest = thread.getThreadName().equals("relay-0") ? Math.max(newest, thread.getThreadId()) : newest;
        }
        return THREADS.getThreadAllocatedBytes(newest);
    }

    /**
     * Trust, access lists, rewriting, edits, limits, a time as a whole and the log cost no allocation: what there is, is
     * that of the system calls, which only the optimizing compiler takes away.
     */
    @Test
    void whatTheConfigAsksForAllocatesNothing() throws Exception {
        double plain = bytesPerRequest("routes: [ { forward: app } ]", Wire.head("GET /a HTTP/1.1", "Host: a"),
                new LogDestination.None());
        double full = bytesPerRequest("""
                trustedProxies: 127.0.0.0/8
                access: { deny: 203.0.113.0/24 }
                timeouts: { total: 1m }
                limits: { connectionsPerSource: 100 }
                routes:
                  - match: { path: /a/* , source: 192.0.2.0/24 }
                    forward: app
                    access: { allow: 192.0.2.0/24 }
                    rewrite: { prefix: /b, host: inner }
                    requestHeaders: { set: { x-a: b }, remove: cookie }
                    responseHeaders: { add: { x-c: d } }
                """, Wire.head("GET /a/b HTTP/1.1", "Host: a", "X-Forwarded-For: 192.0.2.7", "Cookie: a=b",
                "User-Agent: x"), RotatedFile.at(dir.resolve("access.log")));
        assertTrue(plain < 1_000, plain + " bytes per request");
        assertTrue(full < plain + 30, full + " bytes per request instead of " + plain);
    }
}
