package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.PatchFailedException;
import io.halite.config.ClusterConfig;
import io.halite.config.document.ConfigDiff.Kind;
import io.halite.config.document.ConfigDiff.ObjectChange;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a person is shown before a change is applied. */
class ConfigDiffTest {
    private static final String BEFORE = """
            apiVersion: halite/v1
            loadBalancers:
              pay:
                domain: pay.lb.example.net
                listeners:
                  - { name: web, address: "0.0.0.0:80", protocol: http }
                  - { name: old, address: "0.0.0.0:81", protocol: http }
                  - { name: db, address: "0.0.0.0:5432", protocol: tcp, pool: db }
                routes:
                  - match: { path: /checkout* }
                    forward: [ { pool: app, weight: 90 }, { pool: next, weight: 10 } ]
                  - { name: gone, match: { path: /gone }, forward: app }
                  - forward: app
            pools:
              app: { targets: [ { name: a, address: "10.0.0.1:80" }, { name: b, address: "10.0.0.2:80" } ] }
              db: { targets: [ "10.0.1.1:5432" ] }
              next: { targets: [ "10.0.0.9:80" ] }
              unused: {}
            """;
    private static final String AFTER = """
            apiVersion: halite/v1
            loadBalancers:
              pay:
                listeners:
                  - { name: web, address: "0.0.0.0:8080", protocol: http }
                  - { name: new, address: "0.0.0.0:82", protocol: http }
                  - { name: db, address: "0.0.0.0:5432", protocol: tcp, pool: next }
                routes:
                  - match: { host: [ a.example.com, b.example.com ] }
                    redirect: { to: /elsewhere }
                  - match: { path: /checkout* }
                    forward: [ { pool: app, weight: 50 }, { pool: next, weight: 50 } ]
                  - respond: { status: 503 }
                timeouts: { idle: 10s }
            pools:
              app:
                algorithm: leastRequest
                targets:
                  - { name: a, address: "10.0.0.1:80", weight: 10 }
                  - { name: b, address: "10.0.0.3:80" }
                  - "10.0.0.4:80"
              db: { targets: [ "10.0.1.1:5432" ] }
              next: { targets: [] }
            zones:
              lb.example.net: { nameservers: [ lb-1, lb-2 ] }
            """;

    private static ConfigDiff diff(String from, String to) {
        return ConfigDiff.of(Documents.valid(from), Documents.valid(to), "revision 4", "revision 5");
    }

    @Test
    void theEffectsAreToldInSentences() {
        Golden.check("diff-effects.txt", String.join("\n", diff(BEFORE, AFTER).effects()) + "\n");
    }

    @Test
    void theTextIsAUnifiedDiffOfTheExports() {
        Golden.check("diff.txt", diff(BEFORE, AFTER).text());
    }

    @Test
    void objectsAreAddedChangedAndRemoved() {
        assertEquals(List.of(new ObjectChange(Kind.CHANGED, new ObjectKey("loadBalancers", "pay")),
                new ObjectChange(Kind.CHANGED, new ObjectKey("pools", "app")),
                new ObjectChange(Kind.CHANGED, new ObjectKey("pools", "next")),
                new ObjectChange(Kind.REMOVED, new ObjectKey("pools", "unused")),
                new ObjectChange(Kind.ADDED, new ObjectKey("zones", "lb.example.net"))), diff(BEFORE, AFTER).changes());
    }

    @Test
    void settingsThatTakeEffectElsewhereAreToldToo() {
        ConfigDiff diff = diff(BEFORE, BEFORE.replace("domain: pay.lb.example.net", "access: { deny: 10.0.0.0/8 }")
                .replace("match: { path: /gone }, forward: app",
                        "match: { path: /gone }, forward: app, rewrite: { path: / }")
                .replace("\"10.0.0.2:80\" }", "\"10.0.0.2:80\", priority: 1 }"));
        assertEquals(List.of("changes rewrite of route pay/gone", "no longer answers DNS for pay.lb.example.net",
                "changes access of pay", "changes priority of app/b from 0 to 1"), diff.effects());
    }

    @Test
    void nothingDiffersFromItself() {
        ConfigDiff diff = diff(BEFORE, BEFORE);
        assertTrue(diff.isEmpty());
        assertEquals("", diff.text());
        assertEquals(List.of(), diff.effects());
    }

    @Test
    void theTextTurnsOneExportIntoTheOther() throws PatchFailedException {
        for (long seed = 1; seed <= 200; seed++) {
            ClusterConfig from = new RandomConfig(seed).next();
            ClusterConfig to = new RandomConfig(seed + 1_000).next();
            String text = ConfigDiff.of(from, to).text();
            List<String> patched = UnifiedDiffUtils.parseUnifiedDiff(text.lines().toList())
                    .applyTo(ConfigDocument.yaml(from).lines().toList());
            assertEquals(ConfigDocument.yaml(to).lines().toList(), patched, "seed " + seed + "\n" + text);
        }
    }

    @Test
    void manyEffectsAreCounted() {
        StringBuilder many = new StringBuilder("apiVersion: halite/v1\npools:\n");
        for (int i = 0; i < 100; i++) {
            many.append("  p").append(i).append(": {}\n");
        }
        List<String> effects = diff("apiVersion: halite/v1\n", many.toString()).effects();
        assertEquals(41, effects.size());
        assertEquals("and 60 more effects", effects.getLast());
    }
}
