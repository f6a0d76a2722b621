package io.halite.dns;

import io.halite.config.document.Addresses;
import io.halite.dns.policy.Decision;
import io.halite.dns.policy.Decision.Considered;
import io.halite.dns.policy.Selection;
import io.halite.dns.render.NameContent;
import io.halite.dns.render.RecordText;
import io.halite.dns.render.ZoneContent;
import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.Serving;
import io.halite.dns.table.NameNode;
import io.halite.dns.wire.Bytes;
import io.halite.dns.wire.Query;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SVCBBase;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Asks the fast path a real question and says how the answer came about. */
final class Explainer {
    private final FastPath path;
    private final Serving serving;
    private final SortedMap<String, ZoneContent> zones;

    Explainer(FastPath path, Serving serving, SortedMap<String, ZoneContent> zones) {
        this.path = path;
        this.serving = serving;
        this.zones = zones;
    }

    /**
     * The explanation.
     *
     * @throws IllegalArgumentException when name or type are none
     */
    DnsExplanation explain(String asked, String type, @Nullable InetAddress from) {
        int number = Type.value(type.toUpperCase(Locale.ROOT), true);
        if (number <= 0 || (number != Type.ANY && !Type.isRR(number))) {
            throw new IllegalArgumentException("not a record type: " + type);
        }
        try {
            Name name = Name.fromString(asked.toLowerCase(Locale.ROOT), Name.root);
            Asked told = ask(name, number, from == null ? InetAddress.getLoopbackAddress() : from);
            Message response = new Message(told.response());
            List<Record> answers = response.getSection(Section.ANSWER);
            ZoneContent zone = zone(name);
            Set<InetAddress> held = held(answers);
            Decision decision = decision(end(name, answers));
            List<Decision.Side> sides = decision == null ? List.of() : sides(decision, number, !held.isEmpty());
            return new DnsExplanation(name.toString(true), Type.string(number),
                    zone == null ? "" : zone.apex().toString(true), serving.table().revision(),
                    Rcode.string(response.getRcode()), answers.stream().map(RecordText::of).toList(),
                    decision == null || sides.isEmpty() ? "" : decision.policy().key(),
                    sides.stream().anyMatch(Decision.Side::degraded), sides.stream().anyMatch(Decision.Side::panic),
                    scope(response), candidates(sides, told.region(), held, number));
        } catch (IOException e) {
            throw new IllegalArgumentException("not a name: " + asked, e);
        }
    }

    /**
     * What came of a query.
     *
     * @param region of the client; empty where regions play no part
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Asked(byte[] response, String region) {}

    private Asked ask(Name name, int type, InetAddress client) {
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        int width = client.getAddress().length * 8;
        query.addRecord(new OPTRecord(FastPath.MAX_UDP, 0, 0, 0, List.of(new ClientSubnetOption(width, client))),
                Section.ADDITIONAL);
        byte[] bytes = query.toWire();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(FastPath.MAX_STREAM + Bytes.PADDING);
            MemorySegment.copy(bytes, 0, message, ValueLayout.JAVA_BYTE, 0, bytes.length);
            NameNode node = serving.table().findOrWildcard(message, Query.HEADER, name.length());
            path.begin(serving.table(), serving.secrets());
            path.client().set(client);
            String region = node == null ? "" : node.answer(type).region(path.client());
            int size = path.answer(message, 0, bytes.length, true);
            return new Asked(size > 0 ? message.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE) : bytes, region);
        }
    }

    private static int scope(Message response) {
        OPTRecord opt = response.getOPT();
        return opt == null ? 0 : opt.getOptions().stream()
                .mapToInt(option -> option instanceof ClientSubnetOption subnet ? subnet.getScopePrefixLength() : 0)
                .max().orElse(0);
    }

    private @Nullable ZoneContent zone(Name name) {
        for (int up = 0; up < name.labels(); up++) {
            ZoneContent zone = zones.get(new Name(name, up).toString(true));
            if (zone != null) {
                return zone;
            }
        }
        return null;
    }

    private @Nullable Decision decision(Name name) {
        ZoneContent zone = zone(name);
        NameContent content = zone == null ? null : zone.resolve(name);
        return content == null ? null : content.decision();
    }

    /** The name whose records are answered: that which was asked for, or what it is an alias of. */
    private static Name end(Name asked, List<Record> answers) {
        Name end = asked;
        for (Record record : answers) {
            if (record instanceof CNAMERecord alias && alias.getName().equals(end)) {
                end = alias.getTarget();
            }
        }
        return end;
    }

