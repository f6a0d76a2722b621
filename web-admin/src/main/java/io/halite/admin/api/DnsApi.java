package io.halite.admin.api;

import io.halite.admin.access.Role;
import io.halite.admin.http.Answer;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.Endpoint;
import io.halite.admin.node.DnsExplainer;
import io.halite.admin.node.DnsExplainer.Delegation;
import io.halite.admin.node.DnsExplainer.Explanation;
import io.halite.admin.node.DnsExplainer.Question;
import io.halite.admin.node.NodeView;
import io.halite.config.tree.Tree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the DNS responder of the node that is asked answers, and why. */
public final class DnsApi {
    private static final int DNS_PORT = 53;

    private final NodeView node;
    private final DnsExplainer dns;

    public DnsApi(NodeView node, DnsExplainer dns) {
        this.node = node;
        this.dns = dns;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.reads("POST", "/api/v1/dns:ask", Role.VIEWER, this::ask),
                Endpoint.reads("POST", "/api/v1/dns:delegation", Role.VIEWER, this::delegation),
                Endpoint.reads("POST", "/api/v1/dns:checkDelegation", Role.OPERATOR, this::checkDelegation));
    }

    private Answer delegation(Call call) {
        Tree.Mapping body = call.object();
        Call.allow(body, "zone");
        String zone = Call.required(body, "zone");
        Delegation told = dns.delegation(zone).orElseThrow(() -> noZone(zone));
        return Answer.of(Tree.mapping().put("zone", told.zone()).put("signed", !told.ds().isEmpty())
                .put("nameservers", Tree.texts(told.nameservers())).put("glue", Tree.texts(told.glue()))
                .put("ds", Tree.texts(told.ds())).build());
    }

    private Answer checkDelegation(Call call) {
        Tree.Mapping body = call.object();
        Call.allow(body, "zone", "server");
        String zone = Call.required(body, "zone");
        List<InetSocketAddress> servers = Call.text(body, "server").map(DnsApi::server).map(List::of).orElse(List.of());
        List<Tree> told = new ArrayList<>();
        try {
            dns.checkDelegation(zone, servers).orElseThrow(() -> noZone(zone)).forEach(one -> told.add(Tree.mapping()
                    .put("server", one.server()).put("problems", Tree.texts(one.problems())).build()));
        } catch (IOException e) {
            throw parentNotFound(e);
        }
        return Answer.of(Tree.mapping().put("zone", zone).put("servers", Tree.list(told)).build());
    }

    static ApiProblem parentNotFound(IOException e) {
        return ApiProblem.of(502, "PARENT_NOT_FOUND", "the servers of the zone above cannot be found: " + e.getMessage(),
                "name one of them: its IP address");
    }

    /** An IP address, or one with a port. */
    static InetSocketAddress server(String text) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
        String host = hasPort ? text.substring(0, colon) : text;
        try {
            int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : DNS_PORT;
            return new InetSocketAddress(InetAddress.ofLiteral(host.replace("[", "").replace("]", "")), port);
        } catch (IllegalArgumentException e) {
            throw ApiProblem.of(422, "INVALID_ADDRESS", "'" + text + "' is no address of a server",
                    "write 192.0.2.53, 192.0.2.53:53 or [2001:db8::53]:53");
        }
    }

    static ApiProblem noZone(String zone) {
        return ApiProblem.notFound("this cluster serves no zone " + zone, "GET /api/v1/zones lists all");
    }

    private Answer ask(Call call) {
        Tree.Mapping body = call.object();
        Call.allow(body, "name", "type", "from");
        Explanation told = explain(new Question(Call.required(body, "name"),
                Call.text(body, "type").orElse("A").toUpperCase(Locale.ROOT),
                Call.text(body, "from").map(NodeApi::address).orElse(null)));
        if (told.zone().isEmpty()) {
            throw ApiProblem.notFound("no zone of this cluster covers " + told.name(), "GET /api/v1/zones lists all");
        }
        List<Tree> candidates = new ArrayList<>();
        told.candidates().forEach(one -> candidates.add(Tree.mapping().put("name", one.name())
                .put("group", one.group()).put("addresses", Tree.texts(one.addresses())).put("weight", one.weight())
                .put("answered", one.answered()).put("standing", one.standing()).put("reason", one.reason()).build()));
        return Answer.of(Tree.mapping().put("node", node.name()).put("revision", told.revision())
                .put("name", told.name()).put("type", told.type()).put("zone", told.zone()).put("rcode", told.rcode())
                .put("answers", Tree.texts(told.answers())).put("policy", told.policy().name())
                .put("degraded", told.policy().degraded()).put("panic", told.policy().panic())
                .put("scope", told.policy().scope()).put("candidates", Tree.list(candidates)).build());
    }

    private Explanation explain(Question question) {
        try {
            return dns.explain(question);
        } catch (IllegalArgumentException e) {
            throw ApiProblem.of(422, "INVALID_QUESTION", String.valueOf(e.getMessage()),
                    "such as name shop.lb.example.net and type AAAA");
        }
    }
}
