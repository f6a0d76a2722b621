package io.halite.admin.api;

import io.halite.admin.access.Role;
import io.halite.admin.http.Answer;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.Endpoint;
import io.halite.admin.http.ProblemBody;
import io.halite.admin.secret.SecretVault;
import io.halite.config.ClusterConfig;
import io.halite.config.Problem;
import io.halite.config.Zone;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.ProposalResult;
import io.halite.config.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Secrets: set, listed by name, removed; no operation tells one. */
public final class SecretApi {
    private static final String BASE = "/api/v1/secrets";
    /** The keys of signed zones, which the cluster makes. */
    private static final String KEYS = "dnssec/";
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,63}");

    private final ConfigStore store;
    private final SecretVault vault;
    private final SecretCheck check;

    public SecretApi(ConfigStore store, SecretVault vault, SecretCheck check) {
        this.store = store;
        this.vault = vault;
        this.check = check;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.reads("GET", BASE, Role.VIEWER, call -> list()),
                Endpoint.writes("PUT", BASE + "/{name}", Role.EDITOR, this::put),
                Endpoint.writes("DELETE", BASE + "/{name}", Role.EDITOR, call -> delete(call, "")),
                Endpoint.writes("DELETE", BASE + '/' + KEYS + "{name}", Role.EDITOR, call -> delete(call, KEYS)));
    }

    private Answer list() {
        ClusterConfig config = store.current().config();
        List<Tree> secrets = new ArrayList<>();
        vault.list().forEach(entry -> secrets.add(Tree.mapping().put("name", entry.name())
                .put("updated", entry.updated().toString()).put("author", entry.author())
                .put("usedBy", Tree.texts(users(config, entry.name()))).build()));
        return Answer.of(Tree.mapping().put("secrets", Tree.list(secrets)).build());
    }

    private static List<String> users(ClusterConfig config, String secret) {
        Stream<String> certificates = config.certificates().entrySet().stream()
                .filter(entry -> secret.equals(entry.getValue().keySecret()))
                .map(entry -> "certificates/" + entry.getKey());
        Stream<String> zones = config.zones().entrySet().stream()
                .filter(entry -> uses(entry.getKey(), entry.getValue(), secret)).map(entry -> "zones/" + entry.getKey());
        return Stream.concat(certificates, zones).toList();
    }

    /** A zone uses the key it is signed with, which the cluster made, and the one that its copies are asked for with. */
    private static boolean uses(String name, Zone zone, String secret) {
        Zone.Transfer transfer = zone.transfer();
        boolean forCopies = transfer != null && transfer.key() != null && transfer.key().secret().equals(secret);
        return forCopies || (zone.dnssec() && secret.equals(KEYS + name));
    }

    private Answer put(Call call) {
        String name = call.variable("name");
        if (!NAME.matcher(name).matches()) {
            throw ApiProblem.of(422, "INVALID_NAME", "'" + name + "' is no name",
                    "a name has 1 to 63 of the characters a-z, 0-9 and -");
        }
        byte[] secret = call.bytes(SecretVault.MAX_BYTES);
        if (secret.length == 0) {
            throw ApiProblem.of(422, "EMPTY_SECRET", "the body is empty", "the body is the secret itself");
        }
        Changes.committed(vault.put(name, secret, call.origin()));
        List<Problem> problems = check.problems(store.current().config(), name);
        return Answer.of(Tree.mapping().put("name", name).put("changed", true)
                .put("warnings", ProblemBody.errors(problems)).build());
    }

    private Answer delete(Call call, String prefix) {
        String name = prefix + call.variable("name");
        if (!vault.contains(name)) {
            throw ApiProblem.notFound("there is no secret " + name, "GET " + BASE + " lists all");
        }
        List<String> users = users(store.current().config(), name);
        if (!users.isEmpty()) {
            throw ApiProblem.of(409, "SECRET_IN_USE", name + " is used by " + String.join(", ", users),
                    "change them first");
        }
        ProposalResult.Committed committed = Changes.committed(vault.remove(name, call.origin()));
        return Answer.of(Tree.mapping().put("name", name).put("changed", committed.changed()).build());
    }
}
