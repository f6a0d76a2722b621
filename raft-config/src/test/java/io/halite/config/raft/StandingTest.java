package io.halite.config.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StandingTest {
    /** A change on a node that was removed is refused at once, not after the time that an election may take. */
    @Test
    void whoHasLeftForGoodWaitsForNoLeader() throws Exception {
        Standing standing = new Standing();
        CompletableFuture<Boolean> waiting = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                waiting.complete(standing.awaitLeader(Long.MAX_VALUE));
            } catch (InterruptedException e) {
                waiting.completeExceptionally(e);
            }
        });
        standing.failure("no space", "free some");
        assertFalse(waiting.isDone(), "a node that stopped for a while comes back");
        standing.end("removed", "join again");
        assertFalse(waiting.get(2, TimeUnit.MINUTES));
        assertFalse(standing.awaitLeader(Long.MAX_VALUE));
        assertEquals("join again", standing.now().wayOut());
    }

    @Test
    void aLeaderEndsTheWait() throws Exception {
        Standing standing = new Standing();
        standing.follow("n-1", 3);
        assertTrue(standing.awaitLeader(0));
        standing.noLeader();
        assertFalse(standing.awaitLeader(0));
    }
}
