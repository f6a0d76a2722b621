package io.halite.admin.api;

import io.halite.admin.access.AccessTokens;
import io.halite.admin.access.Role;
import io.halite.admin.http.Answer;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.Endpoint;
import io.halite.config.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The bearer tokens of the cluster. */
public final class TokenApi {
    private static final String BASE = "/api/v1/tokens";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,64}");
    private static final Duration MAX_LIFE = Duration.ofDays(3_650);

    private final AccessTokens tokens;

    public TokenApi(AccessTokens tokens) {
        this.tokens = tokens;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.reads("GET", BASE, Role.ADMIN, call -> list()),
                Endpoint.writes("POST", BASE, Role.ADMIN, this::issue),
                Endpoint.writes("DELETE", BASE + "/{id}", Role.ADMIN, this::revoke),
                Endpoint.reads("GET", "/api/v1/session", Role.METRICS, TokenApi::whoAmI));
    }

    private static Answer whoAmI(Call call) {
        return Answer.of(Tree.mapping().put("name", call.caller().name()).put("role", call.caller().role().key())
                .put("tokenId", call.caller().tokenId()).build());
    }

    private Answer list() {
        List<Tree> all = new ArrayList<>();
        tokens.list().forEach(entry -> all.add(tree(entry).build()));
        return Answer.of(Tree.mapping().put("tokens", Tree.list(all)).build());
    }

    private static Tree.MappingBuilder tree(AccessTokens.Entry entry) {
        Instant expires = entry.expires();
        return Tree.mapping().put("id", entry.id()).put("name", entry.name()).put("role", entry.role().key())
                .put("created", entry.created().toString())
                .put("expires", expires == null ? new Tree.Null(0) : Tree.text(expires.toString()))
                .put("author", entry.author());
    }

    private Answer issue(Call call) {
        Tree.Mapping body = call.verb("name", "role", "ttl");
        String name = Call.required(body, "name");
        if (!NAME.matcher(name).matches()) {
            throw ApiProblem.of(422, "INVALID_NAME", "'" + name + "' is no name for a token",
                    "1 to 64 of the characters A-Z, a-z, 0-9, '.', '_', '@' and '-'");
        }
        Role role = Role.of(Call.required(body, "role")).orElseThrow(() -> ApiProblem.of(422, "UNKNOWN_ROLE",
                "there is no such role", "allowed: metrics, viewer, operator, editor, admin"));
        Optional<Duration> life = Call.duration(body, "ttl", MAX_LIFE);
        return switch (tokens.issue(name, role, life, call.caller().name())) {
            case AccessTokens.Issue.Issued(String token, AccessTokens.Entry entry) ->
                    Answer.of(tree(entry).put("token", token).build()).withStatus(201);
            case AccessTokens.Issue.Failed failed -> {
                Changes.committed(failed.result());
                throw ApiProblem.of(503, "UNAVAILABLE", "the token was not made", "try again");
            }
        };
    }

    private Answer revoke(Call call) {
        String id = call.variable("id");
        if (tokens.list().stream().noneMatch(entry -> entry.id().equals(id))) {
            throw ApiProblem.notFound("there is no token " + id, "GET " + BASE + " lists all");
        }
        Changes.committed(tokens.revoke(id, call.caller().name()));
        return Answer.of(Tree.mapping().put("id", id).put("revoked", true).build());
    }
}
