package io.halite.appliance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.config.ClusterConfig;
import io.halite.config.document.ConfigDocument;
import io.halite.config.document.DocumentRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientDismissalTest {
    private static final Duration TTL = Duration.ofSeconds(30);

    private final List<Duration> asked = new ArrayList<>();
    private boolean draining;
    private long now = -1_000_000_000L;
    private int recalled;
    private final ClientDismissal dismissal =
            new ClientDismissal(() -> draining, () -> TTL, asked::add, () -> recalled++, () -> now);

    private void advance(long seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
        dismissal.look(now);
    }

    @Test
    void clientsAreAskedWhenAnswersHaveRunOutAndAgainForThoseWhoCame() {
        advance(100);
        draining = true;
        advance(1);
        advance(29);
        assertEquals(List.of(), asked);
        advance(1);
        assertEquals(List.of(TTL), asked);
        advance(59);
        assertEquals(1, asked.size());
        advance(1);
        assertEquals(List.of(TTL, TTL), asked);
    }

    @Test
    void aNodeThatIsReadyAgainAsksNobody() {
        draining = true;
        advance(1);
        assertEquals(0, recalled);
        draining = false;
        advance(40);
        assertEquals(List.of(), asked);
        assertEquals(1, recalled);
        draining = true;
        advance(1);
        assertEquals(List.of(), asked);
        advance(30);
        assertEquals(List.of(TTL), asked);
    }

    @Test
    void answersLastAsLongAsTheLongestSays() {
        assertEquals(ClientDismissal.LEAST, ClientDismissal.answersLast(ClusterConfig.EMPTY));
        String document = """
                apiVersion: halite/v1
                zones:
                  lb.example.net: { nameservers: [lb-1, lb-2], ttl: 20s, names: { slow: { ttl: 2m } } }
                """;
        ClusterConfig config = switch (ConfigDocument.read(
                document.getBytes(StandardCharsets.UTF_8), DocumentRules.NONE)) {
            case ConfigDocument.Outcome.Valid valid -> valid.config();
            case ConfigDocument.Outcome.Invalid invalid -> throw new AssertionError(invalid.problems().toString());
        };
        assertEquals(Duration.ofMinutes(2), ClientDismissal.answersLast(config));
    }
}
