package io.halite.dns.policy;

import io.halite.config.AdminState;
import io.halite.config.Pool;
import io.halite.config.Target;
import io.halite.config.TargetRef;
import io.halite.config.VirtualAddress;
import io.halite.config.Zone.Member;
import io.halite.config.store.ConfigState;
import io.halite.dns.policy.Candidate.Standing;
import io.halite.health.Health;
import io.halite.health.HealthTable;
import io.halite.health.TargetHealth;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the members a document names into candidates, from one consistent view of config, nodes and health. */
final class Members {
    private final ConfigState state;
    private final Map<String, DnsNode> nodes = new LinkedHashMap<>();
    private final HealthTable health;

    Members(ConfigState state, List<DnsNode> nodes, HealthTable health) {
        this.state = state;
        this.health = health;
        nodes.stream().sorted(Comparator.comparing(DnsNode::name)).forEach(node -> this.nodes.put(node.name(), node));
    }

    @Nullable DnsNode node(String name) {
        return nodes.get(name);
    }

    /** The names of all nodes, sorted. */
    List<String> nodeNames() {
        return List.copyOf(nodes.keySet());
    }

    List<Candidate> everyNode() {
        return nodes.values().stream().map(node -> of(node, node.weight())).toList();
    }

    List<Candidate> nodesAt(String site) {
        return nodes.values().stream().filter(node -> node.site().equals(site)).map(node -> of(node, node.weight()))
                .toList();
    }

    List<Candidate> of(List<Member> members) {
        List<Candidate> candidates = new ArrayList<>();
        for (Member member : members) {
            switch (member) {
                case Member.OfNode(String name, int weight) -> candidates.add(ofNode(name, weight));
                case Member.OfAddress(String address, int weight, TargetRef target) ->
                        candidates.add(ofAddress(address, weight, target));
                case Member.OfPool(String pool) -> candidates.addAll(ofPool(pool));
                case Member.OfVirtualAddress(String name, int weight) -> candidates.add(ofVirtualAddress(name, weight));
            }
        }
        return candidates;
    }

    private Candidate ofNode(String name, int weight) {
        DnsNode node = nodes.get(name);
        if (node == null) {
            return Candidate.unusable(name, "no node of this name is in the cluster");
        }
        return of(node, weight == Member.OfNode.NODE_WEIGHT ? node.weight() : weight);
    }

    private static Candidate of(DnsNode node, int weight) {
        if (node.addresses().isEmpty()) {
            return Candidate.unusable(node.name(), "the node advertises no address");
        }
        return switch (node.state()) {
            case ALIVE -> new Candidate(node.name(), node.addresses(), weight, Standing.LIVE, "");
            case DRAINING -> new Candidate(node.name(), node.addresses(), weight, Standing.LEAVING,
                    "the node is draining");
            case DOWN -> new Candidate(node.name(), node.addresses(), weight, Standing.DOWN, "the node is down");
        };
    }

    private Candidate ofAddress(String address, int weight, @Nullable TargetRef target) {
        List<InetAddress> addresses = List.of(InetAddress.ofLiteral(address));
        if (target == null) {
            return new Candidate(address, addresses, weight, Standing.LIVE, "");
        }
        Pool pool = state.config().pools().get(target.pool());
        return judged(address, addresses, weight, target, pool != null && isUnproven(target.pool(), pool));
    }

    private List<Candidate> ofPool(String name) {
        Pool pool = state.config().pools().get(name);
        if (pool == null) {
            return List.of(Candidate.unusable(name, "no pool of this name exists"));
        }
        boolean unproven = isUnproven(name, pool);
        List<Candidate> candidates = new ArrayList<>();
        for (Target target : pool.targets()) {
            TargetRef ref = new TargetRef(name, target.name());
            String host = target.address().host();
            try {
                candidates.add(judged(ref.toString(), List.of(InetAddress.ofLiteral(host)), target.weight(), ref,
                        unproven));
            } catch (IllegalArgumentException notAnAddress) {
                candidates.add(Candidate.unusable(ref.toString(), "its address is a name: " + host));
            }
        }
        return candidates;
    }

    /** A pool none of whose targets was judged yet is taken as it is configured. */
    private boolean isUnproven(String name, Pool pool) {
        return pool.targets().stream()
                .allMatch(target -> health.health(new TargetRef(name, target.name())) == Health.UNKNOWN);
    }

    private Candidate judged(
            String name, List<InetAddress> addresses, int weight, TargetRef target, boolean unproven) {
        AdminState admin = state.adminState(target);
        if (admin != AdminState.READY) {
            return new Candidate(name, addresses, weight, Standing.LEAVING,
                    "target " + target + " is set to " + admin.key());
        }
        TargetHealth known = health.get(target);
        return switch (health.health(target)) {
            case HEALTHY -> new Candidate(name, addresses, weight, Standing.LIVE, "");
            case UNHEALTHY -> new Candidate(name, addresses, weight, Standing.DOWN,
                    known == null ? "unhealthy" : known.message());
            case UNKNOWN -> unproven
                    ? new Candidate(name, addresses, weight, Standing.LIVE, "")
                    : new Candidate(name, addresses, weight, Standing.DOWN, "not yet probed with success");
        };
    }

    private Candidate ofVirtualAddress(String name, int weight) {
        VirtualAddress address = state.config().virtualAddresses().get(name);
        return address == null
                ? Candidate.unusable(name, "no virtual address of this name exists")
                : new Candidate(name, List.of(InetAddress.ofLiteral(address.address().address())), weight,
                        Standing.LIVE, "");
    }
}
