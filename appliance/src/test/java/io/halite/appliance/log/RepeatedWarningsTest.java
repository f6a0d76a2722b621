package io.halite.appliance.log;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** A peer that is down is one warning of Raft's, not one for each attempt; another peer is another one. */
class RepeatedWarningsTest {
    private final RepeatedWarnings filter = new RepeatedWarnings("com.alipay.sofa");
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    private boolean passes(String logger, Level level, String message) {
        LogRecord record = new LogRecord(level, message);
        record.setLoggerName(logger);
        record.setInstant(now);
        return filter.isLoggable(record);
    }

    private boolean warns(String message) {
        return passes("com.alipay.sofa.jraft.core.Replicator", Level.WARNING, message);
    }

    @Test
    void numbersMakeNoDifferenceAndNodesDo() {
        assertTrue(warns("Fail to issue RPC to n-1ca864c43037:7100, consecutiveErrorTimes=1, 10.0.0.5:7100 refused"));
        assertFalse(warns("Fail to issue RPC to n-1ca864c43037:7100, consecutiveErrorTimes=11, 10.0.0.5:7100 refused"));
        assertTrue(warns("Fail to issue RPC to n-43387d21691d:7100, consecutiveErrorTimes=11, 10.0.0.6:7100 refused"));
        now = now.plus(Duration.ofMinutes(11));
        assertTrue(warns("Fail to issue RPC to n-1ca864c43037:7100, consecutiveErrorTimes=999, 10.0.0.5:7100 refused"));
    }

    @Test
    void errorsAndEverybodyElsePass() {
        for (int i = 0; i < 2; i++) {
            assertTrue(passes("com.alipay.sofa.jraft.core.NodeImpl", Level.SEVERE, "a disk is full"));
            assertTrue(passes("io.halite.config.raft.RaftNode", Level.WARNING, "something of our own"));
        }
    }

    @Test
    void itRemembersABoundedNumber() {
        for (int i = 0; i < 2_000; i++) {
            assertTrue(warns("peer n-" + i + "x is down"));
        }
        assertTrue(warns("peer n-0x is down"), "the oldest was forgotten");
    }
}
