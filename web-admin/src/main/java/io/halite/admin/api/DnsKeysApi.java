package io.halite.admin.api;

import io.halite.admin.access.Role;
import io.halite.admin.http.Answer;
import io.halite.admin.http.ApiProblem;
import io.halite.admin.http.Call;
import io.halite.admin.http.Endpoint;
import io.halite.admin.node.DnsExplainer.ParentServer;
import io.halite.admin.node.DnsKeys;
import io.halite.admin.node.DnsKeys.Step;
import io.halite.config.tree.Tree;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The signing keys of zones, and how one follows another. */
public final class DnsKeysApi {
    private static final Duration LONGEST = Duration.ofDays(30);

    private final DnsKeys keys;

    public DnsKeysApi(DnsKeys keys) {
        this.keys = keys;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.reads("POST", "/api/v1/dns:keys", Role.VIEWER, this::list),
                Endpoint.writes("POST", "/api/v1/dns:rollKey", Role.EDITOR, this::begin),
                Endpoint.writes("POST", "/api/v1/dns:finishRoll", Role.EDITOR, this::finish),
                Endpoint.writes("POST", "/api/v1/dns:cancelRoll", Role.EDITOR, this::cancel));
    }

    private Answer list(Call call) {
        Tree.Mapping body = call.object();
        Call.allow(body, "zone");
        String zone = Call.required(body, "zone");
        List<DnsKeys.Key> all = keys.keys(zone);
        if (all.isEmpty()) {
            throw ApiProblem.notFound("zone " + zone + " has no signing key", "set dnssec: true in the zone");
        }
        return answer(zone, all);
    }

    private static Answer answer(String zone, List<DnsKeys.Key> all) {
        List<Tree> told = new ArrayList<>();
        all.forEach(key -> told.add(Tree.mapping().put("tag", key.tag()).put("signing", key.signing())
                .put("signs", key.signs().toString()).put("leaves", key.leaves() == null ? "" : key.leaves().toString())
                .put("ds", key.ds()).build()));
        return Answer.of(Tree.mapping().put("zone", zone).put("keys", Tree.list(told)).build());
    }

    private Answer begin(Call call) {
        Tree.Mapping body = call.verb("zone", "wait");
        String zone = Call.required(body, "zone");
        Duration wait = Call.duration(body, "wait", LONGEST).orElse(null);
        return answer(zone, taken(() -> keys.begin(zone, wait, call.origin())));
    }

    private Answer finish(Call call) {
        Tree.Mapping body = call.verb("zone", "wait", "server", "unasked");
        String zone = Call.required(body, "zone");
        Duration wait = Call.duration(body, "wait", LONGEST).orElse(null);
        if (keys.keys(zone).size() < 2) {
            throw noStep("zone " + zone + " has no key beside another that could leave");
        }
        if (isAsked(body)) {
            List<String> reasons = askParent(zone, body, keys::askParent);
            if (!reasons.isEmpty()) {
                throw ApiProblem.of(409, "PARENT_NAMES_OLD_KEY", "the old key must stay for the zone above: "
                        + String.join("; ", reasons), "replace its DS record by that of the new key");
            }
        }
        return answer(zone, taken(() -> keys.finish(zone, wait, call.origin())));
    }

    private Answer cancel(Call call) {
        Tree.Mapping body = call.verb("zone", "wait", "server", "unasked");
        String zone = Call.required(body, "zone");
        Duration wait = Call.duration(body, "wait", LONGEST).orElse(null);
        List<DnsKeys.Key> all = keys.keys(zone);
        if (all.size() > 1 && all.getLast().signing() && isAsked(body)) {
            List<String> reasons = askParent(zone, body, keys::askParentForOld);
            if (!reasons.isEmpty()) {
                throw ApiProblem.of(409, "PARENT_NAMES_NEW_KEY", "the new key must stay for the zone above: "
                        + String.join("; ", reasons), "add the DS record of the old key to it, or halite dns roll --finish");
            }
        }
        return answer(zone, taken(() -> keys.cancel(zone, wait, call.origin())));
    }

    private static boolean isAsked(Tree.Mapping body) {
        return !(body.get("unasked") instanceof Tree.Bool unasked && unasked.value());
    }

    /** What servers of the zone above say. */
    private interface Question {
        Optional<List<ParentServer>> ask(String zone, List<InetSocketAddress> servers) throws IOException;
    }

    /** What the zone above has against a step, a sentence each. */
    private static List<String> askParent(String zone, Tree.Mapping body, Question question) {
        List<InetSocketAddress> servers = Call.text(body, "server").map(DnsApi::server).map(List::of).orElse(List.of());
        try {
            return question.ask(zone, servers).orElseThrow(() -> DnsApi.noZone(zone)).stream()
                    .flatMap(one -> one.problems().stream().map(problem -> one.server() + ": " + problem)).toList();
        } catch (IOException e) {
            throw DnsApi.parentNotFound(e);
        }
    }

    private static List<DnsKeys.Key> taken(Supplier<Step> step) {
        try {
            Step taken = step.get();
            Changes.committed(taken.result());
            return taken.keys();
        } catch (IllegalStateException e) {
            throw noStep(String.valueOf(e.getMessage()));
        }
    }

    private static ApiProblem noStep(String message) {
        return ApiProblem.of(409, "NO_SUCH_STEP", message, "halite dns keys ZONE tells how it stands");
    }
}
