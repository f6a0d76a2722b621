package io.halite.config.membership;

import io.halite.config.membership.Outcome.Cause;
import io.halite.config.membership.Outcome.Refused;
import io.halite.config.peer.IncomingRequest;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.peer.PeerNetwork.Lane;
import io.halite.config.peer.Reply;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Leadership;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** Requests that only the leader fulfils: here when this node leads, otherwise over its link. For many threads. */
final class LeaderCalls {
    private static final String TOPIC = "leader/";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final PeerNetwork network;
    private final ConfigStore store;
    /** By verb: what the leader does with the asking node's id and the request. */
    private final Map<String, BiFunction<String, String, Outcome>> verbs = new ConcurrentHashMap<>();

    LeaderCalls(PeerNetwork network, ConfigStore store) {
        this.network = network;
        this.store = store;
    }

    void fulfil(String verb, BiFunction<String, String, Outcome> work) {
        verbs.put(verb, work);
        network.handle(TOPIC + verb, request -> Thread.ofVirtual().name("leader-call-" + verb)
                .start(() -> answer(request, work)));
    }

    private void answer(IncomingRequest request, BiFunction<String, String, Outcome> work) {
        try {
            Outcome outcome = store.leadership().leading()
                    ? work.apply(request.from(), new String(request.payload(), StandardCharsets.UTF_8))
                    : new Refused(Cause.UNAVAILABLE, "NOT_LEADER", "the leader has just changed", "try again");
            request.answer(outcome.encode());
        } catch (RuntimeException e) {
            request.fail(String.valueOf(e.getMessage()));
        }
    }

    Outcome call(String verb, String request) {
        Leadership now = store.leadership();
        BiFunction<String, String, Outcome> work = verbs.get(verb);
        if (now.leading() && work != null) {
            return work.apply(network.self(), request);
        }
        if (!now.hasLeader()) {
            return new Refused(Cause.UNAVAILABLE, "NO_LEADER",
                    "the cluster has no leader: too few voters are up or reachable",
                    "bring voters back, or see: halite cluster recover");
        }
        BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
        network.request(now.leader(), Lane.CONTROL, TOPIC + verb, request.getBytes(StandardCharsets.UTF_8), LIMIT,
                replies::add);
        try {
            Reply reply = replies.poll(LIMIT.toMillis() + 1000, TimeUnit.MILLISECONDS);
            return switch (reply) {
                case Reply.Answer answer -> Outcome.decode(answer.payload());
                case Reply.Failure failure -> unanswered(failure.message());
                case null -> unanswered("no answer in time");
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unanswered("this node is stopping");
        }
    }

    private static Refused unanswered(String why) {
        return new Refused(Cause.UNAVAILABLE, "LEADER_UNREACHABLE", "the leader did not answer: " + why, "try again");
    }
}
