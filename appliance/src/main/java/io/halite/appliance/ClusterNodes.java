package io.halite.appliance;

import io.halite.config.document.Addresses;
import io.halite.config.membership.MemberView;
import io.halite.config.membership.NodeStatus;
import io.halite.config.store.ConfigStore.Subscription;
import io.halite.dns.NodeAddresses;
import io.halite.dns.policy.DnsNode;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The nodes that DNS answers with: this one from the first moment, the others once the membership knows them. Looks
 * several times a second whether one came, went or died.
 */
final class ClusterNodes implements NodeAddresses, AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ClusterNodes.class.getName());
    private static final long LOOK_MILLIS = 100;
    private static final long LOOK_ALONE_MILLIS = 500;

    private final String own;
    private final DnsNode self;
    private final ServingState serving;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final EnduringTask looking = new EnduringTask("dns nodes look",
            "DNS answers do not follow which nodes come, go and die");
    private volatile Supplier<List<MemberView>> members = List::of;
    private volatile List<DnsNode> nodes;
    private boolean isTold = true;

    ClusterNodes(NodeSettings settings, ServingState serving) {
        own = settings.name();
        self = new DnsNode(own, DnsNode.State.ALIVE, settings.answered(), settings.place().site(),
                settings.place().weight());
        this.serving = serving;
        nodes = List.of(self);
        List<InetAddress> unheard = settings.unheard();
        if (!unheard.isEmpty()) {
            LOGGER.log(Level.WARNING, "dns answers name addresses that listeners written with a wildcard do not take"
                    + " addresses=" + unheard.stream().map(Addresses::text).toList()
                    + " bind=" + Addresses.text(settings.bind()) + " instead=::");
        }
    }

    /** From now on the others count too. */
    void know(Supplier<List<MemberView>> known) {
        members = known;
        Thread.ofVirtual().name("dns-nodes").start(this::look);
    }

    @Override
    public List<DnsNode> current() {
        return nodes;
    }

    @Override
    public Subscription watch(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void look() {
        try {
            while (!closed.await(nodes.size() > 1 ? LOOK_MILLIS : LOOK_ALONE_MILLIS, TimeUnit.MILLISECONDS)) {
                looking.survives(this::lookOnce);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What keeps it from being seen how the nodes are, one sentence. */
    Optional<String> trouble() {
        return looking.trouble();
    }

    private void lookOnce() {
        List<DnsNode> found = found();
        if (!found.equals(nodes)) {
            nodes = found;
            isTold = false;
        }
        if (!isTold) {
            listeners.forEach(Runnable::run);
            isTold = true;
        }
    }

    private List<DnsNode> found() {
        List<MemberView> known = members.get();
        boolean draining = known.stream().anyMatch(view -> view.record().name().equals(own) && view.isDraining());
        List<DnsNode> found = new ArrayList<>();
        found.add(serving.isServing() && !draining ? self : self.in(DnsNode.State.DRAINING));
        known.stream().filter(view -> !view.record().name().equals(own) && !view.record().witness())
                .map(ClusterNodes::other).forEach(found::add);
        return found;
    }

    private static List<InetAddress> addresses(MemberView view) {
        List<String> more = view.status().map(NodeStatus::dnsAddresses).orElse(List.of());
        return Stream.concat(Stream.of(view.record().host()), more.stream()).map(InetAddress::ofLiteral).distinct().toList();
    }

    private static DnsNode other(MemberView view) {
        String name = view.record().name();
        try {
            DnsNode node = new DnsNode(name, DnsNode.State.ALIVE, addresses(view),
                    view.status().map(NodeStatus::site).orElse(""),
                    view.status().map(NodeStatus::weight).orElse(DnsNode.DEFAULT_WEIGHT));
            if (!view.alive() || view.missing()) {
                return node.in(DnsNode.State.DOWN);
            }
            return view.isDraining() ? node.in(DnsNode.State.DRAINING) : node;
        } catch (IllegalArgumentException noAddress) {
            return new DnsNode(name, DnsNode.State.DOWN, List.of(), "", DnsNode.DEFAULT_WEIGHT);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
