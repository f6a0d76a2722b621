package io.halite.admin.watch;

import io.halite.admin.node.ClusterView;
import io.halite.admin.node.NodeView;
import io.halite.admin.node.TrafficView;
import io.halite.admin.watch.EventFeed.Entry;
import io.halite.admin.watch.FeedEvent.Topic;
import io.halite.config.AdminOverride;
import io.halite.config.TargetRef;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.ConfigStore.Subscription;
import io.halite.config.tree.Tree;
import io.halite.health.HealthTable;
import io.halite.health.HealthView;
import io.halite.health.TargetHealth;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Watches the store, the health, the cluster and the traffic of this node, and tells the feed what changed. */
public final class Happenings implements AutoCloseable {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int TICKS_PER_HEARTBEAT = 10;

    private final ConfigStore store;
    private final HealthView health;
    private final NodeView node;
    private final ClusterView cluster;
    private final TrafficView traffic;
    private final InstantSource time;
    private final EventFeed feed;
    private final CountDownLatch closed = new CountDownLatch(1);
    // only the thread that the store calls on
    private ConfigState seenState;
    // only the thread that the health view calls on
    private HealthTable seenHealth;
    // only the ticking thread
    private Map<String, Tree> seenCluster = Map.of();
    private @Nullable Subscription storeSubscription;
    private @Nullable Subscription healthSubscription;

    public Happenings(ConfigStore store, HealthView health, NodeView node, ClusterView cluster, TrafficView traffic,
            InstantSource time) {
        this.store = store;
        this.health = health;
        this.node = node;
        this.cluster = cluster;
        this.traffic = traffic;
        this.time = time;
        this.seenState = store.current();
        this.seenHealth = health.current();
        this.feed = new EventFeed(UUID.randomUUID().toString().substring(0, 8), this::snapshot);
    }

    /** Where all of it is told. */
    public EventFeed feed() {
        return feed;
    }

    /** Begins to watch. */
    public void start() {
        seenCluster = clusterFacts();
        storeSubscription = store.watch(this::stateChanged);
        healthSubscription = health.watch(this::healthChanged);
        Thread.ofVirtual().name("watch-tick").start(this::tick);
    }

    private List<Entry> snapshot() {
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry(Topic.REVISION, revision(store.current())));
        HealthTable table = health.current();
        entries.add(new Entry(Topic.HEALTH, healthOf(table, new TreeSet<>(table.targets().keySet()))));
        clusterFacts().forEach((kind, fact) -> entries.add(new Entry(Topic.EVENT, fact)));
        return entries;
    }

    private void stateChanged(ConfigState state) {
        ConfigState before = seenState;
        seenState = state;
        if (!state.revision().equals(before.revision())) {
            feed.publish(Topic.REVISION, revision(state));
        }
        if (state.adminVersion() != before.adminVersion()) {
            TreeSet<TargetRef> targets = new TreeSet<>(before.adminOverrides().keySet());
            targets.addAll(state.adminOverrides().keySet());
            targets.removeIf(target -> Objects.equals(
                    before.adminOverrides().get(target), state.adminOverrides().get(target)));
            targets.forEach(target -> feed.publish(Topic.EVENT, adminState(state, target)));
        }
    }

    private Tree revision(ConfigState state) {
        Tree.MappingBuilder tree = Tree.mapping().put("revision", state.revision().number());
        store.record(state.revision()).ifPresent(record -> tree.put("author", record.author())
                .put("time", record.time().toString()).put("reason", record.reason())
                .put("changed", Tree.texts(record.changed().stream().map(Object::toString).toList())));
        return tree.build();
    }

    private Tree adminState(ConfigState state, TargetRef target) {
        AdminOverride override = state.adminOverrides().get(target);
        return fact("adminState").put("target", target.toString()).put("adminState", state.adminState(target).key())
                .put("author", override == null ? "" : override.author())
                .put("reason", override == null ? "" : override.reason()).build();
    }

    private void healthChanged(HealthTable table) {
        HealthTable before = seenHealth;
        seenHealth = table;
        TreeSet<TargetRef> changed = new TreeSet<>(before.targets().keySet());
        changed.addAll(table.targets().keySet());
        changed.removeIf(target -> Objects.equals(before.get(target), table.get(target)));
        if (!changed.isEmpty()) {
            feed.publish(Topic.HEALTH, healthOf(table, changed));
        }
    }

    /** The health of some targets; one that is no longer known is unknown. */
    private static Tree healthOf(HealthTable table, SortedSet<TargetRef> targets) {
        List<Tree> trees = new ArrayList<>();
        for (TargetRef target : targets) {
            TargetHealth known = table.get(target);
            trees.add(Tree.mapping().put("target", target.toString()).put("health", table.health(target).key())
                    .put("reason", known == null ? "" : known.reason())
                    .put("message", known == null ? "" : known.message())
                    .put("prober", known == null ? "" : known.prober())
                    .put("since", known == null ? new Tree.Null(0) : Tree.text(known.since().toString())).build());
        }
        return Tree.mapping().put("version", table.version()).put("targets", Tree.list(trees)).build();
    }

    private void tick() {
        try {
            for (int tick = 1; !closed.await(TICK.toMillis(), TimeUnit.MILLISECONDS); tick++) {
                Map<String, Tree> facts = clusterFacts();
                Map<String, Tree> before = seenCluster;
                seenCluster = facts;
                facts.forEach((kind, fact) -> {
                    if (!fact.equals(before.get(kind))) {
                        feed.publish(Topic.EVENT, fact);
                    }
                });
                if (feed.watching() > 0) {
                    feed.publish(Topic.STATS, stats());
                }
                if (tick % TICKS_PER_HEARTBEAT == 0) {
                    feed.publish(Topic.HEARTBEAT, Tree.mapping().put("time", time.instant().toString()).build());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Tree.MappingBuilder fact(String kind) {
        return Tree.mapping().put("kind", kind);
    }

    /** What there is to say of the cluster now, by kind. */
    private Map<String, Tree> clusterFacts() {
        Map<String, Tree> facts = new LinkedHashMap<>();
        facts.put("leader", fact("leader").put("leader", cluster.leader()).put("term", store.leadership().term())
                .put("quorum", cluster.hasQuorum()).build());
        facts.put("degraded", fact("degraded").put("node", node.name()).put("degraded", Tree.texts(node.degraded()))
                .build());
        List<Tree> members = new ArrayList<>();
        cluster.members().forEach(member -> members.add(Tree.mapping().put("name", member.name())
                .put("role", member.role().key()).put("state", member.state().key())
                .put("activeRevision", member.activeRevision().number()).put("failures", member.failures().size())
                .build()));
        facts.put("nodes", fact("nodes").put("nodes", Tree.list(members)).build());
        return facts;
    }

    private Tree stats() {
        TrafficView.Totals totals = traffic.get();
        List<Tree> targets = new ArrayList<>();
        totals.targets().forEach(target -> targets.add(Tree.mapping().put("target", target.target().toString())
                .put("requests", target.requests()).put("errors", target.errors()).put("inFlight", target.inFlight())
                .build()));
        return Tree.mapping().put("time", time.instant().toString()).put("node", node.name())
                .put("requests", totals.requests()).put("errors", totals.errors())
                .put("connections", totals.connections()).put("bytesReceived", totals.bytesReceived())
                .put("bytesSent", totals.bytesSent()).put("targets", Tree.list(targets)).build();
    }

    @Override
    public void close() {
        closed.countDown();
        if (storeSubscription != null) {
            storeSubscription.close();
        }
        if (healthSubscription != null) {
            healthSubscription.close();
        }
        feed.close();
    }
}
