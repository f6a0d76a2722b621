package io.halite.admin.setup;

import io.halite.admin.access.FailedAttempts;
import io.halite.admin.http.Answer;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.Endpoint;
import io.halite.admin.http.Endpoint.Effect;
import io.halite.admin.node.ClusterActions.Outcome;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The operations of the setup; a node that was claimed has them too, and refuses them by name. */
public final class SetupApi {
    private static final String BASE = "/api/v1/setup";

    private final Claim claim;

    /** Says whether a call may set the node up. */
    @FunctionalInterface
    private interface Claim {
        /** The actions for a call that holds the right code. */
        SetupActions admit(Call call, Tree.Mapping body);
    }

    private SetupApi(Claim claim) {
        this.claim = claim;
    }

    /** The operations of a node that belongs to a cluster. */
    public static List<Endpoint> claimed() {
        return new SetupApi((call, body) -> {
            throw ApiProblem.of(410, "CLAIMED", "this node belongs to a cluster already", "log in; to join another"
                    + " cluster: halite join PEER --token TOKEN on this machine");
        }).endpoints(true);
    }

    static List<Endpoint> unclaimed(SetupActions actions, SetupCode code, FailedAttempts failures) {
        return new SetupApi((call, body) -> {
            boolean right;
            try {
                right = code.matches(Call.required(body, "code"));
            } catch (IOException e) {
                throw ApiProblem.of(500, "DISK", "the data directory cannot be written: " + e.getMessage(), "");
            }
            if (right) {
                return actions;
            }
            if (failures.isTooMany(call.source())) {
                throw ApiProblem.of(429, "TOO_MANY_FAILURES", "too many wrong codes came from " + call.source(), "")
                        .with("Retry-After", "6");
            }
            throw ApiProblem.of(403, "WRONG_CODE", "this is not the setup code of this node",
                    "its console shows it, and the file setup.code of its data directory holds it");
        }).endpoints(false);
    }

    private List<Endpoint> endpoints(boolean claimed) {
        return List.of(
                Endpoint.open("GET", BASE, call -> Answer.of(Tree.mapping().put("claimed", claimed).build())),
                open(BASE + ":claim", call -> {
                    claim.admit(call, call.verb("code"));
                    return Answer.of(Tree.mapping().put("claimed", false).build());
                }),
                open(BASE + ":create", call -> answer(claim.admit(call, call.verb("code")).create())),
                open(BASE + ":join", call -> {
                    Tree.Mapping body = call.verb("code", "peer", "token");
                    SetupActions actions = claim.admit(call, body);
                    return answer(actions.join(Call.required(body, "peer"), Call.required(body, "token")));
                }));
    }

    private static Endpoint open(String path, Endpoint.Handler handler) {
        return new Endpoint("POST", path, null, Effect.WRITES, handler);
    }

    private static Answer answer(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done(String json) ->
                    Answer.of(Call.tree(json.getBytes(StandardCharsets.UTF_8), TreeLimits.DOCUMENT));
            case Outcome.Refused refused ->
                    throw ApiProblem.of(refused.cause().status(), refused.code(), refused.message(), refused.hint());
        };
    }
}
