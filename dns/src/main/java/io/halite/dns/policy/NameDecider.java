package io.halite.dns.policy;

import io.halite.config.WhenAllDown;
import io.halite.config.Zone;
import io.halite.config.Zone.Choice;
import io.halite.config.Zone.GeoMap;
import io.halite.config.Zone.Member;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.dns.policy.Candidate.Standing;
import io.halite.dns.policy.Decision.Considered;
import io.halite.dns.wire.Rcode;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides about one balanced name: policy first, then health, then what to do when too little of it is left. It fails
 * open unless told otherwise, because ill health must never be cached as "does not exist". Used for one decision.
 *
 * <p>Each address family is decided by itself, among those who have an address of it: somebody who can use IPv4 alone is
 * not helped by members that live on IPv6, and "no such address" would be remembered as well. A tier or region without
 * any address of a family serves all the same and has none to give: that is how it was configured.
 */
final class NameDecider {
    /** A TTL is not shortened below this. */
    static final Duration SHORTEST_TTL = Duration.ofSeconds(5);
    private static final String STANDBY = "it stands by: others serve";

    private final Zone zone;
    private final NameSettings settings;
    private final Members members;
    private final NameMemory memory;
    private final long now;
    private final Policy policy;
    private final WhenAllDown whenAllDown;
    private final int panicBelow;

    private long nextChange = Long.MAX_VALUE;
    // Of the family that is being decided.
    private boolean family6;
    private List<Considered> considered = new ArrayList<>();
    private boolean degraded;
    private boolean panic;

    /**
     * A decision to be made.
     *
     * @param now the ticker's nanoseconds
     */
    NameDecider(Zone zone, NameSettings settings, Members members, NameMemory memory, long now) {
        this.zone = zone;
        this.settings = settings;
        this.members = members;
        this.memory = memory;
        this.now = now;
        policy = Objects.requireNonNullElse(settings.policy(), zone.policy());
        whenAllDown = Objects.requireNonNullElse(settings.whenAllDown(), WhenAllDown.ALL);
        panicBelow = Objects.requireNonNullElse(settings.panicBelow(), NameSettings.DEFAULT_PANIC_BELOW);
    }

    /** In how many nanoseconds the decision may change by itself; {@link Long#MAX_VALUE} for never. */
    long nextChange() {
        return nextChange;
    }

    Decision decide() {
        Duration ttl = Objects.requireNonNullElse(settings.ttl(), zone.ttl());
        Decision decision = new Decision(policy, side(false), side(true), ttl);
        if (!decision.degraded()) {
            return decision;
        }
        Duration half = ttl.dividedBy(2);
        Duration shorter = half.compareTo(SHORTEST_TTL) < 0 ? SHORTEST_TTL : half;
        return new Decision(policy, decision.ipv4(), decision.ipv6(), shorter.compareTo(ttl) < 0 ? shorter : ttl);
    }

    private Decision.Side side(boolean ipv6) {
        family6 = ipv6;
        considered = new ArrayList<>();
        degraded = false;
        panic = false;
        Selection selection = policy == Policy.GEO
                ? byRegion()
                : select("", policy, settings.choice(), settings.sticky());
        return new Decision.Side(selection, degraded, panic, considered);
    }

    /** Where somebody has an address of the family, those who have none are of no use; where nobody has, all serve alike. */
    private List<Candidate> ofFamily(List<Candidate> candidates) {
        return candidates.stream().noneMatch(this::has)
                ? candidates
                : candidates.stream().map(c -> has(c) || c.addresses().isEmpty() ? c : c.unusable(noAddress())).toList();
    }

    private String noAddress() {
        return "it has no " + (family6 ? "IPv6" : "IPv4") + " address";
    }

    private boolean has(Candidate candidate) {
        return candidate.addresses().stream().anyMatch(address -> address instanceof Inet6Address == family6);
    }

    /** What a group is remembered by. */
    private String memoryOf(String group) {
        return family6 ? "6 " + group : group;
    }

    private Selection select(String group, Policy how, Choice choice, boolean sticky) {
        if (how == Policy.FAILOVER) {
            return failover(group, tiers(choice), sticky);
        }
        List<Candidate> candidates = candidates(choice);
        List<Candidate> live = live(candidates);
        degraded |= anyDown(candidates);
        Chosen chosen = isEnough(candidates, live)
                ? good(group, live)
                : inNeed(group, candidates, live);
        note(group, "", candidates, chosen.members, STANDBY);
        return selection(chosen, how == Policy.WEIGHTED, sticky);
    }

    private List<Candidate> candidates(Choice choice) {
        if (!choice.members().isEmpty()) {
            return ofFamily(members.of(choice.members()));
        }
        return ofFamily(choice.tiers().isEmpty()
                ? members.everyNode()
                : choice.tiers().stream().flatMap(tier -> members.of(tier).stream()).toList());
    }

    /** Standby members serve only where no other one lives. */
    private static List<Candidate> live(List<Candidate> candidates) {
        return regular(candidates.stream().filter(Candidate::isLive).toList());
    }

