package io.halite.dns.render;

import io.halite.config.Revision;
import io.halite.config.Zone.Policy;
import io.halite.dns.geo.GeoTableCompiler;
import io.halite.dns.policy.Decision;
import io.halite.dns.policy.Quarantined;
import io.halite.dns.policy.ZonePlan;
import io.halite.dns.render.AnswerRenderer.Target;
import io.halite.dns.render.KeptZones.Kept;
import io.halite.dns.render.NameContent.Rendering;
import io.halite.dns.render.TailWriter.Place;
import io.halite.dns.sign.KeyRing;
import io.halite.dns.sign.SignatureBook;
import io.halite.dns.sign.ZoneKeys;
import io.halite.dns.sign.ZoneKeys.ZoneKey;
import io.halite.dns.sign.ZoneSigner;
import io.halite.dns.table.Answer;
import io.halite.dns.table.GeoTable;
import io.halite.dns.table.NameNode;
import io.halite.dns.table.NameNode.Denials;
import io.halite.dns.table.ServedZone;
import io.halite.dns.table.ZoneTable;
import io.halite.dns.wire.NameHash;
import io.halite.dns.wire.RecordType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.HINFORecord;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Compiles zone plans to a {@link ZoneTable}. Owned by the compiling thread; zones keep the index of their counters
 * from table to table.
 */
public final class ZoneTableCompiler {
    /** How far a chain of CNAMEs is followed. */
    private static final int MAX_CHAIN = 8;
    private static final long ANY_TTL = 3600;
    /** Well below the time for which signatures are good beyond their renewal. */
    private static final Duration SERIAL_TURN = Duration.ofDays(3);

    private final NameHash hash;
    private final ZoneKeys keys;
    private final InstantSource clock;
    private final SignatureBook signatures;
    private final Serials serials = new Serials();
    private final GeoTableCompiler geo = new GeoTableCompiler();
    private final Map<String, Integer> counters = new HashMap<>();
    private final KeptZones kept = new KeptZones();
    private RenderedZones last = RenderedZones.NONE;

    /** Compiles tables that share one hash; no zone is signed. */
    public ZoneTableCompiler(NameHash hash) {
        this(hash, ZoneKeys.NONE, InstantSource.system());
    }

    /** Compiles tables that share one hash, and signs zones by these keys. */
    public ZoneTableCompiler(NameHash hash, ZoneKeys keys, InstantSource clock) {
        this.hash = hash;
        this.keys = keys;
        this.clock = clock;
        signatures = new SignatureBook(clock);
    }

    /**
     * A table with the records it was made from.
     *
     * @param zones by name without a final dot
     * @param nextChange in how many nanoseconds signatures must be renewed; {@link Long#MAX_VALUE} for never
     * @param isWhole whether every zone is as planned; else some wait for signatures, and the same plans compiled again
     *     bring them nearer
     */
    public record Compiled(
            ZoneTable table, SortedMap<String, ZoneContent> zones, List<Quarantined> quarantined, long nextChange,
            boolean isWhole) {
        public Compiled {
            quarantined = List.copyOf(quarantined);
        }
    }

    /** The counter index of every zone ever compiled; 0 stands for queries outside all zones. */
    public Map<String, Integer> counters() {
        return Map.copyOf(counters);
    }

    /** Compiles all zones; what is wrong is left out and told. */
    public Compiled compile(Revision revision, List<ZonePlan> plans) {
        return compile(revision, plans, () -> true);
    }

    /**
     * Compiles all zones; what is wrong is left out and told. A zone with more to sign than there is time for stays as it
     * was in the last table, and out of this one when it was not in that.
     *
     * @param enoughTime whether there is time to make another signature
     */
    public Compiled compile(Revision revision, List<ZonePlan> plans, BooleanSupplier enoughTime) {
        List<Quarantined> quarantined = new ArrayList<>();
        signatures.begin(enoughTime);
        serials.begin(revision, clock.instant(), plans);
        Contents read = new Contents(plans, quarantined);
        plans.forEach(read::add);
        SortedMap<String, ZoneContent> contents = read.finish();
        Signing signing = new Signing();
        contents.values().forEach(signing::add);
        IdSource ids = new IdSource();
        read.keepIds(ids);
        Map<Name, ZoneRun> runs = new LinkedHashMap<>();
        for (ZonePlan plan : plans) {
            ZoneContent content = contents.get(plan.apex());
            if (content != null) {
                AnswerRenderer renderer = new AnswerRenderer(content, geoTables(plan, quarantined), ids,
                        signing);
                runs.put(content.apex(), new ZoneRun(plan, content, runs, renderer, ids));
            }
        }
        RenderedZones rendered = new RenderedZones(ids);
        runs.values().forEach(run -> rendered.add(run.render()));
        kept.replace(read.kept(runs.values()));
        boolean isWhole = rendered.keepFrom(last);
        last = rendered;
        signatures.end();
        geo.retain(plans.stream().flatMap(plan -> plan.zone().geoMaps().values().stream()).toList());
        ZoneTable table = new ZoneTable(revision.number(), rendered.answers(), hash, rendered.nodes(), rendered.served());
        return new Compiled(table, rendered.contents(), quarantined, isWhole ? Math.min(serials.nextChange(),
                Math.min(signatures.nextChange(), read.nextTurn)) : 1, isWhole);
    }

