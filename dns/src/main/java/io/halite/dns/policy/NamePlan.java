package io.halite.dns.policy;

import io.halite.config.Zone.StaticRecord;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One name of a zone before it is rendered.
 *
 * @param decision about its addresses; null when it is not balanced
 * @param ttl of its static records that name none
 */
public record NamePlan(@Nullable Decision decision, List<StaticRecord> records, Duration ttl) {
    public NamePlan {
        records = List.copyOf(records);
    }
}
