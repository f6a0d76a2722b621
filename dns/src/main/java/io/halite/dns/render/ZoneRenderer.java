package io.halite.dns.render;

import io.halite.config.Zone.Policy;
import io.halite.dns.policy.Decision;
import io.halite.dns.render.AnswerRenderer.Target;
import io.halite.dns.render.KeptZones.Kept;
import io.halite.dns.render.NameContent.Rendering;
import io.halite.dns.render.TailWriter.Place;
import io.halite.dns.sign.SignatureBook;
import io.halite.dns.table.Answer;
import io.halite.dns.table.NameNode;
import io.halite.dns.table.NameNode.Denials;
import io.halite.dns.table.ServedZone;
import io.halite.dns.wire.RecordType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.HINFORecord;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Renders one zone of a table: what each of its names answers, type by type. Chains of CNAMEs lead on into the other zones
 * of the table.
 */
final class ZoneRenderer {
    /** How far a chain of CNAMEs is followed. */
    private static final int MAX_CHAIN = 8;
    private static final long ANY_TTL = 3600;

    private final ReadZones.One read;
    private final ZoneContent zone;
    private final ZoneMap<ZoneRenderer> all;
    private final AnswerRenderer renderer;
    private final IdSource ids;
    private final SignatureBook signatures;
    private final ServedZone served;
    private final Answer any;
    private final int[] ownIds;
    private int missed;

    /**
     * A renderer of a zone.
     *
     * @param counter index of the zone's query counters
     * @param all of the table, once they are all made
     */
    ZoneRenderer(
            ReadZones.One read, int counter, ZoneMap<ZoneRenderer> all, AnswerRenderer renderer, IdSource ids,
            SignatureBook signatures) {
        this.read = read;
        zone = read.content();
        this.all = all;
        this.renderer = renderer;
        this.ids = ids;
        this.signatures = signatures;
        Kept before = read.before();
        if (before != null) {
            served = before.served();
            any = before.any();
            ownIds = before.ids();
        } else {
            int missedBefore = signatures.missed();
            ids.note();
            served = serve(counter);
            any = any(Target.of(new Place(zone.apex(), true, zone.apex())));
            ownIds = ids.noted();
            missed = signatures.missed() - missedBefore;
        }
    }

    private ServedZone serve(int counter) {
        Answer missing = renderer.missing(Target.of(Place.below(zone.apex())));
        NsecChain chain = zone.chain();
        return new ServedZone(zone.apex().toString(), counter, zone.apex().length(), missing,
                chain == null ? null : chain.table(), read.plan().zone().logEvery());
    }

    RenderedZones.One render() {
        int missedBefore = signatures.missed();
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
        missed += signatures.missed() - missedBefore;
        return new RenderedZones.One(zone, served, nodes, missed == 0);
    }

    /** What the next table may take over of it. */
    Optional<Kept> kept() {
        return read.mayBeKept() ? Optional.of(new Kept(read.plan(), zone, served, any, ownIds)) : Optional.empty();
    }

    /** Whether a name is answered here: not below a delegation, and not itself a zone that is served here too. */
    private boolean isAnswered(Name name) {
        return !zone.isOccluded(name) && (name.equals(zone.apex()) || !all.isApex(name));
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
        Target target = Target.of(new Place(name, !name.isWild(), zone.apex()));
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
            answers.put(RecordType.ANY, zone.chain() == null ? any : any(target));
        }
        addSecurity(target, content, answers);
        NsecChain chain = zone.chain();
        return new NameNode(name.toWireCanonical(), served, answers, other, referral, wildcard,
                chain == null ? Denials.NONE : chain.denials(name, wildcard != null));
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

    /** RFC 8482 section 4.2: ANY gets one small synthetic record, so that it is no amplifier. */
    private Answer any(Target target) {
        Record record = new HINFORecord(target.owner(), DClass.IN, ANY_TTL, "RFC8482", "");
        return renderer.fixedSet(target, List.of(record));
    }

    /** What only DNSSEC knows: the DS record, which the zone above holds, and NSEC and RRSIG when asked for. */
    private void addSecurity(Target target, NameContent content, SortedMap<Integer, Answer> answers) {
        Name name = content.name();
        ZoneRenderer above = name.equals(zone.apex()) ? all.above(name) : null;
        if (above != null) {
            answers.put(Type.DS, above.delegationSigner(name));
        }
        NsecChain chain = zone.chain();
        NSECRecord proof = chain == null || name.isWild() ? null : chain.at(name);
        if (chain != null && proof != null) {
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

    /** Fills in what the end of the chain answers by type, and returns what it answers for all others. */
    private Answer renderCname(Target from, CNAMERecord first, SortedMap<Integer, Answer> answers) {
        List<Record> chain = new ArrayList<>(List.of(first));
        answers.put(Type.CNAME, renderer.chainOnly(new Target(from.place(), chain, from.owner())));
        Name end = first.getTarget();
        while (chain.size() <= MAX_CHAIN) {
            Target target = new Target(from.place(), chain, end);
            ZoneRenderer home = all.holding(end);
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
}
