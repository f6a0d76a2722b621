package io.halite.admin.watch;

import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One event, serialised once for all who watch. */
final class FeedEvent {
    private final long number;
    private final Topic topic;
    private final byte[] bytes;

    /** What an event is about; clients may ask for some. */
    enum Topic {
        REVISION, HEALTH, STATS, EVENT, HEARTBEAT;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * An event.
     *
     * @param feed the feed that numbers it; part of its id, since the numbers of another node mean nothing here
     */
    FeedEvent(String feed, long number, Topic topic, Tree data) {
        this.number = number;
        this.topic = topic;
        // A heartbeat and statistics are worth nothing later: without an id they do not move the point of resumption.
        String id = topic == Topic.HEARTBEAT || topic == Topic.STATS ? "" : "id: " + feed + "-" + number + "\n";
        this.bytes = (id + "event: " + topic.key() + "\ndata: " + TreeText.json(data) + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    long number() {
        return number;
    }

    Topic topic() {
        return topic;
    }

    /** The event as it goes over the wire; not to be changed. */
    byte[] bytes() {
        return bytes;
    }
}
