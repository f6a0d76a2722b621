package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.print.StatusText;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "get", description = "Lists the objects of a kind, or shows one of them.")
final class GetCommand extends ClientCommand {
    @Parameters(index = "0", paramLabel = "KIND",
            description = "loadBalancers, pools, certificates, zones, virtualAddresses, autoscaling, targets, nodes, "
                    + "revisions or assignments (which node probes what).")
    private Kind kind = Kind.POOLS;

    @Parameters(index = "1", paramLabel = "NAME", arity = "0..1", description = "Shows this one alone.")
    private @Nullable String name;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        switch (kind) {
            case TARGETS -> targets(client, out);
            case NODES -> nodes(client, out);
            case REVISIONS -> HistoryCommand.print(client.get("/revisions").fields(), output, out);
            case ASSIGNMENTS -> assignments(client.get("/assignments").fields(), out);
            default -> objects(kind, client, out);
        }
        return ExitCode.OK;
    }

    private void objects(Kind wanted, AdminClient client, PrintWriter out) {
        Fields config = client.get("/config").fields();
        Fields status = wanted == Kind.POOLS ? client.get("/status").fields() : new Fields(Tree.mapping().build());
        Map<String, Tree> all = config.object(wanted.key()).tree().entries();
        if (name == null) {
            output.form().print(out, Tree.mapping().put(wanted.key(), config.object(wanted.key()).tree()).build(),
                    all.keySet().stream().map(n -> wanted.key() + "/" + n).toList(),
                    () -> Summaries.table(wanted, all, status).toString());
            return;
        }
        Tree one = all.get(name);
        if (one == null) {
            throw new CommandFailure(ExitCode.NOT_FOUND, "there is no " + wanted.one() + " " + name,
                    "'halite get " + wanted.key() + "' lists all");
        }
        output.form().print(out, one, List.of(wanted.key() + "/" + name), () -> TreeText.yaml(one));
    }

    private void targets(AdminClient client, PrintWriter out) {
        List<Fields> pools = client.get("/status").fields().list("pools");
        List<String> names = new ArrayList<>();
        List<Tree> found = new ArrayList<>();
        List<Fields> shown = new ArrayList<>();
        for (Fields pool : pools) {
            List<Tree> matching = new ArrayList<>();
            for (Fields target : pool.list("targets")) {
                String ref = pool.text("name") + "/" + target.text("name");
                if (name == null || ref.equals(name) || pool.text("name").equals(name)) {
                    names.add("targets/" + ref);
                    matching.add(target.tree());
                    found.add(withPool(target, pool.text("name")));
                }
            }
            shown.add(new Fields(Tree.mapping().put("name", pool.text("name")).put("targets", Tree.list(matching))
                    .build()));
        }
        if (name != null && names.isEmpty()) {
            throw new CommandFailure(ExitCode.NOT_FOUND, "there is no target " + name, "'halite get targets' lists all");
        }
        output.form().print(out, Tree.mapping().put("targets", Tree.list(found)).build(), names,
                () -> StatusText.targets(shown).toString());
    }

    private static Tree withPool(Fields target, String pool) {
        Tree.MappingBuilder copy = Tree.mapping().put("pool", pool);
        target.tree().entries().forEach(copy::put);
        return copy.build();
    }

    private void assignments(Fields all, PrintWriter out) {
        List<Fields> shares = all.list("assignments").stream()
                .filter(share -> name == null || share.text("node").equals(name)).toList();
        if (name != null && shares.isEmpty()) {
            throw new CommandFailure(ExitCode.NOT_FOUND, "node " + name + " probes nothing",
                    "'halite get assignments' lists all");
        }
        Tree tree = Tree.mapping().put("term", Long.parseLong(all.text("term")))
                .put("epoch", Long.parseLong(all.text("epoch")))
                .put("assignments", Tree.list(shares.stream().map(Fields::tree).toList())).build();
        output.form().print(out, tree, shares.stream().map(share -> "nodes/" + share.text("node")).toList(),
                () -> StatusText.assignments(all, shares));
    }

    private void nodes(AdminClient client, PrintWriter out) {
        List<Fields> nodes = client.get("/nodes").fields().list("nodes").stream()
                .filter(node -> name == null || node.text("name").equals(name)).toList();
        if (name != null && nodes.isEmpty()) {
            throw new CommandFailure(ExitCode.NOT_FOUND, "there is no node " + name, "'halite get nodes' lists all");
        }
        output.form().print(out, Tree.mapping().put("nodes", Tree.list(nodes.stream().map(Fields::tree).toList())).build(),
                nodes.stream().map(node -> "nodes/" + node.text("name")).toList(),
                () -> StatusText.nodes(nodes).toString());
    }
}
