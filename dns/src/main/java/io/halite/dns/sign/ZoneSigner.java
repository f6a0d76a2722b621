package io.halite.dns.sign;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Signs the records of one zone with its key. */
public final class ZoneSigner {
    private final SignatureBook book;
    private final SigningKey key;
    private final List<DNSKEYRecord> dnskeys;
    private final List<SigningKey> keys;
    private final List<Record> published;

    /**
     * A signer.
     *
     * @param ttl of the records that publish the keys
     */
    public ZoneSigner(SignatureBook book, KeyRing ring, Instant now, Name apex, long ttl) {
        this.book = book;
        key = ring.signing(now);
        keys = ring.published(now);
        dnskeys = keys.stream().map(one -> one.dnskey(apex, ttl)).toList();
        published = new ArrayList<>(dnskeys);
        published.add(key.cds(apex, ttl));
        published.add(key.cdnskey(apex, ttl));
    }

    /** The records of the apex that publish the keys: DNSKEY, and of the one that signs CDS and CDNSKEY. */
    public List<Record> published() {
        return List.copyOf(published);
    }

    public SigningKey key() {
        return key;
    }

    /** The keys of the zone by their tags, the oldest first. */
    public List<SigningKey> keys() {
        return keys;
    }

    /** The signature over a set of one owner, type and TTL; of a wildcard under its own name. */
    public RRSIGRecord sign(List<Record> set) {
        return book.sign(key, dnskeys.get(keys.indexOf(key)), set);
    }

    /**
     * All signatures over a set: the keys, and what the zone above may copy of them, are signed by each of them, since a
     * resolver may know either from above (RFC 6781 section 4.1.2, RFC 7344 section 4.1).
     */
    public List<RRSIGRecord> signatures(List<Record> set) {
        int type = set.getFirst().getType();
        if (type != Type.DNSKEY && type != Type.CDS && type != Type.CDNSKEY) {
            return List.of(sign(set));
        }
        List<RRSIGRecord> all = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            all.add(book.sign(keys.get(i), dnskeys.get(i), set));
        }
        return all;
    }
}
