package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.halite.config.Action;
import io.halite.config.Algorithm;
import io.halite.config.ClusterConfig;
import io.halite.config.HealthCheck;
import io.halite.config.HostPort;
import io.halite.config.LoadBalancer;
import io.halite.config.PathMatch;
import io.halite.config.Pool;
import io.halite.config.Protocol;
import io.halite.config.Sticky;
import io.halite.config.Target;
import io.halite.config.Timeouts;
import io.halite.config.VirtualAddress;
import io.halite.config.Zone;
import io.halite.config.document.ConfigDocument.Outcome;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The sample document of the contract reads as what it says. */
class ContractSampleTest {
    private static ClusterConfig sample() throws TreeSyntaxException {
        Tree document = TreeText.read(Documents.resource("contract-sample.yaml"), TreeLimits.DOCUMENT);
        CertificateFiles.Inlined inlined = CertificateFiles.inline(document, Documents::text);
        assertEquals(List.of(), inlined.problems());
        Outcome outcome = ConfigDocument.read(inlined.document(), DocumentRules.NONE);
        assertEquals(List.of("/virtualAddresses NOT_IN_EFFECT", "/autoscaling NOT_IN_EFFECT"),
                outcome.problems().stream().map(problem -> problem.pointer() + " " + problem.code()).toList());
        return assertInstanceOf(Outcome.Valid.class, outcome).config();
    }

    @Test
    void theSampleIsValidAndWarnsOnlyOfWhatHasNoEffectYet() throws TreeSyntaxException {
        assertEquals(Set.of("checkout", "checkout-v2", "db"), sample().pools().keySet());
    }

    @Test
    void theSampleSurvivesExportAndImportInBothSpellings() throws TreeSyntaxException {
        ClusterConfig sample = sample();
        assertEquals(sample, Documents.valid(ConfigDocument.yaml(sample)));
        assertEquals(sample, Documents.valid(TreeText.json(ConfigDocument.write(sample))));
        assertEquals(sample, Documents.valid(TreeText.prettyJson(ConfigDocument.write(sample))));
        assertEquals(sample, ConfigObjects.decode(ConfigObjects.encode(sample)));
    }

    @Test
    void listenersAndRoutesOfTheSample() throws TreeSyntaxException {
        LoadBalancer payments = Documents.get(sample().loadBalancers(), "payments");
        assertEquals("payments.lb.example.net", payments.domain());
        assertEquals(List.of(Protocol.HTTP, Protocol.HTTPS, Protocol.TCP),
                payments.listeners().stream().map(listener -> listener.protocol()).toList());
        assertEquals(new HostPort("0.0.0.0", 443), payments.listeners().get(1).address());
        assertEquals(List.of("shop"), payments.listeners().get(1).certificates());
        assertEquals("db", payments.listeners().get(2).pool());
        assertEquals(List.of("r1", "r2", "r3"), payments.routes().stream().map(route -> route.name()).toList());
        assertEquals(new PathMatch.Prefix("/checkout"), payments.routes().get(0).match().path());
        assertEquals(List.of("GET", "POST"), payments.routes().get(0).match().methods());
        assertEquals("1", payments.routes().get(0).match().headers().get("x-canary"));
        assertEquals(new Action.Forward(List.of(new Action.WeightedPool("checkout", 90),
                new Action.WeightedPool("checkout-v2", 10))), payments.routes().get(0).action());
        assertEquals(new PathMatch.Exact("/old"), payments.routes().get(1).match().path());
        assertEquals(new Action.Redirect("https://shop.example.com/new", 308), payments.routes().get(1).action());
        assertEquals(new Action.Forward(List.of(new Action.WeightedPool("checkout", Target.DEFAULT_WEIGHT))),
                payments.routes().get(2).action());
        assertEquals(Timeouts.DEFAULT, payments.timeouts());
    }

    @Test
    void poolsOfTheSample() throws TreeSyntaxException {
        Pool checkout = Documents.get(sample().pools(), "checkout");
        assertEquals(Algorithm.DEFAULT, checkout.algorithm());
        assertEquals(new Sticky("hlt"), checkout.sticky());
        assertEquals(HealthCheck.of(HealthCheck.Http.get("/health")), checkout.check());
        assertEquals(Duration.ofSeconds(30), checkout.slowStart());
        assertEquals(List.of(new Target("10-0-0-11-8080", new HostPort("10.0.0.11", 8080), 100),
                new Target("c2", new HostPort("10.0.0.12", 8080), 50)), checkout.targets());
        assertEquals(HealthCheck.DEFAULT, Documents.get(sample().pools(), "db").check());
        assertNull(Documents.get(sample().pools(), "db").sticky());
    }

    @Test
    void theOtherSectionsOfTheSample() throws TreeSyntaxException {
        ClusterConfig sample = sample();
        assertEquals("shop-key", Documents.get(sample.certificates(), "shop").keySecret());
        assertEquals(Documents.text("shop.pem"), Documents.get(sample.certificates(), "shop").pem());
        Zone zone = Documents.get(sample.zones(), "lb.example.net");
        assertEquals(List.of("lb-1", "lb-2"), zone.nameservers());
        assertEquals(Zone.Policy.ROUND_ROBIN, zone.policy());
        VirtualAddress front = Documents.get(sample.virtualAddresses(), "front");
        assertEquals("203.0.113.10/24", front.address().toString());
        assertEquals(51, front.routerId());
        assertEquals(60, Documents.get(sample.autoscaling(), "edge").target());
    }

    @Test
    void whatTheSampleSaysByDefaultIsLeftOutOfItsExport() throws TreeSyntaxException {
        Golden.check("contract-sample-canonical.yaml", ConfigDocument.yaml(sample()));
    }
}