    /** Reads all zones. */
    private final class Contents {
        private final List<Object> published;
        private final List<Quarantined> quarantined;
        private final SortedMap<String, ZoneContent> zones = new TreeMap<>();
        private final Set<String> alone;
        private final Set<String> keeping = new HashSet<>();
        private final Instant now = clock.instant();
        private long nextTurn = Long.MAX_VALUE;

        Contents(List<ZonePlan> plans, List<Quarantined> quarantined) {
            published = plans.stream().<Object>map(plan ->
                    List.of(plan.apex(), plan.nameservers(), plan.zone().dnssec(), published(plan.apex()))).toList();
            this.quarantined = quarantined;
            alone = KeptZones.alone(plans);
        }

        void add(ZonePlan plan) {
            ZoneKey key = keys.of(plan.apex());
            if (key instanceof ZoneKey.Unknown(String reason) && plan.zone().dnssec()) {
                quarantined.add(new Quarantined("zone/" + plan.apex(), "SIGNING_KEY_UNKNOWN",
                        reason + "; unsigned answers would be taken for forged, so the zone is not served"));
                return;
            }
            int before = quarantined.size();
            long serial = serials.of(plan, turns(key), published);
            boolean mayKeep = !plan.zone().dnssec() && alone.contains(plan.apex());
            ZoneContent content = new ContentReader(quarantined).read(plan, serial, mayKeep ? kept : KeptZones.NONE);
            if (content == null) {
                return;
            }
            zones.put(plan.apex(), content);
            if (mayKeep && quarantined.size() == before) {
                keeping.add(plan.apex());
            }
            if (key instanceof ZoneKey.Here(KeyRing ring) && plan.zone().dnssec()) {
                content.signBy(new ZoneSigner(signatures, ring, now, content.apex(), content.soa().getTTL()));
                nextTurn = Math.min(nextTurn, ring.nanosToChange(now));
            }
        }

        /** Sees that what is taken over keeps its numbers. */
        void keepIds(IdSource ids) {
            zones.forEach((name, zone) -> {
                Kept before = zone.served() == null ? null : kept.get(name);
                if (before != null) {
                    ids.keep(before.ids());
                    zone.names().stream().map(NameContent::rendering).filter(Objects::nonNull)
                            .forEach(rendering -> ids.keep(rendering.ids()));
                }
            });
        }

        /** What the next table may take over of this one. */
        Map<String, Kept> kept(Collection<ZoneRun> runs) {
            Map<String, Kept> next = new HashMap<>();
            runs.stream().filter(run -> keeping.contains(run.plan.apex())).forEach(run ->
                    next.put(run.plan.apex(), new Kept(run.plan, run.zone, run.served, run.any, run.ownIds)));
            return next;
        }

        /** What is published of a zone's keys. */
        private String published(String apex) {
            return keys.of(apex) instanceof ZoneKey.Here(KeyRing ring)
                    ? Stream.concat(Stream.of(ring.signing(now)), ring.published(now).stream())
                            .map(key -> key.dnskey(Name.root, 0).rdataToString()).collect(Collectors.joining(" ")) : "";
        }

        /** Secondaries fetch a zone when its serial rises: so it does, before the signatures of their copy expire. */
        private long turns(ZoneKey key) {
            if (!(key instanceof ZoneKey.Here(KeyRing ring))) {
                return 0;
            }
            Duration age = Duration.between(ring.since(), now);
            if (age.isNegative()) {
                return 0;
            }
            nextTurn = Math.min(nextTurn, SERIAL_TURN.toNanos() - age.toNanos() % SERIAL_TURN.toNanos());
            return age.dividedBy(SERIAL_TURN);
        }

