package io.halite.config.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.HostPort;
import io.halite.config.Ticker;
import io.halite.config.membership.Outcome.Cause;
import io.halite.config.membership.Outcome.Done;
import io.halite.config.membership.Outcome.Refused;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A removal is asked for until it is done, whatever the leadership does meanwhile. */
class RemovalRequestTest {
    private static final MemberRecord MEMBER = new MemberRecord("n-0123456789ab", "lb-1",
            List.of(new HostPort("127.0.0.1", 7100)), "127.0.0.1", "", false, "test", 1, Instant.EPOCH);
    private static final Done DONE = new Done("{\"removed\":\"lb-1\"}");

    private final Queue<Outcome> answers = new ArrayDeque<>();

    @Test
    void aLeaderThatHandsOverFirstIsWaitedForThroughTheElection() {
        answers.addAll(List.of(refused("NOT_REMOVED"), refused("NOT_LEADER"), refused("NO_LEADER"),
                refused("CHANGED_MEANWHILE"), DONE));
        assertEquals(DONE, send(false));
        assertTrue(answers.isEmpty());
    }

    @Test
    void anAnswerThatWasLostIsNoFailureWhenTheMemberIsGone() {
        answers.addAll(List.of(refused("LEADER_UNREACHABLE"), refused("NODE_NOT_FOUND")));
        assertInstanceOf(Done.class, send(false));
        answers.addAll(List.of(refused("LEADER_UNREACHABLE")));
        assertInstanceOf(Done.class, send(true));
    }

    @Test
    void whatNoWaitingMendsIsSaidAtOnce() {
        for (String code : List.of("NO_LEADER", "NODE_NOT_FOUND", "LAST_NODE")) {
            answers.add(refused(code));
            assertEquals(code, assertInstanceOf(Refused.class, send(false)).code());
            assertTrue(answers.isEmpty());
        }
    }

    @Test
    void itGivesUpAfterAWhile() {
        for (int i = 0; i < 40; i++) {
            answers.add(refused("NOT_REMOVED"));
        }
        AtomicLong minutes = new AtomicLong();
        Outcome outcome = new RemovalRequest(request -> answers.remove(), id -> false,
                () -> minutes.incrementAndGet() * 10_000_000_000L).send(MEMBER, "tester", "test");
        assertEquals("NOT_REMOVED", assertInstanceOf(Refused.class, outcome).code());
    }

    private Outcome send(boolean ended) {
        return new RemovalRequest(request -> answers.remove(), id -> ended, Ticker.SYSTEM).send(MEMBER, "tester", "test");
    }

    private static Refused refused(String code) {
        return new Refused(code.equals("LAST_NODE") ? Cause.CONFLICT : Cause.UNAVAILABLE, code, "no", "");
    }
}
