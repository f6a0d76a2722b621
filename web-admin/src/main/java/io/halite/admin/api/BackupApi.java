package io.halite.admin.api;

import io.halite.admin.access.Role;
import io.halite.admin.backup.Backup;
import io.halite.admin.backup.BackupFile;
import io.halite.admin.backup.BackupFile.Refused;
import io.halite.admin.backup.BackupFile.Sealed;
import io.halite.admin.backup.BackupFile.Whole;
import io.halite.admin.http.Answer;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.Endpoint;
import io.halite.admin.http.ProblemBody;
import io.halite.admin.node.ClusterView;
import io.halite.admin.node.NodeView;
import io.halite.admin.secret.SecretVault;
import io.halite.config.AdminState;
import io.halite.config.ClusterConfig;
import io.halite.config.TargetRef;
import io.halite.config.document.ConfigDocument;
import io.halite.config.document.ConfigDocument.Outcome;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Origin;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/** Saves what people have decided into one sealed file, and brings it back as one revision. */
public final class BackupApi {
    private static final String BASE = "/api/v1";
    private static final String PASSPHRASE = "Halite-Passphrase";
    private static final int MAX_PASSPHRASE = 1_000;
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final ConfigStore store;
    private final NodeView node;
    private final ClusterView cluster;
    private final SecretVault vault;
    /** A backup is held in memory several times over while it is read, and a node has little. */
    private final Semaphore one = new Semaphore(1, true);