        SortedMap<String, ZoneContent> finish() {
            Map<Name, ZoneContent> byName = new HashMap<>();
            zones.values().forEach(zone -> byName.put(zone.apex(), zone));
            for (ZoneContent zone : zones.values()) {
                for (int up = 1; up < zone.apex().labels(); up++) {
                    ZoneContent above = byName.get(new Name(zone.apex(), up));
                    if (above != null) {
                        above.delegateTo(zone);
                        break;
                    }
                }
            }
            zones.values().forEach(ZoneContent::finish);
            return zones;
        }
    }

    private Map<String, GeoTable> geoTables(ZonePlan plan, List<Quarantined> quarantined) {
        Map<String, GeoTable> tables = new HashMap<>();
        plan.zone().geoMaps().forEach((name, map) -> tables.put(name, geo.compile(map,
                problem -> quarantined.add(new Quarantined("zone/" + plan.apex() + "/geoMaps/" + name,
                        "GEO_DATABASE_UNUSABLE", problem)))));
        return tables;
    }

    /** The rendering of one zone. */
    private final class ZoneRun {
        private final ZonePlan plan;
        private final ZoneContent zone;
        private final Map<Name, ZoneRun> runs;
        private final AnswerRenderer renderer;
        private final IdSource ids;
        private final ServedZone served;
        private final Answer any;
        private final int[] ownIds;
        private int missed;

        ZoneRun(ZonePlan plan, ZoneContent zone, Map<Name, ZoneRun> runs, AnswerRenderer renderer, IdSource ids) {
            this.plan = plan;
            this.zone = zone;
            this.runs = runs;
            this.renderer = renderer;
            this.ids = ids;
            Kept before = kept.get(plan.apex());
            if (zone.served() != null && before != null) {
                served = zone.served();
                any = before.any();
                ownIds = before.ids();
            } else {
                ids.note();
                served = serve();
                any = any(Target.of(new Place(zone.apex(), true, zone.apex())));
                ownIds = ids.noted();
            }
        }

        private ServedZone serve() {
            int before = signatures.missed();
            int counter = counters.computeIfAbsent(zone.apex().toString(true), name -> counters.size() + 1);
            Answer missing = renderer.missing(Target.of(Place.below(zone.apex())));
            NsecChain chain = zone.chain();
            ServedZone made = new ServedZone(zone.apex().toString(), counter, zone.apex().length(), missing,
                    chain == null ? null : chain.table(), plan.zone().logEvery());
            missed = signatures.missed() - before;
            return made;
        }

        /** Whether a name is answered here: not below a delegation, and not itself a zone that is served here too. */
        private boolean isAnswered(Name name) {
            return !zone.isOccluded(name) && (name.equals(zone.apex()) || !runs.containsKey(name));
        }

        RenderedZones.One render() {
            int before = signatures.missed();
            List<NameNode> nodes = new ArrayList<>();
            Map<Name, NameNode> wildcards = new HashMap<>();
            for (NameContent content : zone.names()) {
                if (content.name().isWild() && isAnswered(content.name())) {
                    NameNode node = node(content, null);
                    wildcards.put(new Name(content.name(), 1), node);
                    nodes.add(node);
                }
            }
            for (NameContent content : zone.names()) {
                if (!content.name().isWild() && isAnswered(content.name())) {
                    nodes.add(node(content, wildcards.get(content.name())));
                }
            }
            missed += signatures.missed() - before;
            return new RenderedZones.One(zone, served, nodes, missed == 0);
        }

        private NameNode node(NameContent content, @Nullable NameNode wildcard) {
            Rendering before = content.rendering();
            if (before != null && before.node().wildcard() == wildcard) {
                return before.node();
            }
            ids.note();
            NameNode node = render(content, wildcard);
            content.render(standsAlone(content) ? new Rendering(node, ids.noted()) : null);
            return node;
        }

        /** Whether its answers depend on nothing but itself and its zone. */
        private boolean standsAlone(NameContent content) {
            Decision decision = content.decision();
            return content.cname() == null && content.records(Type.NS).isEmpty() && !content.name().equals(zone.apex())
                    && (decision == null || decision.policy() != Policy.GEO);
        }

