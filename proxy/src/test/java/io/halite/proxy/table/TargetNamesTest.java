package io.halite.proxy.table;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.halite.config.Ticker;
import io.halite.proxy.balance.TargetEntry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TargetNamesTest {
    private final Map<String, List<String>> zone = new ConcurrentHashMap<>();
    private final AtomicInteger lookups = new AtomicInteger();
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final TargetNames names = new TargetNames(this::lookup, Ticker.SYSTEM, Duration.ofMillis(20));
    private final TestConfig config = new TestConfig();

    @AfterEach
    void close() {
        stuck.countDown();
        names.close();
    }

    @Test
    void anAddressNeedsNoLookUp() {
        ForwardingTable table = config.pool("p", "127.0.0.1:80", "[::1]:81".replace("[", "").replace("]", "")).table();
        names.watch(table);

        assertEquals(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 80), target(table, 0).socketAddress());
        assertEquals(new InetSocketAddress(InetAddress.ofLiteral("::1"), 81), target(table, 1).socketAddress());
        assertEquals(0, lookups.get());
    }

    @Test
    void aNameIsLookedUpAndFollowedAndItsLastGoodAddressKept() {
        zone.put("backend.test", List.of("10.0.0.1", "10.0.0.2"));
        ForwardingTable table = config.pool("p", "backend.test:80").table();
        assertNull(target(table, 0).socketAddress());
        names.watch(table);
        awaitAddress(target(table, 0), "10.0.0.1");

        zone.put("backend.test", List.of("10.0.0.3", "10.0.0.1"));
        awaitLookups(3);
        awaitAddress(target(table, 0), "10.0.0.1");

        zone.put("backend.test", List.of("10.0.0.3"));
        awaitAddress(target(table, 0), "10.0.0.3");

        zone.remove("backend.test");
        awaitLookups(2);
        awaitAddress(target(table, 0), "10.0.0.3");
    }

    @Test
    void aNewTargetOfAKnownNameHasItsAddressAtOnce() {
        zone.put("backend.test", List.of("10.0.0.1"));
        names.watch(config.pool("p", "backend.test:80").table());
        ForwardingTable table = config.table();
        awaitAddress(target(table, 0), "10.0.0.1");

        ForwardingTable next = config.pool("p", "backend.test:81").table();
        names.watch(next);

        assertEquals(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 81), target(next, 0).socketAddress());
    }

    @Test
    void aNameThatHangsDoesNotHoldUpTheOthers() {
        zone.put("stuck.test", List.of("10.0.0.1"));
        zone.put("good.test", List.of("10.0.0.2"));
        ForwardingTable table = config.pool("p", "stuck.test:80", "good.test:80").table();
        names.watch(table);

        awaitAddress(target(table, 1), "10.0.0.2");
        assertNull(target(table, 0).socketAddress());
    }

    private InetAddress[] lookup(String name) throws UnknownHostException {
        lookups.incrementAndGet();
        try {
            if (name.startsWith("stuck")) {
                stuck.await();
            }
        } catch (InterruptedException e) {
            throw new UnknownHostException(name);
        }
        List<String> addresses = zone.get(name);
        if (addresses == null) {
            throw new UnknownHostException(name);
        }
        return addresses.stream().map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
    }

    private void awaitLookups(int more) {
        int wanted = lookups.get() + more;
        await().until(() -> lookups.get() >= wanted);
    }

    private static void awaitAddress(TargetEntry target, String address) {
        await().until(() -> {
            InetSocketAddress known = target.socketAddress();
            return known != null && known.getAddress().equals(InetAddress.ofLiteral(address));
        });
    }

    private static TargetEntry target(ForwardingTable table, int position) {
        return table.pools().values().iterator().next().members().get(position).entry();
    }
}
