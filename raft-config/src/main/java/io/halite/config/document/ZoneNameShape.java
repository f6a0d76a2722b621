package io.halite.config.document;

import io.halite.config.Target;
import io.halite.config.TargetRef;
import io.halite.config.WhenAllDown;
import io.halite.config.Zone.Choice;
import io.halite.config.Zone.Member;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.config.Zone.Region;
import io.halite.config.Zone.StaticRecord;
import io.halite.config.shape.Composites;
import io.halite.config.shape.Fields;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Type;
import io.halite.config.shape.Value;
import io.halite.config.tree.Tree;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The names of a zone: how each chooses among which members, and its static records. Stateless. */
final class ZoneNameShape {
    static final Type<Policy> POLICY_TYPE = Scalars.choice(List.of(Policy.values()), Policy::key);
    private static final List<String> RECORD_TYPES = List.of("A", "AAAA", "ALIAS", "CAA", "CNAME", "DS", "HTTPS", "MX",
            "NAPTR", "NS", "PTR", "SRV", "SSHFP", "SVCB", "TLSA", "TXT");
    private static final List<Policy> WITHIN_REGION = List.of(Policy.ROUND_ROBIN, Policy.WEIGHTED, Policy.FAILOVER);

    private static final Key<Member, String> NODE = Key.optional("node",
            member -> member instanceof Member.OfNode node ? node.node() : null, Scalars.name(), "a node, by name");
    private static final Key<Member, String> ADDRESS = Key.optional("address",
            member -> member instanceof Member.OfAddress address ? address.address() : null,
            Scalars.spelled(ZoneNameShape::address, address -> address, "INVALID_ADDRESS", "IP address",
                    "write 192.0.2.1 or 2001:db8::1"), "an IP address");
    private static final Key<Member, String> POOL = Key.optional("pool",
            member -> member instanceof Member.OfPool pool ? pool.pool() : null, Scalars.reference("pools"),
            "every target of a pool that is written as an IP address, with its weight and health");
    private static final Key<Member, String> VIRTUAL_ADDRESS = Key.optional("virtualAddress",
            member -> member instanceof Member.OfVirtualAddress address ? address.virtualAddress() : null,
            Scalars.reference("virtualAddresses"), "a virtual address, by name");
    private static final Key<Member, Integer> WEIGHT = Key.optional("weight", ZoneNameShape::weight,
            Scalars.integer(Target.MIN_WEIGHT, Target.MAX_WEIGHT),
            "its share; 0 stands by until all others are down. By default 100, or the node's own");
    private static final Key<Member, TargetRef> HEALTH = Key.optional("health",
            member -> member instanceof Member.OfAddress address ? address.health() : null,
            new TargetName(), "the target whose health an address shares, as pool/target; by default always healthy");
    private static final List<Key<Member, ?>> MEMBER_KINDS = List.of(NODE, ADDRESS, POOL, VIRTUAL_ADDRESS);
    private static final Type<Member> MEMBER = Composites.shortOr(new MemberName(), ZoneNameShape::isName,
            Shape.of(ZoneNameShape::member, NODE, ADDRESS, POOL, VIRTUAL_ADDRESS, WEIGHT, HEALTH));
    private static final Type<List<Member>> MEMBERS_TYPE = Composites.list(MEMBER);
    private static final Type<List<List<Member>>> TIERS_TYPE = Composites.list(MEMBERS_TYPE);
    private static final String SAYS_MEMBERS = "whose addresses are answered; by default every node of the cluster";
    private static final String SAYS_TIERS = "lists of members for policy failover, best first";
    private static final String SAYS_STICKY = "whether a client network keeps its member while that lives";

    private static final Key<Region, Policy> REGION_POLICY = Key.of("policy", Region::policy,
            Scalars.choice(WITHIN_REGION, Policy::key), Policy.ROUND_ROBIN, "how the answer is chosen");
    private static final Key<Region, Boolean> REGION_STICKY = Key.of("sticky", Region::sticky, Scalars.bool(), false,
            SAYS_STICKY);
    private static final Key<Region, List<Member>> REGION_MEMBERS = Key.of("members", region -> region.choice().members(),
            MEMBERS_TYPE, List.of(), SAYS_MEMBERS);
    private static final Key<Region, List<List<Member>>> REGION_TIERS = Key.of("tiers", region -> region.choice().tiers(),
            TIERS_TYPE, List.of(), SAYS_TIERS);
    private static final Shape<Region> REGION_SHAPE = Shape.of(fields -> {
        Policy policy = fields.get(REGION_POLICY);
        return new Region(policy, fields.get(REGION_STICKY), choice(fields, policy, REGION_MEMBERS, REGION_TIERS));
    }, REGION_POLICY, REGION_STICKY, REGION_MEMBERS, REGION_TIERS);