        private NameNode render(NameContent content, @Nullable NameNode wildcard) {
            Name name = content.name();
            Place place = new Place(name, !name.isWild(), zone.apex());
            Target target = Target.of(place);
            List<Record> delegation = zone.delegation(content);
            Answer referral = delegation.isEmpty() ? null : renderer.referral(Place.below(name), delegation);
            SortedMap<Integer, Answer> answers = new TreeMap<>();
            Answer other;
            Record cname = content.cname();
            if (cname == null) {
                for (int type : types(content)) {
                    answers.put(type, answer(target, content, type));
                }
                other = renderer.noData(target, 0);
            } else {
                other = renderCname(target, (CNAMERecord) cname, answers);
            }
            if (!content.isEmpty()) {
                // The same bytes behind every question, but for signatures.
                answers.put(RecordType.ANY, zone.signer() == null ? any : any(target));
            }
            addSecurity(target, content, answers);
            NsecChain chain = zone.chain();
            return new NameNode(name.toWireCanonical(), served, answers, other, referral, wildcard,
                    chain == null ? Denials.NONE : chain.denials(name, wildcard != null));
        }

        /** What only DNSSEC knows: the DS record, which the zone above holds, and NSEC and RRSIG when asked for. */
        private void addSecurity(Target target, NameContent content, SortedMap<Integer, Answer> answers) {
            ZoneRun above = content.name().equals(zone.apex()) && content.name().labels() > 1
                    ? home(new Name(content.name(), 1)) : null;
            if (above != null) {
                answers.put(Type.DS, above.delegationSigner(content.name()));
            }
            NsecChain chain = zone.chain();
            NSECRecord proof = chain == null ? null : chain.at(content.name());
            if (chain != null && proof != null && !content.name().isWild()) {
                answers.put(Type.NSEC, renderer.fixedSet(target, List.of(proof)));
                answers.put(Type.RRSIG, renderer.fixedSet(target, List.of(chain.signature(proof))));
            }
        }

        private Answer delegationSigner(Name child) {
            NameContent cut = zone.get(child);
            List<Record> ds = cut == null ? List.of() : cut.records(Type.DS);
            Target target = Target.of(new Place(child, true, zone.apex()));
            return ds.isEmpty() ? renderer.noData(target, Type.DS) : renderer.fixedSet(target, ds);
        }

        /** RFC 8482 section 4.2: ANY gets one small synthetic record, so that it is no amplifier. */
        private Answer any(Target target) {
            Record record = new HINFORecord(target.owner(), DClass.IN, ANY_TTL, "RFC8482", "");
            return renderer.fixedSet(target, List.of(record));
        }

        private static SortedSet<Integer> types(NameContent content) {
            SortedSet<Integer> types = new TreeSet<>(content.records().keySet());
            if (content.decision() != null) {
                types.add(Type.A);
                types.add(Type.AAAA);
            }
            return types;
        }

        private Answer answer(Target target, NameContent content, int type) {
            Decision decision = content.decision();
            if (decision != null && (type == Type.A || type == Type.AAAA)) {
                return renderer.addresses(target, decision, type);
            }
            List<Record> set = content.records(type);
            if (decision != null && ServiceHints.belongTo(type)) {
                set = ServiceHints.add(set, decision);
            }
            return type == Type.NS && content.name().equals(zone.apex()) && target.chain().isEmpty()
                    ? renderer.nameservers(target.place(), set)
                    : renderer.fixedSet(target, Retargeted.set(set, target.owner()));
        }

        /** Fills in what the end of the chain answers by type, and returns what it answers for all others. */
        private Answer renderCname(Target from, CNAMERecord first, SortedMap<Integer, Answer> answers) {
            List<Record> chain = new ArrayList<>(List.of(first));
            answers.put(Type.CNAME, renderer.chainOnly(new Target(from.place(), chain, from.owner())));
            Name end = first.getTarget();
            while (chain.size() <= MAX_CHAIN) {
                Target target = new Target(from.place(), chain, end);
                ZoneRun home = home(end);
                if (home == null || home.zone.isOccluded(end)) {
                    return renderer.chainOnly(target);
                }
                NameContent content = home.zone.resolve(end);
                if (content == null) {
                    return home.renderer.missing(target);
                }
                if (!home.zone.delegation(content).isEmpty()) {
                    return renderer.chainOnly(target);
                }
                Record next = content.cname();
                if (next == null) {
                    types(content).forEach(type -> answers.putIfAbsent(type, home.answer(target, content, type)));
                    return home.renderer.noData(target, 0);
                }
                chain.add(Retargeted.one(next, end));
                end = ((CNAMERecord) next).getTarget();
            }
            return renderer.chainOnly(new Target(from.place(), chain, end));
        }

        private @Nullable ZoneRun home(Name name) {
            for (int up = 0; up < name.labels(); up++) {
                ZoneRun run = runs.get(new Name(name, up));
                if (run != null) {
                    return run;
                }
            }
            return null;
        }
    }
}
