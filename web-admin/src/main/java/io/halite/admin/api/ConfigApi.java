package io.halite.admin.api;

import io.halite.admin.access.Role;
import io.halite.admin.api.Changes.Change;
import io.halite.admin.http.Answer;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.Endpoint;
import io.halite.admin.http.ProblemBody;
import io.halite.admin.node.NodeView;
import io.halite.config.ClusterConfig;
import io.halite.config.Problem;
import io.halite.config.Revision;
import io.halite.config.document.ConfigDocument;
import io.halite.config.document.ConfigDocument.Outcome;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore;
import io.halite.config.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The config as one document and as its single objects. Both are the same thing: a change of an object is a change of
 * the document that it is part of, with the same checks, revision and history.
 */
public final class ConfigApi {
    private static final String BASE = "/api/v1";

    private final ConfigStore store;
    private final NodeView node;
    private final Changes changes;
    private final SecretCheck secrets;
    private final DocumentReading reading = new DocumentReading();

    public ConfigApi(ConfigStore store, NodeView node, Changes changes, SecretCheck secrets) {
        this.store = store;
        this.node = node;
        this.changes = changes;
        this.secrets = secrets;
    }

    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>(List.of(
                Endpoint.reads("GET", BASE + "/config", Role.VIEWER, call -> document()),
                Endpoint.writes("PUT", BASE + "/config", Role.EDITOR, this::replace),
                Endpoint.reads("POST", BASE + "/config:validate", Role.VIEWER, this::validate),
                Endpoint.reads("POST", BASE + "/config:diff", Role.VIEWER, this::diff)));
        for (String kind : Kinds.ALL) {
            String one = BASE + "/" + kind + "/{name}";
            all.add(Endpoint.reads("GET", BASE + "/" + kind, Role.VIEWER, call -> list(kind)));
            all.add(Endpoint.reads("GET", one, Role.VIEWER, call -> object(kind, call.variable("name"))));
            all.add(Endpoint.writes("PUT", one, Role.EDITOR, call -> putObject(call, kind)));
            all.add(Endpoint.writes("DELETE", one, Role.EDITOR, call -> deleteObject(call, kind)));
        }
        return all;
    }

    private Answer document() {
        ConfigState state = store.current();
        return Answer.of(ConfigDocument.write(state.config())).at(state.revision());
    }

    private Answer replace(Call call) {
        Revision base = call.ifMatch(store.current().revision());
        Outcome.Valid valid = valid(reading.read(call, node.documentRules()));
        return changes.propose(call, new Change(base, valid.config(), null, valid.problems()));
    }

    private Answer validate(Call call) {
        Outcome.Valid valid = valid(reading.read(call, node.documentRules()));
        return Answer.of(Tree.mapping().put("valid", true).put("warnings", ProblemBody.errors(valid.problems())).build());
    }

    private Answer diff(Call call) {
        Outcome.Valid valid = valid(reading.read(call, node.documentRules()));
        ConfigState state = store.current();
        Diff diff = Diff.of(state.config(), valid.config(), "revision " + state.revision(), "document");
        return Answer.of(diff.into(Tree.mapping().put("revision", state.revision().number())
                .put("changed", diff.isChange())).put("warnings", ProblemBody.errors(valid.problems())).build())
                .at(state.revision());
    }

    /** A document that may be applied; its keys are checked against the secrets that are known. */
    private Outcome.Valid valid(Outcome outcome) {
        Outcome.Valid valid = switch (outcome) {
            case Outcome.Valid read -> read;
            case Outcome.Invalid(List<Problem> problems) -> throw ApiProblem.document(problems);
        };
        List<Problem> problems = new ArrayList<>(valid.problems());
        problems.addAll(secrets.problems(valid.config()));
        if (problems.stream().anyMatch(Problem::isError)) {
            throw ApiProblem.document(problems);
        }
        return new Outcome.Valid(valid.config(), problems);
    }

    private Answer list(String kind) {
        ConfigState state = store.current();
        return Answer.of(Tree.mapping().put(kind, objects(state.config(), kind)).build()).at(state.revision());
    }

    private Answer object(String kind, String name) {
        ConfigState state = store.current();
        Tree object = objects(state.config(), kind).get(name);
        if (object == null) {
            throw noSuch(kind, name);
        }
        return Answer.of(object).at(state.revision());
    }

    private static ApiProblem noSuch(String kind, String name) {
        return ApiProblem.notFound("there is no " + name + " among the " + kind, "GET /api/v1/" + kind + " lists all");
    }

    private static Tree.Mapping objects(ClusterConfig config, String kind) {
        return ConfigDocument.write(config) instanceof Tree.Mapping document
                && document.get(kind) instanceof Tree.Mapping objects ? objects : Tree.mapping().build();
    }

    private Answer putObject(Call call, String kind) {
        Revision base = call.ifMatch(store.current().revision());
        return changeObject(call, base, kind, reading.tree(call));
    }

    private Answer deleteObject(Call call, String kind) {
        Revision base = call.ifMatch(store.current().revision());
        if (objects(configAt(base), kind).get(call.variable("name")) == null) {
            throw noSuch(kind, call.variable("name"));
        }
        return changeObject(call, base, kind, null);
    }

    private Answer changeObject(Call call, Revision base, String kind, @Nullable Tree object) {
        Tree document = with(ConfigDocument.write(configAt(base)), kind, call.variable("name"), object);
        Outcome.Valid valid = valid(ConfigDocument.read(document, node.documentRules()));
        return changes.propose(call, new Change(base, valid.config(), null, valid.problems()));
    }

    /** The config that a change is made from, which need not be current: the store decides what is stale. */
    private ClusterConfig configAt(Revision base) {
        ConfigState state = store.current();
        return base.equals(state.revision()) ? state.config()
                : store.at(base).orElseThrow(() -> Changes.stale(state.revision()));
    }

    /** A document with one object put, or removed where it is null. */
    private static Tree with(Tree document, String kind, String name, @Nullable Tree object) {
        Tree.Mapping root = (Tree.Mapping) document;
        Map<String, Tree> all = new LinkedHashMap<>(root.entries());
        Map<String, Tree> objects = new LinkedHashMap<>(
                root.get(kind) instanceof Tree.Mapping given ? given.entries() : Map.of());
        Map<String, Integer> lines = new LinkedHashMap<>();
        if (object == null) {
            objects.remove(name);
        } else {
            objects.put(name, object);
            lines.put(name, object.line());
        }
        all.put(kind, new Tree.Mapping(objects, lines, 0));
        return new Tree.Mapping(all, Map.of(), 0);
    }
}
