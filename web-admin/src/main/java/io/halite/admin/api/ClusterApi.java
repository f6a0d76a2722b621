package io.halite.admin.api;

import io.halite.admin.access.FailedAttempts;
import io.halite.admin.access.Role;
import io.halite.admin.http.Answer;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.Endpoint;
import io.halite.admin.http.Endpoint.Effect;
import io.halite.admin.node.ClusterActions;
import io.halite.admin.node.ClusterActions.Cause;
import io.halite.admin.node.ClusterActions.Outcome;
import io.halite.config.AdminState;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Changes of the cluster itself: who joins, who leaves, who leads. */
public final class ClusterApi {
    private static final String BASE = "/api/v1";
    private static final Duration DEFAULT_LIFE = Duration.ofHours(1);
    private static final Duration MAX_LIFE = Duration.ofDays(30);
    private static final int MAX_USES = 1_000;

    private final ClusterActions actions;
    private final FailedAttempts failures;

    public ClusterApi(ClusterActions actions, FailedAttempts failures) {
        this.actions = actions;
        this.failures = failures;
    }

    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>(List.of(
                Endpoint.writes("POST", BASE + "/tokens:join", Role.ADMIN, this::createJoinToken),
                new Endpoint("POST", BASE + "/join", null, Effect.WRITES, this::join),
                Endpoint.writes("POST", BASE + "/cluster:join", Role.ADMIN, call -> {
                    Tree.Mapping body = call.verb("peer", "token");
                    return answer(actions.joinOther(Call.required(body, "peer"), Call.required(body, "token"),
                            call.caller().name()));
                }),
                Endpoint.writes("POST", BASE + "/nodes/{name}:remove", Role.ADMIN, call -> {
                    call.verb();
                    return answer(actions.remove(call.variable("name"), call.caller().name(), call.reason()));
                }),
                Endpoint.writes("POST", BASE + "/nodes/{name}:lead", Role.ADMIN, call -> {
                    call.verb();
                    return answer(actions.lead(call.variable("name"), call.caller().name(), call.reason()));
                })));
        for (AdminState state : AdminState.values()) {
            all.add(Endpoint.writes("POST", BASE + "/nodes/{name}:" + state.key(), Role.OPERATOR, call -> {
                call.verb();
                return answer(actions.setState(call.variable("name"), state, call.caller().name(), call.reason()));
            }));
        }
        return all;
    }

    private Answer createJoinToken(Call call) {
        Tree.Mapping body = call.verb("ttl", "uses");
        Duration life = Call.duration(body, "ttl", MAX_LIFE).orElse(DEFAULT_LIFE);
        int uses = Call.text(body, "uses").map(ClusterApi::uses).orElse(1);
        return answer(actions.createJoinToken(life, uses, call.caller().name()));
    }

    private static int uses(String text) {
        boolean number = text.matches("[0-9]{1,4}");
        if (!number || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX_USES) {
            throw ApiProblem.of(422, "OUT_OF_RANGE", "uses cannot be " + text, "allowed: 1 to " + MAX_USES);
        }
        return Integer.parseInt(text);
    }

    private Answer join(Call call) {
        String request = new String(call.document(TreeLimits.REQUEST), StandardCharsets.UTF_8);
        Outcome outcome = actions.join(request, call.source());
        boolean wrong = outcome instanceof Outcome.Refused refused && refused.cause() == Cause.FORBIDDEN;
        if (wrong && failures.isTooMany(call.source())) {
            throw ApiProblem.of(429, "TOO_MANY_FAILURES", "too many wrong tokens came from " + call.source(), "")
                    .with("Retry-After", "6");
        }
        return answer(outcome);
    }

    private static Answer answer(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done(String json) ->
                    Answer.of(Call.tree(json.getBytes(StandardCharsets.UTF_8), TreeLimits.DOCUMENT));
            case Outcome.Refused(Cause cause, String code, String message, String hint) ->
                    throw ApiProblem.of(cause.status(), code, message, hint);
        };
    }
}