    private static List<Candidate> regular(List<Candidate> candidates) {
        List<Candidate> regular = candidates.stream().filter(c -> c.weight() > 0).toList();
        return regular.isEmpty() ? candidates : regular;
    }

    private static boolean anyDown(List<Candidate> candidates) {
        return candidates.stream().anyMatch(c -> c.standing() == Standing.DOWN);
    }

    private boolean isEnough(List<Candidate> candidates, List<Candidate> live) {
        long total = candidates.stream().filter(Candidate::isStaying).mapToLong(Candidate::weight).sum();
        long alive = live.stream().mapToLong(Candidate::weight).sum();
        boolean standbyServes = alive == 0 && !live.isEmpty();
        return !live.isEmpty() && (standbyServes || alive * 100 >= total * panicBelow);
    }

    private Chosen good(String group, List<Candidate> live) {
        memory.remember(memoryOf(group), live.stream().map(Candidate::name).collect(Collectors.toSet()));
        return new Chosen(live, Rcode.NOERROR);
    }

    private Chosen inNeed(String group, List<Candidate> candidates, List<Candidate> live) {
        return switch (whenAllDown) {
            case NONE -> closed(live, Rcode.NOERROR);
            case SERVFAIL -> closed(live, Rcode.SERVFAIL);
            case REFUSE -> closed(live, Rcode.REFUSED);
            case ALL -> open(everybody(candidates));
            case LAST_KNOWN -> {
                Set<String> last = memory.lastGood(memoryOf(group));
                List<Candidate> known = regular(candidates.stream()
                        .filter(c -> c.isStaying() && last.contains(c.name())).toList());
                yield open(known.isEmpty() ? everybody(candidates) : known);
            }
            case BACKUP -> {
                List<Candidate> reserve = ofFamily(members.of(settings.backup()));
                List<Candidate> usable = live(reserve);
                note(group, "backup", reserve, usable, STANDBY);
                yield usable.isEmpty() ? open(everybody(candidates)) : new Chosen(usable, Rcode.NOERROR);
            }
        };
    }

    /** Those who asked for a closed answer get it only when really nobody lives. */
    private static Chosen closed(List<Candidate> live, Rcode rcode) {
        return new Chosen(live, rcode);
    }

    private Chosen open(List<Candidate> everybody) {
        panic = true;
        return new Chosen(everybody, Rcode.SERVFAIL);
    }

    /** As configured, whatever the health; those whom people took out only if there is nobody else. */
    private static List<Candidate> everybody(List<Candidate> candidates) {
        List<Candidate> staying = candidates.stream().filter(Candidate::isStaying).toList();
        return regular(staying.isEmpty()
                ? candidates.stream().filter(c -> c.standing() == Standing.LEAVING).toList()
                : staying);
    }

    private List<List<Candidate>> tiers(Choice choice) {
        if (!choice.tiers().isEmpty()) {
            return choice.tiers().stream().map(members::of).map(this::ofFamily).toList();
        }
        if (!choice.members().isEmpty()) {
            return choice.members().stream().map(member -> ofFamily(members.of(List.of(member)))).toList();
        }
        Set<String> order = new LinkedHashSet<>(zone.nameservers());
        order.retainAll(new HashSet<>(members.nodeNames()));
        order.addAll(members.nodeNames());
        return order.stream().map(name -> members.of(List.of(node(name)))).toList();
    }

    private static Member node(String name) {
        return new Member.OfNode(name, Member.OfNode.NODE_WEIGHT);
    }

    /**
     * The best tier that is well, except that a better one than the active must have been well for the hold-down
     * first: an address that flaps would otherwise drag every client with it.
     */
    private Selection failover(String group, List<List<Candidate>> tiers, boolean sticky) {
        long holdDown = Objects.requireNonNullElse(settings.holdDown(), NameSettings.DEFAULT_HOLD_DOWN).toNanos();
        int active = memory.activeTier(memoryOf(group));
        int best = -1;
        int held = -1;
        for (int i = 0; i < tiers.size(); i++) {
            List<Candidate> tier = tiers.get(i);
            boolean well = isEnough(tier, live(tier)) && (i == 0 || canRelieve(tier, tiers.subList(0, i)));
            long wellFor = memory.wellFor(memoryOf(group), i, well, now);
            boolean mustWait = well && active >= 0 && i < active && wellFor < holdDown;
            if (mustWait) {
                nextChange = Math.min(nextChange, holdDown - wellFor);
            }
            if (well && best < 0 && !mustWait) {
                best = i;
            }
            if (well && held < 0) {
                held = i;
            }
        }
        int chosenTier = best >= 0 ? best : held;
        List<Candidate> all = tiers.stream().flatMap(List::stream).toList();
        degraded |= chosenTier != 0 || anyDown(tiers.getFirst());
        Chosen chosen;
        if (chosenTier >= 0) {
            memory.activate(memoryOf(group), chosenTier);
            chosen = good(group, live(tiers.get(chosenTier)));
        } else {
            chosen = inNeed(group, all, live(all));
        }
        for (int i = 0; i < tiers.size(); i++) {
            note(group, "tier " + (i + 1), tiers.get(i), chosen.members, whyNot(i, chosenTier, tiers.get(i)));
        }
        return selection(chosen, false, sticky);
    }

