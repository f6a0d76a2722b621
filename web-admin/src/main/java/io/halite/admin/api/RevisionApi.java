package io.halite.admin.api;

import io.halite.admin.access.Role;
import io.halite.admin.api.Changes.Change;
import io.halite.admin.confirm.PendingConfirmation;
import io.halite.admin.http.Answer;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.Endpoint;
import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.document.ConfigDocument;
import io.halite.config.document.ObjectKey;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.ProposalResult;
import io.halite.config.store.RevisionRecord;
import io.halite.config.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The history of the config: look, compare, go back, confirm. */
public final class RevisionApi {
    private static final String BASE = "/api/v1/revisions";
    private static final int MAX_LIMIT = 1_000;
    private static final int DEFAULT_LIMIT = 50;

    private final ConfigStore store;
    private final Changes changes;
    private final PendingConfirmation confirmation;

    public RevisionApi(ConfigStore store, Changes changes, PendingConfirmation confirmation) {
        this.store = store;
        this.changes = changes;
        this.confirmation = confirmation;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.reads("GET", BASE, Role.VIEWER, this::list),
                Endpoint.reads("GET", BASE + "/{from}...{to}", Role.VIEWER, this::compare),
                Endpoint.reads("GET", BASE + "/{revision}", Role.VIEWER, this::show),
                Endpoint.writes("POST", BASE + "/{revision}:rollback", Role.EDITOR, this::rollback),
                Endpoint.writes("POST", BASE + "/{revision}:confirm", Role.EDITOR, this::confirm));
    }

    private Answer list(Call call) {
        int limit = call.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
        int before = call.number("before", 1, Integer.MAX_VALUE, 0);
        List<RevisionRecord> records =
                store.history(limit, before == 0 ? Optional.empty() : Optional.of(new Revision(before)));
        List<Tree> revisions = new ArrayList<>();
        records.forEach(record -> revisions.add(record(record).build()));
        Tree.MappingBuilder answer = Tree.mapping().put("revisions", Tree.list(revisions));
        boolean more = records.size() == limit && records.getLast().revision().number() > 1;
        if (more) {
            answer.put("next", BASE + "?limit=" + limit + "&before=" + records.getLast().revision());
        }
        return Answer.of(answer.build()).at(store.current().revision());
    }

    private static Tree.MappingBuilder record(RevisionRecord record) {
        Tree.MappingBuilder tree = Tree.mapping().put("revision", record.revision().number())
                .put("author", record.author()).put("time", record.time().toString()).put("reason", record.reason());
        Revision restored = record.rollbackOf();
        tree.put("rollbackOf", restored == null ? new Tree.Null(0) : Tree.number(restored.number()));
        return tree.put("changed", Tree.texts(record.changed().stream().map(ObjectKey::toString).toList()));
    }

    private Answer show(Call call) {
        Revision revision = call.revision("revision");
        ClusterConfig config = config(revision);
        Tree.MappingBuilder answer = store.record(revision).map(RevisionApi::record)
                .orElseGet(() -> Tree.mapping().put("revision", revision.number()));
        if (revision.number() > 0) {
            store.at(new Revision(revision.number() - 1)).ifPresent(previous ->
                    answer.put("diff", Diff.of(previous, config, "revision " + (revision.number() - 1),
                        "revision " + revision).text()));
        }
        return Answer.of(answer.put("config", ConfigDocument.write(config)).build()).at(store.current().revision());
    }

    private ClusterConfig config(Revision revision) {
        return store.at(revision).orElseThrow(() -> ApiProblem.notFound(
                "there is no revision " + revision + ", or it is no longer kept", "GET " + BASE + " lists all"));
    }

    private Answer compare(Call call) {
        Revision from = call.revision("from");
        Revision to = call.revision("to");
        Diff diff = Diff.of(config(from), config(to), "revision " + from, "revision " + to);
        return Answer.of(diff.into(Tree.mapping().put("from", from.number()).put("to", to.number())
                .put("changed", diff.isChange())).build()).at(store.current().revision());
    }

    private Answer rollback(Call call) {
        call.verb();
        Revision wanted = call.revision("revision");
        Revision current = store.current().revision();
        Revision base = call.header("If-Match").isPresent() ? call.ifMatch(current) : current;
        return changes.propose(call, new Change(base, config(wanted), wanted, List.of()));
    }

    private Answer confirm(Call call) {
        call.verb();
        Revision revision = call.revision("revision");
        config(revision);
        ProposalResult result = confirmation.confirm(revision, call.caller().name()).orElseThrow(() -> ApiProblem.of(
                409, "NOTHING_TO_CONFIRM", "revision " + revision + " does not wait for a confirmation",
                "the current revision is " + store.current().revision()));
        Changes.committed(result);
        return Answer.of(Tree.mapping().put("revision", revision.number()).put("confirmed", true).build())
                .at(store.current().revision());
    }
}
