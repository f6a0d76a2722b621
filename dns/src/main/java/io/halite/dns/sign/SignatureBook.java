package io.halite.dns.sign;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DNSSEC.DNSSECException;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;

/**
 * Signs sets of records, each once for as long as its signature is fresh: when health changes, only sets that never
 * occurred before cost anything. Owned by the compiling thread, which calls {@link #begin} before each table and
 * {@link #end} after it.
 */
public final class SignatureBook {
    /** How long a signature is good. */
    public static final Duration VALIDITY = Duration.ofDays(14);
    /** What it must still be good for when it is answered, so that copies at secondaries do not expire. */
    public static final Duration RENEW_BEFORE = Duration.ofDays(7);
    /** Clocks of resolvers may be behind. */
    private static final Duration BACKDATE = Duration.ofHours(3);
    /** Spreads renewals over time. */
    private static final long SPREAD_SECONDS = Duration.ofDays(2).toSeconds();
    /** Tables for which a signature is kept that none of them needed. */
    private static final int KEEP_TABLES = 100;
    /** For each table so many are made, however little time there is, */
    private static final int LEAST = 32;
    /** or this part of those there are, since a table costs time by itself: the more, the larger its zones. */
    private static final int LEAST_PART = 8;
    /** The bytes of a P-256 signature. */
    private static final int SIGNATURE = 64;

    private final InstantSource clock;
    private final Map<Subject, Entry> entries = new HashMap<>();
    private long table;
    private Instant now;
    private Instant renewal = Instant.MAX;
    private BooleanSupplier mayGoOn = () -> true;
    private int least = LEAST;
    private int made;
    private int missed;

    /** Records are equal whatever their TTL. */
    private record Subject(SigningKey key, List<Record> set, long ttl) {}

    private static final class Entry {
        private final RRSIGRecord signature;
        private long lastUsed;

        Entry(RRSIGRecord signature) {
            this.signature = signature;
        }
    }

    /** An empty book. */
    public SignatureBook(InstantSource clock) {
        this.clock = clock;
        now = clock.instant();
    }

    /**
     * A table is about to be compiled: forgets what was long unused.
     *
     * @param enoughTime whether there is time to make another signature; those that are not made are {@link #missed}
     */
    public void begin(BooleanSupplier enoughTime) {
        mayGoOn = enoughTime;
        least = Math.max(LEAST, entries.size() / LEAST_PART);
        made = 0;
        missed = 0;
        now = clock.instant();
        renewal = Instant.MAX;
        table++;
        entries.values().removeIf(entry -> table - entry.lastUsed > KEEP_TABLES);
    }

    /** The table is made; what else is to be signed takes the time it needs. */
    public void end() {
        mayGoOn = () -> true;
    }

    /** How many signatures of the table could not be made in time: who was given one may not be answered from. */
    public int missed() {
        return missed;
    }

    /** In how many nanoseconds a signature of the last table must be renewed; {@link Long#MAX_VALUE} for never. */
    public long nextChange() {
        return renewal.equals(Instant.MAX)
                ? Long.MAX_VALUE : Math.max(1, Duration.between(clock.instant(), renewal).toNanos());
    }

    /** How many signatures it holds. */
    public int size() {
        return entries.size();
    }

    /**
     * The signature over a set.
     *
     * @param dnskey the key as the zone publishes it
     * @param set of one owner, type and TTL; of a wildcard under its own name
     */
    RRSIGRecord sign(SigningKey key, DNSKEYRecord dnskey, List<Record> set) {
        List<Record> sorted = set.stream().sorted().toList();
        Subject subject = new Subject(key, sorted, set.getFirst().getTTL());
        Entry entry = entries.get(subject);
        boolean isDue = entry == null || renewalOf(entry.signature).compareTo(now) <= 0;
        if (isDue && (made < least || mayGoOn.getAsBoolean())) {
            made++;
            entry = new Entry(make(key, dnskey, sorted));
            entries.put(subject, entry);
        }
        if (entry == null || entry.signature.getExpire().isBefore(now)) {
            missed++;
            return blank(dnskey, sorted.getFirst());
        }
        entry.lastUsed = table;
        Instant due = renewalOf(entry.signature);
        renewal = due.isBefore(renewal) ? due : renewal;
        return entry.signature;
    }

    private static Instant renewalOf(RRSIGRecord signature) {
        return signature.getExpire().minus(RENEW_BEFORE);
    }

    private RRSIGRecord blank(DNSKEYRecord dnskey, Record record) {
        return new RRSIGRecord(record.getName(), DClass.IN, record.getTTL(), record.getType(), dnskey.getAlgorithm(),
                record.getTTL(), now, now, dnskey.getFootprint(), dnskey.getName(), new byte[SIGNATURE]);
    }

    private RRSIGRecord make(SigningKey key, DNSKEYRecord dnskey, List<Record> set) {
        RRset rrset = new RRset(set.toArray(Record[]::new));
        long spread = Math.floorMod(set.hashCode(), SPREAD_SECONDS);
        try {
            return DNSSEC.sign(rrset, dnskey, key.privateKey(), now.minus(BACKDATE),
                    now.plus(VALIDITY).plusSeconds(spread));
        } catch (DNSSECException e) {
            throw new IllegalStateException("every Java platform signs with P-256", e);
        }
    }

    /** A signature under the name that a wildcard was expanded to. */
    public static RRSIGRecord under(RRSIGRecord signature, Name owner) {
        return signature.getName().equals(owner) ? signature
                : (RRSIGRecord) Record.newRecord(owner, signature.getType(), DClass.IN, signature.getTTL(),
                        signature.rdataToWireCanonical());
    }

    /** A signature with the TTL of its set where that was shortened, as in negative answers. */
    public static RRSIGRecord lasting(RRSIGRecord signature, long ttl) {
        return (RRSIGRecord) Record.newRecord(signature.getName(), signature.getType(), DClass.IN, ttl,
                signature.rdataToWireCanonical());
    }
}