    /** What of a decision answers of a type are made from; nothing where they hold no addresses. */
    private static List<Decision.Side> sides(Decision decision, int type, boolean holdsAddresses) {
        return switch (type) {
            case Type.A -> List.of(decision.ipv4());
            case Type.AAAA -> List.of(decision.ipv6());
            case Type.HTTPS, Type.SVCB -> holdsAddresses ? List.of(decision.ipv4(), decision.ipv6()) : List.of();
            default -> List.of();
        };
    }

    /** The addresses and hints of an answer. */
    private static Set<InetAddress> held(List<Record> answers) throws UnknownHostException {
        Set<InetAddress> held = new HashSet<>();
        for (Record record : answers) {
            switch (record) {
                case ARecord four -> held.add(four.getAddress());
                case AAAARecord six -> held.add(six.getAddress());
                case SVCBBase service -> {
                    if (service.getSvcParamValue(SVCBBase.IPV4HINT) instanceof SVCBBase.ParameterIpv4Hint hint) {
                        held.addAll(hint.getAddresses());
                    }
                    if (service.getSvcParamValue(SVCBBase.IPV6HINT) instanceof SVCBBase.ParameterIpv6Hint hint) {
                        held.addAll(hint.getAddresses());
                    }
                }
                default -> { }
            }
        }
        return held;
    }

    /** All that were considered, each once for a group. */
    private static List<DnsExplanation.Candidate> candidates(
            List<Decision.Side> sides, String region, Set<InetAddress> held, int type) {
        Map<String, DnsExplanation.Candidate> candidates = new LinkedHashMap<>();
        for (Decision.Side side : sides) {
            Answered answered = new Answered(region, held, type, isSticky(side.selection(), region));
            for (Considered one : side.considered()) {
                candidates.merge(one.candidate().name() + ' ' + one.group(), answered.view(one),
                        (first, second) -> first.answered() ? first : second);
            }
        }
        return List.copyOf(candidates.values());
    }

    private static boolean isSticky(@Nullable Selection selection, String region) {
        return switch (selection) {
            case Selection.Even even -> even.sticky();
            case Selection.Weighted weighted -> weighted.sticky();
            case Selection.ByRegion regions -> isSticky(regions.regions().get(region), region);
            case Selection.Nothing nothing -> false;
            case null -> false;
        };
    }

    /**
     * Who is answered to one client.
     *
     * @param held the addresses of one answer
     * @param sticky whether the client gets no other answer than that
     */
    private record Answered(String region, Set<InetAddress> held, int type, boolean sticky) {

        DnsExplanation.Candidate view(Considered considered) {
            var candidate = considered.candidate();
            String whyNot = whyNot(considered);
            return new DnsExplanation.Candidate(candidate.name(), considered.group(),
                    candidate.addresses().stream().map(Addresses::text).toList(), candidate.weight(),
                    considered.answered() && whyNot.isEmpty(), candidate.standing().name().toLowerCase(Locale.ROOT),
                    whyNot.isEmpty() ? candidate.reason() : whyNot);
        }

        /** Why somebody who is answered to others is not answered to this client; empty when it is. */
        private String whyNot(Considered considered) {
            if (!considered.answered()) {
                return "";
            }
            if (!region.isEmpty() && !considered.region().equals(region)) {
                return "the client is in region " + region;
            }
            if (considered.candidate().addresses().stream().anyMatch(held::contains)) {
                return "";
            }
            if (type != Type.A && type != Type.AAAA) {
                return "no hint of this answer leads to it";
            }
            return sticky ? "the client's network stays with another" : held.isEmpty() ? "this answer is not its own" : "";
        }
    }
}
