package io.halite.dns.serve;

import io.halite.dns.wire.Client;
import io.halite.dns.wire.Query;

/**
 * Server cookies in the interoperable form of RFC 9018: version, time and a hash over the client's cookie and address.
 * Mutable: owned by one worker.
 */
final class Cookies {
    private static final long VERSION_1 = 1L << 56;
    /** RFC 9018 section 4.3: accepted for an hour, five minutes ahead, and renewed after half an hour. */
    private static final int MAX_AGE = 3600;
    private static final int MAX_AHEAD = 300;
    private static final int RENEW_AGE = 1800;

    private final SipHash hash = new SipHash();
    private long high;
    private long low;

    /**
     * Checks the query's server cookie and makes the one to answer with.
     *
     * @param now seconds since 1970, of which 32 bits count
     * @return whether the query carried a valid one, so that its address is not forged
     */
    boolean check(Query query, Client client, CookieSecrets secrets, int now) {
        if (query.serverCookieLength() == 16) {
            long theirs = query.serverCookieHigh();
            int age = now - (int) theirs;
            boolean fresh = theirs >>> 32 == VERSION_1 >>> 32 && age <= MAX_AGE && age >= -MAX_AHEAD;
            if (fresh && query.serverCookieLow() == compute(query, client, secrets.current(), theirs)) {
                high = theirs;
                low = query.serverCookieLow();
                if (age > RENEW_AGE) {
                    renew(query, client, secrets, now);
                }
                return true;
            }
            renew(query, client, secrets, now);
            return fresh && query.serverCookieLow() == compute(query, client, secrets.previous(), theirs);
        }
        renew(query, client, secrets, now);
        return false;
    }

    private void renew(Query query, Client client, CookieSecrets secrets, int now) {
        high = VERSION_1 | Integer.toUnsignedLong(now);
        low = compute(query, client, secrets.current(), high);
    }

    private long compute(Query query, Client client, CookieSecrets.Key key, long versionAndTime) {
        long word0 = Long.reverseBytes(query.clientCookie());
        long word1 = Long.reverseBytes(versionAndTime);
        long sum = client.isIpv6()
                ? hash.of32(key, word0, word1, Long.reverseBytes(client.high()), Long.reverseBytes(client.low()))
                : hash.of20(key.high(), key.low(), word0, word1, Integer.reverseBytes((int) (client.high() >>> 32)));
        return Long.reverseBytes(sum);
    }

    /** The first eight bytes of the server cookie to send. */
    long high() {
        return high;
    }

    /** The last eight bytes of the server cookie to send. */
    long low() {
        return low;
    }
}