    private static final Key<StaticRecord, String> TYPE = Key.required("type", StaticRecord::type,
            Scalars.choice(RECORD_TYPES, type -> type), "one of " + String.join(", ", RECORD_TYPES));
    private static final Key<StaticRecord, Duration> RECORD_TTL = Key.optional("ttl", StaticRecord::ttl,
            ZoneShape.TTL_TYPE, "how long resolvers may keep it; by default as the name says");
    private static final Key<StaticRecord, String> RECORD_DATA = Key.required("data", StaticRecord::data,
            Scalars.line("a record"), "in master file notation, such as 10 mail.example.net.");
    private static final Shape<StaticRecord> RECORD_SHAPE = Shape.of(fields -> {
        String type = fields.find(TYPE);
        String data = fields.find(RECORD_DATA);
        Value place = fields.at(RECORD_DATA);
        if (type == null || data == null || place == null) {
            return null;
        }
        StaticRecord record = new StaticRecord(type, fields.find(RECORD_TTL), data);
        RecordData.check(record, place);
        place.reading().remember(record, place);
        return record;
    }, TYPE, RECORD_TTL, RECORD_DATA);

    private static final Key<NameSettings, Policy> POLICY = Key.optional("policy", NameSettings::policy, POLICY_TYPE,
            "how the answer is chosen; by default as the zone says");
    private static final Key<NameSettings, Duration> TTL = Key.optional("ttl", NameSettings::ttl, ZoneShape.TTL_TYPE,
            "how long resolvers may keep the answer; by default as the zone says");
    private static final Key<NameSettings, WhenAllDown> WHEN_ALL_DOWN = Key.optional("whenAllDown",
            NameSettings::whenAllDown, Scalars.choice(List.of(WhenAllDown.values()), WhenAllDown::key),
            "the answer when too few members are eligible; by default all");
    private static final Key<NameSettings, Integer> ANSWERS = Key.optional("answers",
            settings -> settings.answers() == 0 ? null : settings.answers(), Scalars.integer(1, NameSettings.MAX_ANSWERS),
            "addresses in one answer; by default " + NameSettings.DEFAULT_ANSWERS + ", with policy weighted 1");
    private static final Key<NameSettings, Integer> PANIC_BELOW = Key.optional("panicBelow", NameSettings::panicBelow,
            Scalars.percent(0, 100), "share of live weight below which health is ignored as whenAllDown says; by default "
                    + NameSettings.DEFAULT_PANIC_BELOW + "%");
    private static final Key<NameSettings, Boolean> STICKY = Key.of("sticky", NameSettings::sticky, Scalars.bool(), false,
            SAYS_STICKY);
    private static final Key<NameSettings, Duration> HOLD_DOWN = Key.optional("holdDown", NameSettings::holdDown,
            Scalars.duration(Duration.ZERO, Duration.ofHours(1)),
            "how long a better tier must be well before failover returns to it; by default 1m");
    private static final Key<NameSettings, List<Member>> MEMBERS = Key.of("members",
            settings -> settings.choice().members(), MEMBERS_TYPE, List.of(), SAYS_MEMBERS);
    private static final Key<NameSettings, List<List<Member>>> TIERS = Key.of("tiers",
            settings -> settings.choice().tiers(), TIERS_TYPE, List.of(), SAYS_TIERS);
    private static final Key<NameSettings, String> GEO_MAP = Key.optional("geoMap", NameSettings::geoMap, Scalars.name(),
            "the one of the zone's geoMaps that policy geo uses; by default as the zone says");
    private static final Key<NameSettings, SortedMap<String, Region>> REGIONS = Key.of("regions", NameSettings::regions,
            Composites.map(Scalars.name(), REGION_SHAPE), Collections.emptySortedMap(),
            "the choice of each region of the map, for policy geo");
    private static final Key<NameSettings, List<Member>> BACKUP = Key.of("backup", NameSettings::backup, MEMBERS_TYPE,
            List.of(), "the answer when all are down and whenAllDown is backup");
    private static final Key<NameSettings, List<StaticRecord>> RECORDS = Key.of("records", NameSettings::records,
            Composites.list(RECORD_SHAPE), List.of(), "static records");