    /** A tier without any address of the family that a better one has is no help to those who look for such addresses. */
    private boolean canRelieve(List<Candidate> tier, List<List<Candidate>> better) {
        return tier.stream().anyMatch(this::has) || better.stream().flatMap(List::stream).noneMatch(this::has);
    }

    private String whyNot(int tier, int chosenTier, List<Candidate> candidates) {
        if (chosenTier >= 0 && tier > chosenTier) {
            return "tier " + (chosenTier + 1) + " serves";
        }
        return isEnough(candidates, live(candidates))
                ? "its tier must be well for longer before it serves again (holdDown)"
                : "too little of its tier is left";
    }

    private Selection byRegion() {
        String map = mapName();
        GeoMap geoMap = map == null ? null : zone.geoMaps().get(map);
        if (map == null || geoMap == null) {
            return select("", Policy.ROUND_ROBIN, settings.choice(), settings.sticky());
        }
        SortedMap<String, Selection> regions = new TreeMap<>();
        for (String region : GeoRegions.of(geoMap)) {
            Zone.Region own = settings.regions().get(region);
            Policy how = own == null ? Policy.ROUND_ROBIN : own.policy();
            boolean sticky = own == null ? settings.sticky() : own.sticky();
            regions.put(region, ofRegion(region, how, choiceOf(region, own), sticky));
        }
        return new Selection.ByRegion(map, regions);
    }

    /** A region without members of its own is served by the nodes of its site, or by all where it has none. */
    private Choice choiceOf(String region, Zone.@Nullable Region own) {
        if (own != null) {
            return own.choice();
        }
        List<Member> local = members.nodesAt(region).stream().map(c -> node(c.name())).toList();
        return new Choice(local, List.of());
    }

    /**
     * Clients of a region that cannot serve go to the rest of the world before anybody panics; those of one where nobody
     * lives go wherever anybody does, however few.
     */
    private Selection ofRegion(String region, Policy how, Choice choice, boolean sticky) {
        List<Candidate> local = candidates(choice);
        List<Candidate> rest = elsewhere(region);
        boolean localServes = isEnough(local, live(local));
        boolean restServes = (isEnough(rest, live(rest)) || (live(local).isEmpty() && !live(rest).isEmpty()))
                && canRelieve(rest, List.of(local));
        if (localServes || !restServes) {
            return select(region, how, choice, sticky);
        }
        degraded = true;
        note(region, "", local, List.of(), "too little of its region is left");
        List<Candidate> live = live(rest);
        note(region, "elsewhere", rest, live, STANDBY);
        return selection(new Chosen(live, Rcode.NOERROR), false, sticky);
    }

    private List<Candidate> elsewhere(String region) {
        if (settings.regions().isEmpty()) {
            return ofFamily(members.everyNode());
        }
        Map<String, Candidate> others = new TreeMap<>();
        settings.regions().forEach((name, other) -> {
            if (!name.equals(region)) {
                candidates(other.choice()).forEach(c -> others.put(c.name(), c));
            }
        });
        return ofFamily(List.copyOf(others.values()));
    }

    /** The name's map, the zone's, or the only one there is. */
    private @Nullable String mapName() {
        String map = Objects.requireNonNullElse(settings.geoMap(), Objects.requireNonNullElse(zone.geoMap(), ""));
        if (zone.geoMaps().containsKey(map)) {
            return map;
        }
        return map.isEmpty() && zone.geoMaps().size() == 1 ? zone.geoMaps().firstKey() : null;
    }

    private Selection selection(Chosen chosen, boolean weighted, boolean sticky) {
        if (chosen.members.isEmpty()) {
            return new Selection.Nothing(chosen.otherwise);
        }
        int usual = weighted || sticky ? 1 : NameSettings.DEFAULT_ANSWERS;
        int answers = settings.answers() == 0 ? usual : settings.answers();
        return weighted
                ? new Selection.Weighted(chosen.members, answers, sticky)
                : new Selection.Even(chosen.members, answers, sticky);
    }

    /**
     * Keeps what became of some, for whoever asks.
     *
     * @param part of the group in which they stand, where it has several
     * @param whyNot somebody who lives is not answered, unless for standing by
     */
    private void note(String group, String part, List<Candidate> candidates, List<Candidate> chosen, String whyNot) {
        for (Candidate candidate : candidates) {
            boolean answered = chosen.contains(candidate) && has(candidate);
            String instead = candidate.weight() == 0 ? STANDBY : has(candidate) ? whyNot : noAddress();
            considered.add(new Considered(answered || !candidate.isLive() ? candidate : candidate.because(instead),
                    group, part, answered));
        }
    }

    /** Who is answered, and with which code when that is nobody. */
    private record Chosen(List<Candidate> members, Rcode otherwise) {}
}
