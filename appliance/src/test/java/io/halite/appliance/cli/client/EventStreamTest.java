package io.halite.appliance.cli.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.appliance.cli.client.EventStream.Event;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Event streams as WHATWG HTML section 9.2 writes them. */
class EventStreamTest {
    private static EventStream of(String text) {
        return new EventStream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void eventsComeInOrderWithWhatTheyAreAbout() {
        try (EventStream stream = of("""
                retry: 2000

                : nothing to see
                id: a-1
                event: revision
                data: {"revision":
                data: 5}

                event: heartbeat
                data: {}

                """)) {
            Event revision = stream.next().orElseThrow();
            assertEquals("a-1 revision 5", revision.id() + " " + revision.topic() + " " + revision.data().text("revision"));
            Event heartbeat = stream.next().orElseThrow();
            assertEquals(" heartbeat", heartbeat.id() + " " + heartbeat.topic());
            assertTrue(stream.next().isEmpty());
        }
    }

    @Test
    void whatIsNotUnderstoodAndWhatIsNotWholeIsLeftOut() {
        try (EventStream stream = of("""
                event: health
                data: {

                event: health
                data: []

                event: health
                data: {"version": 1}

                event: health
                data: {"version": 2}
                """)) {
            assertEquals("1", stream.next().orElseThrow().data().text("version"));
            assertTrue(stream.next().isEmpty(), "the last one has no end");
        }
    }
}
