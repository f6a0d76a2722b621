package io.halite.config.membership;

import io.halite.config.HostPort;
import io.halite.config.TargetRef;
import io.halite.config.wire.RecordReader;
import io.halite.config.wire.RecordWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one node last said of itself.
 *
 * @param applied the last Raft log index it has applied
 * @param activeRevision the revision whose products it works by
 * @param activeAdminVersion the count of admin state changes that it works by
 * @param freeBytes the free space of its data directory's disk
 * @param leaving whether it lets what is under way end because it is about to stop
 * @param underWay what it still has under way at targets that shall get nothing new; empty when it does not say
 * @param site where it stands; empty when it does not say
 * @param weight its share of weighted DNS names, 0 for standby
 * @param dnsAddresses by which DNS answers name it besides the host; a node of an older version says none
 */
public record NodeStatus(
        String id, String name, List<HostPort> addresses, String host, String version, int featureLevel, long applied,
        long activeRevision, long activeAdminVersion, long freeBytes, boolean leaving,
        Optional<UnderWay> underWay, List<Failure> failures, List<String> degraded, String site, int weight,
        List<String> dnsAddresses) {
    public static final int DEFAULT_WEIGHT = 100;

    public NodeStatus {
        addresses = List.copyOf(addresses);
        failures = List.copyOf(failures);
        degraded = List.copyOf(degraded);
        dnsAddresses = List.copyOf(dnsAddresses);
    }

    /**
     * An object that a node could not put to work.
     *
     * @param object {@code kind/name} or below
     * @param code stable, upper snake case
     */
    public record Failure(String object, String code, String message) {}

    /**
     * What a node still has under way at targets in drain or maintenance, as of its active admin version.
     *
     * @param sessions those targets that are not surely idle; a target in drain that is not among them is
     * @param leftOut how many more of them there are than are named
     */
    public record UnderWay(List<Sessions> sessions, int leftOut) {
        public static final UnderWay NOTHING = new UnderWay(List.of(), 0);

        public UnderWay {
            sessions = List.copyOf(sessions);
        }
    }

    /**
     * The sessions of one node with one target.
     *
     * @param count requests and connections under way; 0 when it only just became idle
     */
    public record Sessions(TargetRef target, int count) {}

    byte[] encode() {
        RecordWriter record = new RecordWriter().text(1, name).text(2, host).text(3, version)
                .number(4, featureLevel).number(5, applied).number(6, activeRevision).number(7, freeBytes)
                .number(11, activeAdminVersion).flag(12, leaving).text(13, site).number(14, weight + 1L);
        underWay.ifPresent(told -> {
            // Presence says that it tells at all: a node of an earlier version does not.
            record.record(15, new RecordWriter().number(1, told.leftOut()));
            told.sessions().forEach(one -> record.record(16, new RecordWriter()
                    .text(1, one.target().pool()).text(2, one.target().target()).number(3, one.count())));
        });
        addresses.forEach(place -> record.record(8, new RecordWriter().text(1, place.toString())));
        failures.forEach(failure -> record.record(9, new RecordWriter()
                .text(1, failure.object()).text(2, failure.code()).text(3, failure.message())));
        degraded.forEach(mode -> record.record(10, new RecordWriter().text(1, mode)));
        dnsAddresses.forEach(address -> record.record(17, new RecordWriter().text(1, address)));
        return record.toBytes();
    }

    /** Reads what {@link #encode} wrote; whose it is, the link has proved. */
    static NodeStatus decode(String id, byte[] bytes) {
        RecordReader record = RecordReader.of(bytes);
        List<HostPort> addresses = new ArrayList<>();
        record.records(8).forEach(place -> addresses.add(Places.parse(place.text(1))));
        List<Failure> failures = new ArrayList<>();
        record.records(9).forEach(failure ->
                failures.add(new Failure(failure.text(1), failure.text(2), failure.text(3))));
        List<String> degraded = new ArrayList<>();
        record.records(10).forEach(mode -> degraded.add(mode.text(1)));
        List<String> dnsAddresses = record.records(17).stream().map(address -> address.text(1)).toList();
        List<Sessions> sessions = new ArrayList<>();
        record.records(16).forEach(one -> sessions.add(
                new Sessions(new TargetRef(one.text(1), one.text(2)), (int) one.number(3))));
        Optional<UnderWay> underWay = record.has(15)
                ? Optional.of(new UnderWay(sessions, (int) record.record(15).number(1))) : Optional.empty();
        return new NodeStatus(id, record.text(1), addresses, record.text(2), record.text(3), (int) record.number(4),
                record.number(5), record.number(6), record.number(11), record.number(7), record.flag(12), underWay,
                failures, degraded, record.text(13), weight(record.number(14)), dnsAddresses);
    }

    /** A node of an older version says nothing of it. */
    private static int weight(long onePlus) {
        return onePlus == 0 ? DEFAULT_WEIGHT : (int) onePlus - 1;
    }
}
