package io.halite.proxy.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.config.AdminState;
import io.halite.config.WhenAllDown;
import io.halite.health.Health;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who takes new requests, as a table. Each word describes a member: H healthy, U unhealthy, ? unknown; with d for drain,
 * m for maint, 0 for weight zero. The members are named a, b, c … in this order.
 */
class EligibilityTest {
    @ParameterizedTest(name = "{0} at {1} % {2}: {3}, panic {4}")
    @CsvSource({
        // One bad of many is simply out.
        "H H H,          50, all,       abc,  false",
        "H H U,          50, all,       ab,   false",
        "H U,            50, all,       a,    false",
        "H U U,          34, all,       abc,  true",
        "H U U,          33, all,       a,    false",
        // Unknown waits for its first success, and is no reason to panic.
        "H ?,            50, all,       a,    false",
        "H ? ? ?,        50, all,       a,    false",
        "U ? ?,          50, all,       abc,  true",
        "? ? ?,          50, all,       abc,  false",
        "? ? ?,          50, none,      abc,  false",
        // A member in maintenance is never probed and says nothing about the others; one that drains is.
        "? ? ?m,         50, all,       ab,   false",
        "? ? Hm,         50, all,       ab,   false",
        "? ? Hd,         50, none,      '',   true",
        // Admin states and zero weights hold in a panic too.
        "U U Hd,         50, all,       ab,   true",
        "U U Hm,         50, all,       ab,   true",
        "U U H0,         50, all,       ab,   true",
        "Hd Hm H0,       50, all,       '',   false",
        "H Hd Hm H0,     50, all,       a,    false",
        // What a panic does.
        "H U U U,        50, all,       abcd, true",
        "H U U U,        50, none,      a,    true",
        "H U U U,        50, backup,    a,    true",
        "H U U U,        50, lastKnown, abcd, true",
        "U U,            50, all,       ab,   true",
        "U U,            50, none,      '',   true",
        "U U,            50, backup,    '',   true",
        "U U,            50, servfail,  '',   true",
        "U U,            50, refuse,    '',   true",
        // A threshold of zero: only the loss of all is a panic. Of a hundred: any loss is.
        "H U U U,        0,  all,       a,    false",
        "U U U U,        0,  all,       abcd, true",
        "H H H U,        100, all,      abcd, true",
        "H H H H,        100, all,      abcd, false"})
    void candidates(String members, int threshold, String whenAllDown, String candidates, boolean panicking) {
        TestPool pool = pool(members).panic(threshold, policy(whenAllDown));

        PoolTable table = pool.table();

        assertEquals(candidates, candidates(table));
        assertEquals(panicking, table.eligibility().panicking());
    }

    /** A small number of targets may be too few for the load although it is a large share of the pool. */
    @ParameterizedTest(name = "{0}, at least {1}: {2}, panic {3}")
    @CsvSource({
        "H H U U,    2, ab,    false",
        "H H U U,    3, abcd,  true",
        "H U U Hm,   2, abc,   true",
        // Too few because there are no more, or unproven: their health is not what is missing.
        "H H,        3, ab,    false",
        "H ? ?,      3, a,     false"})
    void aMinimumOfHealthyTargets(String members, int minimum, String candidates, boolean panicking) {
        PoolTable table = pool(members).panic(0, WhenAllDown.ALL).minimumHealthy(minimum).table();

        assertEquals(candidates, candidates(table));
        assertEquals(panicking, table.eligibility().panicking());
    }

    @Test
    void lastKnownIsWhatWasGoodBeforeThePanicAndWhoIsGoodNow() {
        TestPool pool = pool("H H U U").panic(50, WhenAllDown.LAST_KNOWN);
        assertEquals("ab", candidates(pool.table()));

        pool.health("a", Health.UNHEALTHY);
        assertEquals("ab", candidates(pool.table()));
        pool.health("b", Health.UNHEALTHY);
        assertEquals("ab", candidates(pool.table()));
        pool.health("c", Health.HEALTHY);
        assertEquals("abc", candidates(pool.table()), "b is still remembered, c is good now");
        pool.admin("b", AdminState.MAINT);
        assertEquals("ac", candidates(pool.table()));
        pool.health("d", Health.HEALTHY);
        assertEquals("cd", candidates(pool.table()), "no panic any more");
    }

    @Test
    void theStandingOfEachMemberIsTold() {
        PoolTable table = pool("H U ? H0 Hd Hm").table();

        assertEquals("[ELIGIBLE, UNHEALTHY, UNPROVEN, WEIGHTLESS, DRAINING, MAINTENANCE]",
                table.eligibility().standings().toString());
    }

    @ParameterizedTest
    @CsvSource({"H H, ab", "H U, a", "H ?, ab", "H Hd, ab", "H Ud, a", "H ?d, ab", "H Hm, a", "H H0, a", "U U, ab"})
    void whoKeepsSessions(String members, String keepers) {
        PoolTable table = pool(members).table();
        StringBuilder kept = new StringBuilder();
        for (int at = 0; at < table.size(); at++) {
            kept.append(table.eligibility().keepsSessions(at) ? table.target(at).ref().target() : "");
        }
        assertEquals(keepers, kept.toString());
    }

    private static TestPool pool(String members) {
        TestPool pool = TestPool.of();
        char name = 'a';
        for (String member : members.split(" ", -1)) {
            String target = String.valueOf(name++);
            pool.add(target, member.endsWith("0") ? 0 : 100).health(target, switch (member.charAt(0)) {
                case 'H' -> Health.HEALTHY;
                case 'U' -> Health.UNHEALTHY;
                default -> Health.UNKNOWN;
            }).admin(target, member.endsWith("d") ? AdminState.DRAIN
                    : member.endsWith("m") ? AdminState.MAINT : AdminState.READY);
        }
        return pool;
    }

    private static WhenAllDown policy(String key) {
        return WhenAllDown.valueOf(key.equals("lastKnown") ? "LAST_KNOWN" : key.toUpperCase(Locale.ROOT));
    }

    private static String candidates(PoolTable table) {
        TreeSet<String> names = new TreeSet<>();
        for (int at : table.eligibility().candidates()) {
            names.add(table.target(at).ref().target());
        }
        return String.join("", names);
    }
}
