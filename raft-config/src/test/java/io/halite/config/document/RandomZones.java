package io.halite.config.document;

import io.halite.config.HostPort;
import io.halite.config.Pool;
import io.halite.config.TargetRef;
import io.halite.config.WhenAllDown;
import io.halite.config.Zone;
import io.halite.config.Zone.Choice;
import io.halite.config.Zone.GeoMap;
import io.halite.config.Zone.Member;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.config.Zone.Region;
import io.halite.config.Zone.Soa;
import io.halite.config.Zone.StaticRecord;
import io.halite.config.Zone.Transfer;
import io.halite.config.Zone.TsigKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Draws zones for {@link RandomConfig}. */
final class RandomZones {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final List<Map.Entry<String, String>> RECORDS = List.of(Map.entry("TXT", "\"v=DMARC1; p=none\" more"),
            Map.entry("CAA", "0 issue \"ca.example\""), Map.entry("MX", "10 mail"), Map.entry("SRV", "0 5 443 shop."));

    private final RandomConfig random;
    private final SortedMap<String, Pool> pools;
    private final List<String> virtualAddresses;

    RandomZones(RandomConfig random, SortedMap<String, Pool> pools, List<String> virtualAddresses) {
        this.random = random;
        this.pools = pools;
        this.virtualAddresses = virtualAddresses;
    }

    SortedMap<String, Zone> next() {
        SortedMap<String, Zone> zones = new TreeMap<>();
        random.some(2, () -> zones.put(random.dnsName(), zone()));
        return zones;
    }

    private Duration ttl() {
        return timer();
    }

    /** Whole seconds, as DNS counts. */
    private Duration timer() {
        return Duration.ofSeconds(random.duration(SECOND, Duration.ofDays(7)).toSeconds());
    }

    private Zone zone() {
        SortedMap<String, GeoMap> maps = new TreeMap<>(Map.of("sites", geoMap()));
        SortedMap<String, NameSettings> names = new TreeMap<>();
        random.some(3, () -> names.put(random.pick(List.of("shop", "*", "*.app", "@", "a.b", "_sip._tcp")), settings()));
        Soa soa = random.or(Soa.DEFAULT, () -> new Soa(random.maybe(() -> "host.master@example.net"),
                timer(), timer(),
                timer(), ttl()));
        Transfer transfer = random.maybe(() -> new Transfer(random.some(2, () -> Documents.cidr("192.0.2.0/24")),
                random.maybe(() -> new TsigKey("key.example.net",
                        random.pick(List.of("hmac-sha256", "hmac-sha512")), "tsig")),
                random.some(2, () -> new HostPort(random.ip(), random.or(53, () -> random.from(1, 65_535))))));
        return new Zone(random.some(3, random::dnsName), random.or(Zone.DEFAULT_TTL, this::ttl),
                random.pick(List.of(Policy.ROUND_ROBIN, Policy.WEIGHTED)), random.maybe(() -> "sites"), soa, names, maps,
                transfer, random.maybe(() -> true) != null, random.or(0, () -> 1000));
    }

    private GeoMap geoMap() {
        return new GeoMap(Map.of(Documents.cidr("10.1.0.0/16"), "eu", Documents.cidr("2001:db8::/32"), "us"), "geo.mmdb",
                new TreeMap<>(Map.of("DE", "eu")), new TreeMap<>(Map.of("NA", "us")), "eu");
    }

    private NameSettings settings() {
        Policy policy = random.maybe(() -> random.pick(List.of(Policy.values())));
        WhenAllDown whenAllDown = random.maybe(() -> random.pick(List.of(WhenAllDown.values())));
        List<Member> backup = whenAllDown == WhenAllDown.BACKUP ? List.of(member()) : random.some(1, this::member);
        SortedMap<String, Region> regions = policy == Policy.GEO
                ? new TreeMap<>(Map.of("eu", region(), "us", region())) : new TreeMap<>();
        return new NameSettings(policy, random.maybe(this::ttl), whenAllDown, random.from(0, NameSettings.MAX_ANSWERS),
                random.maybe(() -> random.from(0, 100)), random.flip(),
                random.maybe(() -> random.duration(Duration.ZERO, Duration.ofHours(1))), choice(policy),
                random.maybe(() -> "sites"), regions, backup, records());
    }

    private List<StaticRecord> records() {
        return random.some(2, () -> {
            Map.Entry<String, String> record = random.pick(RECORDS);
            return new StaticRecord(record.getKey(), random.maybe(this::ttl), record.getValue());
        });
    }

    private Choice choice(@Nullable Policy policy) {
        return policy == Policy.FAILOVER
                ? new Choice(List.of(), random.some(2, () -> List.of(member(), member()).subList(0, random.from(1, 2))))
                : new Choice(random.some(3, this::member), List.of());
    }

    private Region region() {
        Policy policy = random.pick(List.of(Policy.ROUND_ROBIN, Policy.WEIGHTED, Policy.FAILOVER));
        return new Region(policy, random.flip(), choice(policy));
    }

    private Member member() {
        int weight = random.or(Member.DEFAULT_WEIGHT, () -> random.from(0, 1_000));
        List<TargetRef> targets = pools.entrySet().stream().flatMap(pool -> pool.getValue().targets().stream()
                .map(target -> new TargetRef(pool.getKey(), target.name()))).toList();
        return switch (random.below(4)) {
            case 0 -> new Member.OfAddress(random.ip(), weight,
                    targets.isEmpty() ? null : random.maybe(() -> random.pick(targets)));
            case 1 -> pools.isEmpty() ? node() : new Member.OfPool(random.pick(List.copyOf(pools.keySet())));
            case 2 -> virtualAddresses.isEmpty() ? node()
                    : new Member.OfVirtualAddress(random.pick(virtualAddresses), weight);
            default -> node();
        };
    }

    private Member node() {
        return new Member.OfNode(random.name(), random.or(Member.OfNode.NODE_WEIGHT, () -> random.from(0, 1_000)));
    }
}
