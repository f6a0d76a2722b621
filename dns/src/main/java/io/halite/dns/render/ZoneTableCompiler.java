package io.halite.dns.render;

import io.halite.config.Revision;
import io.halite.dns.geo.GeoTableCompiler;
import io.halite.dns.policy.Decision;
import io.halite.dns.policy.Quarantined;
import io.halite.dns.policy.ZonePlan;
import io.halite.dns.render.AnswerRenderer.IdSource;
import io.halite.dns.render.AnswerRenderer.Target;
import io.halite.dns.render.TailWriter.Place;
import io.halite.dns.table.Answer;
import io.halite.dns.table.GeoTable;
import io.halite.dns.table.NameNode;
import io.halite.dns.table.ServedZone;
import io.halite.dns.table.ZoneTable;
import io.halite.dns.wire.NameHash;
import io.halite.dns.wire.RecordType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.HINFORecord;
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

    private final NameHash hash;
    private final GeoTableCompiler geo = new GeoTableCompiler();
    private final Map<String, Integer> counters = new HashMap<>();

    /** Compiles tables that share one hash. */
    public ZoneTableCompiler(NameHash hash) {
        this.hash = hash;
    }

    /**
     * A table with the records it was made from.
     *
     * @param zones by name without a final dot
     */
    public record Compiled(ZoneTable table, SortedMap<String, ZoneContent> zones, List<Quarantined> quarantined) {
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
        List<Quarantined> quarantined = new ArrayList<>();
        SortedMap<String, ZoneContent> contents = new TreeMap<>();
        ContentReader reader = new ContentReader(quarantined);
        for (ZonePlan plan : plans) {
            ZoneContent content = reader.read(plan, revision.number());
            if (content != null) {
                contents.put(plan.apex(), content);
            }
        }
        IdSource ids = new IdSource();
        Map<Name, ZoneRun> runs = new LinkedHashMap<>();
        for (ZonePlan plan : plans) {
            ZoneContent content = contents.get(plan.apex());
            if (content != null) {
                AnswerRenderer renderer = new AnswerRenderer(content, geoTables(plan, quarantined), ids);
                runs.put(content.apex(), new ZoneRun(content, runs, renderer));
            }
        }
        List<NameNode> nodes = new ArrayList<>();
        List<ServedZone> served = new ArrayList<>();
        runs.values().forEach(run -> served.add(run.render(nodes)));
        geo.retain(plans.stream().flatMap(plan -> plan.zone().geoMaps().values().stream()).toList());
        ZoneTable table = new ZoneTable(revision.number(), ids.count(), hash, nodes, served);
        return new Compiled(table, contents, quarantined);
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
        private final ZoneContent zone;
        private final Map<Name, ZoneRun> runs;
        private final AnswerRenderer renderer;
        private final ServedZone served;

        ZoneRun(ZoneContent zone, Map<Name, ZoneRun> runs, AnswerRenderer renderer) {
            this.zone = zone;
            this.runs = runs;
            this.renderer = renderer;
            int counter = counters.computeIfAbsent(zone.apex().toString(true), name -> counters.size() + 1);
            Answer missing = renderer.missing(Target.of(Place.below(zone.apex())));
            served = new ServedZone(zone.apex().toString(), counter, zone.apex().length(), missing);
        }

        ServedZone render(List<NameNode> nodes) {
            Map<Name, NameNode> wildcards = new HashMap<>();
            for (NameContent content : zone.names()) {
                if (content.name().isWild() && !zone.isOccluded(content.name())) {
                    NameNode node = node(content, null);
                    wildcards.put(new Name(content.name(), 1), node);
                    nodes.add(node);
                }
            }
            for (NameContent content : zone.names()) {
                if (!content.name().isWild() && !zone.isOccluded(content.name())) {
                    nodes.add(node(content, wildcards.get(content.name())));
                }
            }
            return served;
        }

        private NameNode node(NameContent content, @Nullable NameNode wildcard) {
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
                other = renderer.noData(target);
            } else {
                other = renderCname(target, (CNAMERecord) cname, answers);
            }
            if (!content.isEmpty()) {
                answers.put(RecordType.ANY, any(target));
            }
            return new NameNode(name.toWireCanonical(), served, answers, other, referral, wildcard);
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
            if (decision != null && (type == Type.HTTPS || type == Type.SVCB)) {
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
                    return home.renderer.noData(target);
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
