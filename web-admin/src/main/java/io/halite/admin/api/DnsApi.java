package io.halite.admin.api;

import io.halite.admin.access.Role;
import io.halite.admin.http.Answer;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.Endpoint;
import io.halite.admin.node.DnsExplainer;
import io.halite.admin.node.DnsExplainer.Explanation;
import io.halite.admin.node.DnsExplainer.Question;
import io.halite.admin.node.NodeView;
import io.halite.config.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the DNS responder of the node that is asked answers, and why. */
public final class DnsApi {
    private final NodeView node;
    private final DnsExplainer dns;

    public DnsApi(NodeView node, DnsExplainer dns) {
        this.node = node;
        this.dns = dns;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.reads("POST", "/api/v1/dns:ask", Role.VIEWER, this::ask));
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
