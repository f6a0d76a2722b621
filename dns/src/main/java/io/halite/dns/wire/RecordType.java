package io.halite.dns.wire;

import java.util.Locale;
import java.util.Map;

/** Record types by number, as far as Halite treats or counts them apart. */
public final class RecordType {
    public static final int A = 1;
    public static final int NS = 2;
    public static final int CNAME = 5;
    public static final int SOA = 6;
    public static final int PTR = 12;
    public static final int HINFO = 13;
    public static final int MX = 15;
    public static final int TXT = 16;
    public static final int AAAA = 28;
    public static final int SRV = 33;
    public static final int OPT = 41;
    public static final int DS = 43;
    public static final int RRSIG = 46;
    public static final int NSEC = 47;
    public static final int DNSKEY = 48;
    public static final int SVCB = 64;
    public static final int HTTPS = 65;
    public static final int TKEY = 249;
    public static final int TSIG = 250;
    public static final int IXFR = 251;
    public static final int AXFR = 252;
    public static final int MAILB = 253;
    public static final int MAILA = 254;
    public static final int ANY = 255;
    public static final int CAA = 257;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(A, "A"), Map.entry(NS, "NS"), Map.entry(CNAME, "CNAME"), Map.entry(SOA, "SOA"),
            Map.entry(PTR, "PTR"), Map.entry(HINFO, "HINFO"), Map.entry(MX, "MX"), Map.entry(TXT, "TXT"),
            Map.entry(AAAA, "AAAA"), Map.entry(SRV, "SRV"), Map.entry(OPT, "OPT"), Map.entry(DS, "DS"),
            Map.entry(RRSIG, "RRSIG"), Map.entry(NSEC, "NSEC"), Map.entry(DNSKEY, "DNSKEY"),
            Map.entry(SVCB, "SVCB"), Map.entry(HTTPS, "HTTPS"), Map.entry(TSIG, "TSIG"), Map.entry(IXFR, "IXFR"),
            Map.entry(AXFR, "AXFR"), Map.entry(ANY, "ANY"), Map.entry(CAA, "CAA"));

    private RecordType() {}

    /** The mnemonic, or {@code TYPE12345} as RFC 3597 section 5 writes an unknown one. */
    public static String name(int type) {
        return NAMES.getOrDefault(type, "TYPE" + type);
    }

    /** The number of a mnemonic in any case or of the {@code TYPE12345} form; -1 when it is neither. */
    public static int of(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        for (Map.Entry<Integer, String> known : NAMES.entrySet()) {
            if (known.getValue().equals(upper)) {
                return known.getKey();
            }
        }
        if (upper.matches("TYPE\\d{1,5}")) {
            int number = Integer.parseInt(upper.substring(4));
            return number <= 0xFFFF ? number : -1;
        }
        return -1;
    }
}
