package io.halite.dns.sign;

import java.util.List;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;

/** Signs the records of one zone with its key. */
public final class ZoneSigner {
    private final SignatureBook book;
    private final SigningKey key;
    private final DNSKEYRecord dnskey;
    private final List<Record> published;

    /**
     * A signer.
     *
     * @param ttl of the records that publish the key
     */
    public ZoneSigner(SignatureBook book, SigningKey key, Name apex, long ttl) {
        this.book = book;
        this.key = key;
        dnskey = key.dnskey(apex, ttl);
        published = List.of(dnskey, key.cds(apex, ttl), key.cdnskey(apex, ttl));
    }

    /** The records of the apex that publish the key: DNSKEY, CDS and CDNSKEY. */
    public List<Record> published() {
        return published;
    }

    public SigningKey key() {
        return key;
    }

    /** The signature over a set of one owner, type and TTL; of a wildcard under its own name. */
    public RRSIGRecord sign(List<Record> set) {
        return book.sign(key, dnskey, set);
    }
}
