package io.halite.dns.slow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.dns.testing.LogLines;
import io.halite.dns.testing.ManualTicker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

class RefusalLogTest {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("2001:db8::7");

    private final ManualTicker ticker = new ManualTicker();
    private final RefusalLog refusals = new RefusalLog(ticker);

    private void tell(String reason, int times) {
        for (int i = 0; i < times; i++) {
            refusals.tell(Name.fromConstantString("told.example."), CLIENT, reason);
        }
    }

    /** Other tests speak of other zones. */
    @Test
    void strangersDoNotFillTheLog() {
        try (LogLines log = LogLines.of(RefusalLog.class)) {
            tell("first", 100);
            ticker.advance(Duration.ofSeconds(9));
            tell("too soon", 1);
            ticker.advance(Duration.ofSeconds(1));
            tell("again", 5);
            assertEquals(List.of(
                    "INFO dns request refused zone=told.example. client=2001:db8::7 reason=\"first\" untoldBefore=0",
                    "INFO dns request refused zone=told.example. client=2001:db8::7 reason=\"again\" untoldBefore=100"),
                    log.lines().stream().filter(line -> line.contains("told.example.")).toList());
        }
    }
}
