package io.halite.dns.render;

import java.util.List;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/** Records under another owner, as wildcards need. */
final class Retargeted {
    private Retargeted() {}

    static Record one(Record record, Name owner) {
        return record.getName().equals(owner)
                ? record
                : Record.newRecord(owner, record.getType(), record.getDClass(), record.getTTL(),
                        record.rdataToWireCanonical());
    }

    static List<Record> set(List<Record> records, Name owner) {
        return records.stream().map(record -> one(record, owner)).toList();
    }
}
