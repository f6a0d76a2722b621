package io.halite.dns;

import io.halite.dns.policy.Decision;
import io.halite.dns.policy.Decision.Considered;
import io.halite.dns.render.NameContent;
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
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
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
        if (number <= 0) {
            throw new IllegalArgumentException("not a record type: " + type);
        }
        try {
            Name name = Name.fromString(asked.toLowerCase(Locale.ROOT), Name.root);
            Asked told = ask(name, number, from == null ? InetAddress.getLoopbackAddress() : from);
            Message response = new Message(told.response());
            ZoneContent zone = zone(name);
            Decision decision = decision(zone, name);
            Decision.Side side = decision == null ? null : decision.side(number);
            return new DnsExplanation(name.toString(true), Type.string(number),
                    zone == null ? "" : zone.apex().toString(true), serving.table().revision(),
                    Rcode.string(response.getRcode()),
                    response.getSection(Section.ANSWER).stream().map(Record::toString).toList(),
                    decision == null ? "" : decision.policy().key(), side != null && side.degraded(),
                    side != null && side.panic(), scope(response),
                    side == null ? List.of() : side.considered().stream().map(one -> view(one, told.region())).toList());
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

    private static @Nullable Decision decision(@Nullable ZoneContent zone, Name name) {
        NameContent content = zone == null ? null : zone.resolve(name);
        return content == null ? null : content.decision();
    }

    private static DnsExplanation.Candidate view(Considered considered, String region) {
        var candidate = considered.candidate();
        boolean isElsewhere = !region.isEmpty() && !(considered.group() + ", ").startsWith(region + ", ");
        boolean others = considered.answered() && isElsewhere;
        return new DnsExplanation.Candidate(candidate.name(), considered.group(),
                candidate.addresses().stream().map(InetAddress::getHostAddress).toList(), candidate.weight(),
                considered.answered() && !isElsewhere, candidate.standing().name().toLowerCase(Locale.ROOT),
                others ? "the client is in region " + region : candidate.reason());
    }
}
