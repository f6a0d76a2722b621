package io.halite.dns.slow;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.dns.serve.CookieSecrets;
import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.FastPathSettings;
import io.halite.dns.serve.Networks;
import io.halite.dns.serve.RefusalLimit;
import io.halite.dns.serve.Serving;
import io.halite.dns.table.ZoneTable;
import io.halite.dns.testing.ManualTicker;
import io.halite.dns.testing.Responders;
import io.halite.dns.wire.NameHash;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

class TransferPathTest {
    private static final int RATE = 20;
    private static final InetAddress CLIENT = InetAddress.ofLiteral("198.51.100.7");

    private final ManualTicker ticker = new ManualTicker();
    private final AtomicInteger sent = new AtomicInteger();

    private TransferPath over(Supplier<Collection<TransferZone>> zones) {
        FastPathSettings settings =
                new FastPathSettings(1, RATE, 2, Networks.NONE, 100, ticker, InstantSource.system());
        Serving serving = new Serving(ZoneTable.empty(new NameHash(1, 2)), CookieSecrets.random());
        return new TransferPath(zones, () -> serving,
                new FastPath(settings, serving.table(), serving.secrets()), new RefusalLimit(settings),
                ticker);
    }

    private static byte[] signedByNobody() {
        Message query = Responders.query("lb.example.net.", Type.SOA);
        query.setTSIG(new TSIG(TSIG.HMAC_SHA256, "unknown.", "c2VjcmV0"));
        return query.toWire(Message.MAXLENGTH);
    }

    private int answered(TransferPath path, InetAddress client, boolean stream, int times) throws Exception {
        sent.set(0);
        for (int i = 0; i < times; i++) {
            path.answer(signedByNobody(), client, stream, message -> sent.incrementAndGet());
        }
        return sent.get();
    }

    @Test
    void refusalsOverUdpHaveARateForEachNetwork() throws Exception {
        TransferPath path = over(List::of);
        assertEquals(RATE + 1, answered(path, CLIENT, false, 100));
        assertEquals(0, answered(path, InetAddress.ofLiteral("198.51.100.8"), false, 100), "the same network");
        assertEquals(100, answered(path, CLIENT, true, 100), "an address that asks over TCP is not forged");
        assertEquals(100, answered(path, InetAddress.getLoopbackAddress(), false, 100));
        ticker.advance(Duration.ofSeconds(1));
        assertEquals(RATE, answered(path, CLIENT, false, 100));
    }

    @Test
    void aFaultOfOursEndsNoWorker() {
        TransferPath path = over(() -> {
            throw new IllegalStateException("a bug");
        });
        assertDoesNotThrow(() -> answered(path, CLIENT, true, 3));
        assertEquals(0, sent.get());
    }
}
