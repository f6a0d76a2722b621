package io.halite.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.PathForm;
import io.halite.config.document.ConfigDocument;
import io.halite.config.document.DocumentRules;
import io.halite.proxy.testing.Allocations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalPathTest {
    private static final String[] PIECES = {"/", "/", "//", ".", "..", "a", "b1", "%2e", "%2E", "%61", "%2F", "%2f", "%5c",
            "%20", "%7e", "%zz", "%", ";x", "%00", "-_~"};

    /** RFC 3986 §6.2.2.2 and §6.2.2.3, §5.2.4. */
    @ParameterizedTest
    @CsvSource({
        "/admin, /admin", "/%61dmin, /admin", "/%61%64%6d%69%6E, /admin", "//admin, /admin", "///admin//, /admin/",
        "/./admin, /admin", "/a/../admin, /admin", "/a/%2e%2e/admin, /admin", "/../admin, /admin",
        "/a/b/../../admin, /admin",
        "/admin/., /admin/", "/admin/.., /", "/.., /", "/., /", "/a/..b, /a/..b", "/.well-known/x, /.well-known/x",
        "/..., /...", "/a%2fb, /a%2Fb", "/a%20b%c3%b6, /a%20b%C3%B6", "/%7euser, /~user", "/%2561dmin, /%2561dmin",
        "/a%zz%, /a%25zz%25", "/%a%61, /%25aa", "/a;x=1/b, /a;x=1/b", "/.hidden/./x, /.hidden/x", "/a/.b./c, /a/.b./c"})
    void theNormalForm(String path, String normal) {
        assertEquals(normal, shown(path, PathForm.NORMALIZED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%00", "/a%2f../b", "/a/..%2fb", "/a/..%5Cb", "/a//../b", "/a/..//b", "/public/..;/admin",
        "/a/.;x/b", "/%2e%2e%2fadmin", "/a%2fb/../c", "/a%5c..%5cb", "/a/../b%2Fc"})
    void whatTargetsTakeInDifferentWaysIsRefused(String path) {
        assertEquals("ambiguous", shown(path, PathForm.NORMALIZED));
        assertEquals("ambiguous", shown(path, PathForm.STRICT));
        assertEquals(path, shown(path, PathForm.AS_SENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%2fb", "/a%5cb", "/a%zz", "/100%"})
    void strictRefusesWhatHidesASlashOrIsNoEncoding(String path) {
        assertEquals("ambiguous", shown(path, PathForm.STRICT));
        assertFalse(shown(path, PathForm.NORMALIZED).equals("ambiguous"));
    }

    /** Whoever writes a route in another form is told the one that requests have. */
    @Test
    void theDocumentKnowsTheSameForm() {
        long seed = Long.getLong("halite.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder document = new StringBuilder("apiVersion: halite/v1\nloadBalancers:\n  a:\n    routes:\n");
        List<String> paths = new ArrayList<>();
        for (int round = 0; round < 900; round++) {
            StringBuilder path = new StringBuilder("/");
            for (int piece = random.nextInt(9); piece > 0; piece--) {
                path.append(PIECES[random.nextInt(PIECES.length)]);
            }
            paths.add(path.toString());
            document.append("      - { match: { path: \"").append(path).append("\" }, respond: { status: 200 } }\n");
        }
        ConfigDocument.Outcome.Valid read = (ConfigDocument.Outcome.Valid) ConfigDocument.read(
                document.toString().getBytes(StandardCharsets.US_ASCII), DocumentRules.NONE);
        Map<String, String> hints = new HashMap<>();
        read.problems().forEach(problem -> hints.put(problem.pointer(), problem.hint()));
        for (int route = 0; route < paths.size(); route++) {
            String normal = shown(paths.get(route), PathForm.NORMALIZED);
            if (!normal.equals("ambiguous")) {
                assertEquals(normal.equals(paths.get(route)) ? null : "routes see paths in normal form: write " + normal,
                        hints.get("/loadBalancers/a/routes/" + route),
                        "seed " + seed + " path " + paths.get(route));
            }
        }
    }

    /** The form is a fixed point, does not depend on how a character was written, and holds nothing that it resolves. */
    @Test
    void theFormHoldsForAnyPath() {
        long seed = Long.getLong("halite.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 50_000; round++) {
            StringBuilder path = new StringBuilder("/");
            for (int piece = random.nextInt(9); piece > 0; piece--) {
                path.append(PIECES[random.nextInt(PIECES.length)]);
            }
            String given = path.toString();
            String hint = "seed " + seed + " path " + given;
            String normal = shown(given, PathForm.NORMALIZED);
            if (normal.equals("ambiguous")) {
                continue;
            }
            assertTrue(normal.startsWith("/"), hint);
            assertEquals(normal, shown(normal, PathForm.NORMALIZED), hint);
            assertFalse(normal.contains("//") || normal.contains("/./") || normal.contains("/../")
                    || normal.endsWith("/.") || normal.endsWith("/.."), hint + " normal " + normal);
            assertEquals(normal, shown(written(given, random), PathForm.NORMALIZED), hint);
            byte[] bytes = given.getBytes(StandardCharsets.ISO_8859_1);
            if (NormalPath.isNormal(bytes, 0, bytes.length)) {
                assertEquals(given, normal, hint);
            }
        }
    }

    @Test
    void pathsTakeNoMemoryInTheLongRun() {
        RequestHead plain = head("/shop/.well-known/article-17");
        RequestHead odd = head("/shop/../%61/b/c");
        Allocations.assertNone(() -> {
            plain.show(PathForm.NORMALIZED);
            odd.show(PathForm.NORMALIZED);
        });
    }

    /** The same path with some characters percent-encoded that need not be. */
    private static String written(String path, SplittableRandom random) {
        StringBuilder other = new StringBuilder();
        for (int at = 0; at < path.length(); at++) {
            char here = path.charAt(at);
            boolean inEncoding = (at > 0 && path.charAt(at - 1) == '%') || (at > 1 && path.charAt(at - 2) == '%');
            boolean unreserved = Character.isLetterOrDigit(here) || "-._~".indexOf(here) >= 0;
            if (unreserved && !inEncoding && random.nextBoolean()) {
                other.append('%').append(Integer.toHexString(here));
            } else {
                other.append(here);
            }
        }
        return other.toString();
    }

    private static RequestHead head(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
        RequestHead head = new RequestHead();
        head.reset(bytes, new byte[4]);
        head.path(0, bytes.length, bytes.length);
        return head;
    }

    private static String shown(String path, PathForm form) {
        RequestHead head = head(path);
        return head.show(form) ? new String(head.shown(), head.shownStart(), head.shownEnd() - head.shownStart(),
                StandardCharsets.ISO_8859_1) : "ambiguous";
    }
}
