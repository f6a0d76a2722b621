package io.halite.admin.watch;

import io.halite.admin.access.Role;
import io.halite.admin.http.Answer;
import io.halite.admin.http.Answer.Body;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.Endpoint;
import io.halite.admin.watch.EventFeed.Watcher;
import io.halite.admin.watch.FeedEvent.Topic;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The feed as server-sent events. */
public final class WatchApi {
    private final EventFeed feed;

    public WatchApi(EventFeed feed) {
        this.feed = feed;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.reads("GET", "/api/v1/watch", Role.VIEWER, this::watch));
    }

    private Answer watch(Call call) {
        Watcher watcher = feed.watcher(topics(call), call.header("Last-Event-ID").orElse(null));
        if (feed.isFull()) {
            throw ApiProblem.of(503, "TOO_MANY_WATCHERS", "too many clients watch this node", "try another node")
                    .with("Retry-After", "10");
        }
        return new Answer(200, Map.of(), new Body.Stream("text/event-stream", watcher::writeTo));
    }

    private static Set<Topic> topics(Call call) {
        Set<Topic> topics = EnumSet.noneOf(Topic.class);
        for (String key : call.query("topics").orElse("revision,health,stats,event").split(",", -1)) {
            topics.add(Arrays.stream(Topic.values()).filter(topic -> topic.key().equals(key.strip())).findAny()
                    .orElseThrow(() -> ApiProblem.of(400, "INVALID_PARAMETER", "there is no topic '" + key + "'",
                            "allowed: revision, health, stats, event")));
        }
        return topics;
    }
}
