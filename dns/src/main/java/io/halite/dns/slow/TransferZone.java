package io.halite.dns.slow;

import io.halite.config.HostPort;
import io.halite.dns.serve.Networks;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TSIG;

/**
 * A zone as it may be copied.
 *
 * @param records all of them but the SOA
 * @param allow who may ask for a copy; with a key, nobody named is everybody who has it
 * @param keyName the key that requests must be signed with; null for none
 * @param secondaries who is told of changes
 */
public record TransferZone(
        Name apex, SOARecord soa, List<Record> records, Networks allow, @Nullable Name keyName, @Nullable TSIG key,
        List<HostPort> secondaries) {
    public TransferZone {
        records = List.copyOf(records);
        secondaries = List.copyOf(secondaries);
    }
}