    static final Shape<NameSettings> NAME_SETTINGS = Shape.of(ZoneNameShape::settings, POLICY, TTL, WHEN_ALL_DOWN, ANSWERS,
            PANIC_BELOW, STICKY, HOLD_DOWN, MEMBERS, TIERS, GEO_MAP, REGIONS, BACKUP, RECORDS);

    private ZoneNameShape() {}

    private static NameSettings settings(Fields fields) {
        Policy policy = fields.find(POLICY);
        WhenAllDown whenAllDown = fields.find(WHEN_ALL_DOWN);
        List<Member> backup = fields.get(BACKUP);
        if (whenAllDown == WhenAllDown.BACKUP && backup.isEmpty() && !fields.has(BACKUP)) {
            fields.owner().<Object>error("MISSING_KEY", "'backup' is missing",
                    "whenAllDown: backup needs members to fall to");
        }
        Integer answers = fields.find(ANSWERS);
        NameSettings settings = new NameSettings(policy, fields.find(TTL), whenAllDown, answers == null ? 0 : answers,
                fields.find(PANIC_BELOW), fields.get(STICKY), fields.find(HOLD_DOWN),
                choice(fields, policy, MEMBERS, TIERS), fields.find(GEO_MAP), fields.get(REGIONS), backup,
                fields.get(RECORDS));
        Value backupPlace = fields.at(BACKUP);
        if (backupPlace != null && whenAllDown != WhenAllDown.BACKUP) {
            backupPlace.warning("NO_EFFECT", "nobody falls back to the backup", "set `whenAllDown: backup`");
        }
        Value membersPlace = fields.at(MEMBERS);
        if (membersPlace != null && policy == Policy.GEO) {
            membersPlace.warning("NO_EFFECT", "policy geo takes its members from the regions",
                    "put them under `regions`, or leave them out: then each region has the nodes of its site");
        }
        fields.owner().reading().remember(settings, fields.owner());
        return settings;
    }

    private static <O> Choice choice(
            Fields fields, @Nullable Policy policy, Key<O, List<Member>> membersKey, Key<O, List<List<Member>>> tiersKey) {
        List<Member> members = fields.get(membersKey);
        List<List<Member>> tiers = fields.get(tiersKey);
        Value tiersPlace = fields.at(tiersKey);
        if (!members.isEmpty() && tiersPlace != null) {
            tiersPlace.<Object>error("ONE_CHOICE", "give either members or tiers", "tiers are for policy failover");
        } else if (tiersPlace != null && policy != null && policy != Policy.FAILOVER) {
            tiersPlace.<Object>error("TIERS_NOT_ALLOWED", "policy " + policy.key() + " has no tiers", "use policy failover");
        }
        if (tiersPlace != null && tiers.stream().anyMatch(List::isEmpty)) {
            tiersPlace.<Object>error("EMPTY_TIER", "a tier has no members", "remove it, or name its members");
        }
        Value membersPlace = fields.at(membersKey);
        if (membersPlace != null) {
            twice(members).ifPresent(name -> membersPlace.warning("DUPLICATE_MEMBER", "'" + name + "' is a member twice",
                    "name it once; policy weighted and `weight` give it a larger share"));
        }
        boolean standby = members.stream().allMatch(member -> Integer.valueOf(0).equals(weight(member)));
        if (membersPlace != null && !members.isEmpty() && standby) {
            membersPlace.warning("NO_WEIGHT", "every member has weight 0, so they count as equal",
                    "give one member a weight above 0, or leave the weights out");
        }
        return new Choice(members, tiers);
    }

    private static Optional<String> twice(List<Member> members) {
        Set<String> names = new HashSet<>();
        return members.stream().map(member -> switch (member) {
            case Member.OfNode node -> node.node();
            case Member.OfAddress address -> address.address();
            case Member.OfPool pool -> "pool " + pool.pool();
            case Member.OfVirtualAddress address -> "virtual address " + address.virtualAddress();
        }).filter(name -> !names.add(name)).findFirst();
    }

    private static @Nullable Integer weight(Member member) {
        return switch (member) {
            case Member.OfNode node -> node.weight() == Member.OfNode.NODE_WEIGHT ? null : (Integer) node.weight();
            case Member.OfAddress address -> unlessDefault(address.weight());
            case Member.OfVirtualAddress address -> unlessDefault(address.weight());
            case Member.OfPool ignored -> null;
        };
    }

