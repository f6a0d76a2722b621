package io.halite.admin.api;

import io.halite.admin.access.AuditLog;
import io.halite.admin.access.Role;
import io.halite.admin.http.Answer;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.Endpoint;
import io.halite.admin.node.NodeView;
import io.halite.admin.node.RequestTracer;
import io.halite.config.document.ConfigDocument;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Operations on the node that is asked itself: is it well, what does it count, where would a request go. */
public final class NodeApi {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final int MAX_AUDIT = 1_000;

    private final NodeView node;
    private final RequestTracer tracer;
    private final AuditLog audit;

    public NodeApi(NodeView node, RequestTracer tracer, AuditLog audit) {
        this.node = node;
        this.tracer = tracer;
        this.audit = audit;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.open("GET", "/healthz", call -> Answer.of(Tree.mapping().put("status", "ok").build())),
                Endpoint.open("GET", "/readyz", call -> ready()),
                Endpoint.open("GET", "/api/v1/openapi.yaml", call -> Answer.text(Answer.YAML, openApi())),
                Endpoint.reads("GET", "/api/v1/schema.json", Role.VIEWER, call -> Answer.text("application/schema+json",
                        TreeText.prettyJson(ConfigDocument.schema()))),
                Endpoint.reads("GET", "/metrics", Role.METRICS, call -> Answer.text(METRICS_TYPE, node.metrics())),
                Endpoint.reads("GET", "/api/v1/metrics", Role.METRICS, call -> Answer.text(METRICS_TYPE, node.metrics())),
                Endpoint.reads("GET", "/api/v1/audit", Role.ADMIN, this::audit),
                Endpoint.reads("POST", "/api/v1/trace", Role.VIEWER, this::trace));
    }

    private Answer ready() {
        boolean serving = node.isServing();
        return Answer.of(Tree.mapping().put("status", serving ? "ready" : "not ready").build())
                .withStatus(serving ? 200 : 503);
    }

    static String openApi() {
        try (InputStream text = NodeApi.class.getResourceAsStream("openapi.yaml")) {
            if (text == null) {
                throw new IllegalStateException("openapi.yaml is missing beside " + NodeApi.class.getName());
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("openapi.yaml cannot be read", e);
        }
    }

    private Answer audit(Call call) {
        List<Tree> entries = new ArrayList<>();
        audit.latest(call.number("limit", 1, MAX_AUDIT, 100)).forEach(entry -> entries.add(entry.tree().build()));
        return Answer.of(Tree.mapping().put("node", node.name()).put("entries", Tree.list(entries)).build());
    }

    private Answer trace(Call call) {
        Tree.Mapping body = call.object();
        Call.allow(body, "method", "url", "headers", "from");
        String url = Call.required(body, "url");
        requireUrl(url);
        String from = Call.text(body, "from").orElse("127.0.0.1");
        address(from);
        TreeMap<String, String> headers = new TreeMap<>();
        if (body.get("headers") instanceof Tree.Mapping given) {
            for (Map.Entry<String, Tree> header : given.entries().entrySet()) {
                headers.put(header.getKey().toLowerCase(Locale.ROOT), Call.required(given, header.getKey()));
            }
        }
        String method = Call.text(body, "method").orElse("GET").toUpperCase(Locale.ROOT);
        RequestTracer.Trace trace = tracer.trace(new RequestTracer.Request(method, url, headers, from));
        List<Tree> steps = new ArrayList<>();
        trace.steps().forEach(step -> steps.add(Tree.mapping().put("subject", step.subject()).put("name", step.name())
                .put("taken", step.taken()).put("reason", step.reason()).build()));
        return Answer.of(Tree.mapping().put("node", node.name()).put("revision", node.activeRevision().number())
                .put("outcome", trace.outcome()).put("listener", trace.listener()).put("route", trace.route())
                .put("pool", trace.pool()).put("target", trace.target()).put("steps", Tree.list(steps)).build());
    }

    private static void requireUrl(String text) {
        try {
            URI url = new URI(text);
            boolean web = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (web && url.getHost() != null) {
                return;
            }
        } catch (URISyntaxException e) {
            // It is told below.
        }
        throw ApiProblem.of(422, "INVALID_URL", "'" + text + "' is no URL of http or https",
                "such as http://shop.example.com/cart; listeners of other protocols have one pool and no routes");
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw ApiProblem.of(422, "INVALID_ADDRESS", "'" + text + "' is no address", "such as 198.51.100.7");
        }
    }
}
