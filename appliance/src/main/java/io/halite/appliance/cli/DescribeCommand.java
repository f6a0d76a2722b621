package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.print.StatusText;
import io.halite.appliance.cli.print.TargetText;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "describe", description = "Tells everything about one object: what was declared and what is observed.")
final class DescribeCommand extends ClientCommand {
    @Parameters(index = "0", paramLabel = "KIND",
            description = "One of loadBalancers, pools, targets, nodes and the other kinds of get; the singular does too.")
    private Kind kind = Kind.POOLS;

    @Parameters(index = "1", paramLabel = "NAME", description = "For a target: pool/target.")
    private String name = "";

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        switch (kind) {
            case TARGETS -> out.print(target(client, TargetName.parse(name)));
            case POOLS -> out.print(pool(client));
            case NODES -> out.print(node(client));
            case REVISIONS -> throw new CommandFailure(ExitCode.USAGE, "a revision is shown, not described",
                    "halite show " + name);
            case ASSIGNMENTS -> throw new CommandFailure(ExitCode.USAGE, "assignments are listed, not described",
                    "halite get assignments " + name);
            default -> out.print(TreeText.yaml(declared(client, kind)));
        }
        return ExitCode.OK;
    }

    private Tree declared(AdminClient client, Kind wanted) {
        return client.get("/" + wanted.key() + "/" + AdminClient.segment(name)).fields().tree();
    }

    private String pool(AdminClient client) {
        Tree declared = declared(client, Kind.POOLS);
        List<Fields> pools = client.get("/status").fields().list("pools").stream()
                .filter(pool -> pool.text("name").equals(name)).toList();
        return "pool " + name + "\n\n" + StatusText.targets(pools) + "\n" + TreeText.yaml(declared);
    }

    private String node(AdminClient client) {
        Fields node = client.get("/nodes").fields().list("nodes").stream()
                .filter(n -> n.text("name").equals(name)).findAny()
                .orElseThrow(() -> new CommandFailure(ExitCode.NOT_FOUND, "there is no node " + name,
                        "'halite get nodes' lists all"));
        return TreeText.yaml(node.tree());
    }

    private static String target(AdminClient client, TargetName name) {
        Fields target = client.get(name.path()).fields();
        List<Fields> shares = client.get("/assignments").fields().list("assignments").stream()
                .filter(share -> share.texts("targets").contains(name.toString())).toList();
        return TargetText.of(target, shares);
    }
}
