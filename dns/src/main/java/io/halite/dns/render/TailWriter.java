package io.halite.dns.render;

import io.halite.dns.table.Proof;
import io.halite.dns.table.Tail;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;

/**
 * Lays records out behind a question, with names compressed against it and against each other. Names inside records are
 * compressed for the types of RFC 1035 only (RFC 3597 section 4). Used for one tail.
 */
final class TailWriter {
    /** No record belongs to it. */
    private static final Name NOBODY = Name.fromConstantString("nobody.invalid.");
    private static final int HEADER = 12;
    private static final int QUESTION_FIXED = 4;
    /** A pointer reaches 16383 bytes; the question takes at most 259 and the header 12. */
    private static final int LAST_TARGET = 0x3FFF - HEADER - 255 - QUESTION_FIXED;

    private final Name self;
    private final boolean known;
    private final Name apex;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);
    private final Map<Name, Integer> written = new HashMap<>();
    private final List<Integer> patches = new ArrayList<>();
    /** The length of each record's data by where it must be filled in. */
    private final Map<Integer, Integer> lengths = new HashMap<>();

    private TailWriter(Place place) {
        self = place.self();
        known = place.isKnown();
        apex = place.apex();
    }

    /**
     * What is known of the question.
     *
     * @param self the name asked for, or the wildcard that stands for it
     * @param isKnown whether exactly {@code self} is asked for; else any name below the apex
     * @param apex the end that every name asked for has: that of the zone or of a delegated name
     */
    record Place(Name self, boolean isKnown, Name apex) {
        /** Any name at or below this. */
        static Place below(Name apex) {
            return new Place(NOBODY, false, apex);
        }
    }

    static Tail write(Place place, Sections sections, @Nullable Tail signed, Proof proof) {
        TailWriter writer = new TailWriter(place);
        sections.answer().forEach(writer::record);
        sections.authority().forEach(writer::record);
        sections.additional().forEach(writer::record);
        int[] counts = {sections.answer().size(), sections.authority().size(), sections.additional().size()};
        byte[] bytes = writer.out.toByteArray();
        writer.lengths.forEach((at, length) -> {
            bytes[at] = (byte) (length >>> 8);
            bytes[at + 1] = length.byteValue();
        });
        return new Tail(bytes, counts, writer.patches, signed, proof);
    }

    private void record(Record record) {
        name(record.getName());
        u16(record.getType());
        u16(record.getDClass());
        u32(record.getTTL());
        int lengthAt = out.size();
        u16(0);
        data(record);
        lengths.put(lengthAt, out.size() - lengthAt - 2);
    }

    private void data(Record record) {
        switch (record) {
            case NSRecord ns -> name(ns.getTarget());
            case CNAMERecord cname -> name(cname.getTarget());
            case PTRRecord ptr -> name(ptr.getTarget());
            case MXRecord mx -> {
                u16(mx.getPriority());
                name(mx.getTarget());
            }
            case SOARecord soa -> {
                name(soa.getHost());
                name(soa.getAdmin());
                u32(soa.getSerial());
                u32(soa.getRefresh());
                u32(soa.getRetry());
                u32(soa.getExpire());
                u32(soa.getMinimum());
            }
            default -> out.writeBytes(record.rdataToWireCanonical());
        }
    }

    private void name(Name name) {
        if (name.equals(self)) {
            u16(0xC000 | HEADER);
            return;
        }
        for (int label = 0; label < name.labels() - 1; label++) {
            Name suffix = new Name(name, label);
            if (point(suffix)) {
                return;
            }
            if (out.size() <= LAST_TARGET) {
                written.putIfAbsent(suffix, out.size());
            }
            out.writeBytes(name.getLabel(label));
        }
        out.write(0);
    }

    private boolean point(Name suffix) {
        if (known && self.subdomain(suffix)) {
            u16(0xC000 | (HEADER + self.length() - suffix.length()));
            return true;
        }
        if (!known && apex.subdomain(suffix)) {
            patches.add(out.size());
            u16(Tail.APEX_MARK | (apex.length() - suffix.length()));
            return true;
        }
        Integer target = written.get(suffix);
        if (target == null) {
            return false;
        }
        if (known) {
            u16(0xC000 | (HEADER + self.length() + QUESTION_FIXED + target));
        } else {
            patches.add(out.size());
            u16(Tail.TAIL_MARK | target);
        }
        return true;
    }

    private void u16(int value) {
        out.write(value >>> 8);
        out.write(value);
    }

    private void u32(long value) {
        u16((int) (value >>> 16) & 0xFFFF);
        u16((int) value & 0xFFFF);
    }
}