    public BackupApi(ConfigStore store, NodeView node, ClusterView cluster, SecretVault vault) {
        this.store = store;
        this.node = node;
        this.cluster = cluster;
        this.vault = vault;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.writes("POST", BASE + "/backup", Role.ADMIN, call -> alone(call, this::backup)),
                Endpoint.writes("POST", BASE + "/restore", Role.ADMIN, call -> alone(call, this::restore)));
    }

    private Answer alone(Call call, Endpoint.Handler handler) {
        if (!one.tryAcquire()) {
            throw ApiProblem.of(503, "BUSY", "another backup is being made or restored on this node", "try again")
                    .with("Retry-After", "5");
        }
        try {
            return handler.handle(call);
        } finally {
            one.release();
        }
    }

    private static char[] passphrase(Call call) {
        String text = call.header(PASSPHRASE).map(BackupApi::decoded).orElse("");
        if (text.length() < BackupFile.MIN_PASSPHRASE || text.length() > MAX_PASSPHRASE) {
            throw ApiProblem.of(422, "PASSPHRASE_LENGTH", "the passphrase has " + text.length() + " characters",
                    "send " + PASSPHRASE + ": UTF-8''TEXT, percent-encoded, " + BackupFile.MIN_PASSPHRASE + " to "
                            + MAX_PASSPHRASE + " characters");
        }
        return text.toCharArray();
    }

    private static String decoded(String header) {
        try {
            return header.startsWith("UTF-8''") ? URLDecoder.decode(
                    header.substring("UTF-8''".length()).replace("+", "%2B"), StandardCharsets.UTF_8) : header;
        } catch (IllegalArgumentException e) {
            return header;
        }
    }

    private Answer backup(Call call) {
        ConfigState state = store.current();
        byte[] file = BackupFile.write(backupOf(state, call), passphrase(call));
        return new Answer(200, Map.of(), new Answer.Body.Stream("application/octet-stream", out -> out.write(file)))
                .at(state.revision());
    }

    private Backup backupOf(ConfigState state, Call call) {
        List<Backup.Secret> secrets = vault.list().stream()
                .map(entry -> new Backup.Secret(entry.name(), opened(entry.name()))).toList();
        TreeMap<TargetRef, AdminState> states = new TreeMap<>();
        state.adminOverrides().forEach((target, override) -> states.put(target, override.state()));
        return new Backup(new Backup.Source(cluster.id(), cluster.name(), state.revision().number(), call.time(),
                node.version()), TreeText.json(ConfigDocument.write(state.config())), secrets, states);
    }

    private byte[] opened(String secret) {
        try {
            return vault.open(secret).orElse(new byte[0]);
        } catch (IllegalArgumentException e) {
            throw ApiProblem.of(409, "SECRET_NOT_OPENED", String.valueOf(e.getMessage()),
                    "set it again or remove it, then make the backup");
        }
    }

    private Answer restore(Call call) {
        Backup backup = read(call);
        Outcome outcome = ConfigDocument.read(backup.document().getBytes(StandardCharsets.UTF_8), node.documentRules());
        if (!(outcome instanceof Outcome.Valid valid)) {
            throw ApiProblem.document(outcome.problems());
        }
        ConfigState state = store.current();
        boolean empty = state.config().equals(ClusterConfig.EMPTY) && vault.list().isEmpty();
        if (!empty && !call.flag("replace") && !call.flag("dryRun")) {
            throw ApiProblem.of(409, "NOT_EMPTY", "this cluster has a config or secrets of its own, at revision "
                    + state.revision(), "look at what would change with dryRun=true (--dry-run), then replace it with"
                    + " replace=true (--replace)");
        }
        Diff diff = Diff.of(state.config(), valid.config(), "revision " + state.revision(), "backup");
        Map<TargetRef, AdminState> states = adminStates(backup, valid.config());
        Tree.MappingBuilder told = Tree.mapping();
        if (call.flag("dryRun")) {
            return Answer.of(describe(told.put("revision", state.revision().number())
                    .put("changed", diff.isChange()).put("dryRun", true), backup, diff, states, valid)).at(state.revision());
        }
        Origin origin = origin(call, backup);
        Map<String, String> records = new LinkedHashMap<>();
        backup.secrets().forEach(secret -> vault.record(secret.name(), secret.value(), origin, records::put));
        ProposalResult.Committed committed = Changes.committed(store.propose(
                new Proposal.Restore(state.revision(), valid.config(), states, records, origin)));
        told.put("revision", committed.revision().number()).put("changed", committed.changed())
                .put("active", node.awaitActive(committed.revision(), WAIT));
        return Answer.of(describe(told, backup, diff, states, valid)).at(committed.revision());
    }

    private Backup read(Call call) {
        char[] passphrase = passphrase(call);
        return switch (BackupFile.inspect(call.bytes(BackupFile.MAX_BYTES))) {
            case Refused refused -> throw problem(refused);
            case Sealed sealed -> switch (sealed.open(passphrase)) {
                case Refused refused -> throw problem(refused);
                case Whole(Backup backup) -> backup;
            };
        };
    }

    private static ApiProblem problem(Refused refused) {
        return ApiProblem.of(422, refused.code(), refused.message(), refused.hint());
    }

    /** Of targets that the config has; a backup from the middle of a change may name others. */
    private static Map<TargetRef, AdminState> adminStates(Backup backup, ClusterConfig config) {
        TreeMap<TargetRef, AdminState> states = new TreeMap<>(backup.adminStates());
        states.keySet().removeIf(target -> {
            var pool = config.pools().get(target.pool());
            return pool == null || pool.targets().stream().noneMatch(one -> one.name().equals(target.target()));
        });
        return states;
    }

    private static Origin origin(Call call, Backup backup) {
        Origin origin = call.origin();
        return origin.reason().isEmpty() ? new Origin(origin.author(), "restored from the backup of cluster "
                + backup.source().clusterName() + " at revision " + backup.source().revision() + ", "
                + backup.source().time(), origin.time(), origin.requestId()) : origin;
    }

    private static Tree describe(Tree.MappingBuilder answer, Backup backup, Diff diff, Map<TargetRef, AdminState> states,
            Outcome.Valid valid) {
        Backup.Source source = backup.source();
        answer.put("source", Tree.mapping().put("cluster", source.clusterName()).put("clusterId", source.clusterId())
                .put("revision", source.revision()).put("time", source.time().toString())
                .put("version", source.version()).build());
        answer.put("secrets", Tree.texts(backup.secrets().stream().map(Backup.Secret::name).toList()));
        answer.put("adminStates", Tree.list(states.entrySet().stream().<Tree>map(entry -> Tree.mapping()
                .put("target", entry.getKey().toString()).put("adminState", entry.getValue().key()).build()).toList()));
        return diff.into(answer).put("warnings", ProblemBody.errors(valid.problems())).build();
    }
}