    private static @Nullable Integer unlessDefault(int weight) {
        return weight == Member.DEFAULT_WEIGHT ? null : (Integer) weight;
    }

    private static @Nullable Member member(Fields fields) {
        List<Key<Member, ?>> given = MEMBER_KINDS.stream().filter(fields::has).toList();
        if (given.size() != 1) {
            return fields.owner().error("ONE_MEMBER",
                    "a member is exactly one of node, address, pool and virtualAddress",
                    "write one of them, such as { node: lb-1 } or { address: 192.0.2.10 }");
        }
        Integer weight = fields.find(WEIGHT);
        Value health = fields.at(HEALTH);
        if (health != null && !fields.has(ADDRESS)) {
            health.<Object>error("HEALTH_NOT_ALLOWED", "only an address borrows its health",
                    "remove it: a node, a pool and a virtual address have a health of their own");
        }
        Value weightPlace = fields.at(WEIGHT);
        if (weightPlace != null && fields.has(POOL)) {
            weightPlace.<Object>error("WEIGHT_NOT_ALLOWED", "the targets of a pool have weights of their own",
                    "set `weight` of the targets");
        }
        String node = fields.find(NODE);
        if (node != null) {
            return new Member.OfNode(node, weight == null ? Member.OfNode.NODE_WEIGHT : weight);
        }
        int share = weight == null ? Member.DEFAULT_WEIGHT : weight;
        String address = fields.find(ADDRESS);
        if (address != null) {
            return new Member.OfAddress(address, share, fields.find(HEALTH));
        }
        String pool = fields.find(POOL);
        String virtual = fields.find(VIRTUAL_ADDRESS);
        return pool != null ? new Member.OfPool(pool)
                : virtual == null ? null : new Member.OfVirtualAddress(virtual, share);
    }

    private static @Nullable String address(String text) {
        InetAddress ip = Addresses.ip(text);
        return ip == null ? null : Addresses.text(ip);
    }

    private static boolean isName(Member member) {
        return (member instanceof Member.OfNode node && node.weight() == Member.OfNode.NODE_WEIGHT)
                || (member instanceof Member.OfAddress address && address.weight() == Member.DEFAULT_WEIGHT
                        && address.health() == null);
    }

    /** The short form of a member: a node's name, or an IP address. */
    private record MemberName() implements Type<Member> {
        @Override
        public @Nullable Member read(Value value) {
            String text = value.text();
            if (text == null) {
                return null;
            }
            String address = address(text);
            if (address != null) {
                return new Member.OfAddress(address, Member.DEFAULT_WEIGHT, null);
            }
            String node = NODE.type().read(value);
            return node == null ? null : new Member.OfNode(node, Member.OfNode.NODE_WEIGHT);
        }

        @Override
        public Tree write(Member member) {
            return Tree.text(member instanceof Member.OfNode node ? node.node()
                    : member instanceof Member.OfAddress address ? address.address() : "");
        }

        @Override
        public Tree.Mapping schema() {
            return Tree.mapping().put("type", "string").build();
        }

        @Override
        public String says() {
            return "name of a node or IP address";
        }
    }

    /** {@code pool/target}; the target must exist. */
    private record TargetName() implements Type<TargetRef> {
        private static final Type<TargetRef> SPELLED = Scalars.spelled(TargetName::parse, TargetRef::toString,
                "INVALID_TARGET", "target", "write pool/target");

        private static @Nullable TargetRef parse(String text) {
            int slash = text.indexOf('/');
            boolean valid = slash > 0 && Scalars.isName(text.substring(0, slash))
                    && Scalars.isName(text.substring(slash + 1));
            return valid ? new TargetRef(text.substring(0, slash), text.substring(slash + 1)) : null;
        }

        @Override
        public @Nullable TargetRef read(Value value) {
            TargetRef target = SPELLED.read(value);
            if (target != null) {
                value.reading().refer(CrossChecks.TARGETS, target.toString(), value);
            }
            return target;
        }

        @Override
        public Tree write(TargetRef target) {
            return SPELLED.write(target);
        }

        @Override
        public Tree.Mapping schema() {
            return Tree.mapping().put("type", "string").put("pattern", "^[a-z0-9-]{1,63}/[a-z0-9-]{1,63}$").build();
        }

        @Override
        public String says() {
            return "pool/target";
        }
    }
}
