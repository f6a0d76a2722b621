package io.halite.dns.render;

import io.halite.config.Revision;
import io.halite.dns.geo.GeoTableCompiler;
import io.halite.dns.policy.Quarantined;
import io.halite.dns.policy.ZonePlan;
import io.halite.dns.sign.SignatureBook;
import io.halite.dns.sign.ZoneKeys;
import io.halite.dns.table.GeoTable;
import io.halite.dns.table.ZoneTable;
import io.halite.dns.wire.NameHash;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/**
 * Compiles zone plans to a {@link ZoneTable}: {@link ReadZones} makes records of them, a {@link ZoneRenderer} for each zone
 * makes answers of those. Owned by the compiling thread; zones keep the index of their counters from table to table.
 */
public final class ZoneTableCompiler {
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
        Instant now = clock.instant();
        signatures.begin(enoughTime);
        serials.begin(revision, now, plans);
        CurrentKeys current = new CurrentKeys(keys, signatures, now);
        ReadZones read = new ReadZones(plans, current, serials, kept, quarantined);
        RenderedZones rendered = render(read, quarantined);
        boolean isWhole = rendered.keepFrom(last);
        last = rendered;
        signatures.end();
        geo.retain(plans.stream().flatMap(plan -> plan.zone().geoMaps().values().stream()).toList());
        ZoneTable table = new ZoneTable(revision.number(), rendered.answers(), hash, rendered.nodes(), rendered.served());
        long nextChange = LongStream.of(serials.nextChange(), signatures.nextChange(), current.nextChange())
                .min().orElseThrow();
        return new Compiled(table, rendered.contents(), quarantined, isWhole ? nextChange : 1, isWhole);
    }

    private RenderedZones render(ReadZones read, List<Quarantined> quarantined) {
        Signing signing = new Signing(read.contents());
        IdSource ids = read.ids();
        ZoneMap<ZoneRenderer> renderers = new ZoneMap<>();
        for (ReadZones.One zone : read.all()) {
            AnswerRenderer answers = new AnswerRenderer(zone.content(), geoTables(zone.plan(), quarantined), ids, signing);
            renderers.put(zone.content().apex(),
                    new ZoneRenderer(zone, counter(zone.content()), renderers, answers, ids, signatures));
        }
        RenderedZones rendered = new RenderedZones(ids);
        renderers.all().forEach(renderer -> rendered.add(renderer.render()));
        kept.replace(renderers.all().stream().flatMap(renderer -> renderer.kept().stream()).toList());
        return rendered;
    }

    private int counter(ZoneContent zone) {
        return counters.computeIfAbsent(zone.apex().toString(true), name -> counters.size() + 1);
    }

    private Map<String, GeoTable> geoTables(ZonePlan plan, List<Quarantined> quarantined) {
        Map<String, GeoTable> tables = new HashMap<>();
        plan.zone().geoMaps().forEach((name, map) -> tables.put(name, geo.compile(map,
                problem -> quarantined.add(new Quarantined("zone/" + plan.apex() + "/geoMaps/" + name,
                        "GEO_DATABASE_UNUSABLE", problem)))));
        return tables;
    }
}
