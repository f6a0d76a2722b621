package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.print.Table;
import io.halite.appliance.cli.print.Times;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "token", description = "Makes tokens: to join the cluster, and to use its API.",
        subcommands = {TokenCommand.Create.class, TokenCommand.Issue.class, TokenCommand.Ls.class,
            TokenCommand.Revoke.class})
final class TokenCommand extends VerbGroup {

    @Command(name = "create", description = "Makes a join token; it stands alone on the last line.")
    static final class Create extends ClientCommand {
        @Option(names = "--ttl", paramLabel = "DURATION", defaultValue = "1h",
                description = "How long it is good for (default ${DEFAULT-VALUE}).")
        private String life = "1h";

        @Option(names = "--uses", paramLabel = "N", defaultValue = "1",
                description = "How many nodes may join with it (default ${DEFAULT-VALUE}).")
        private int uses;

        @Override
        ExitCode run(AdminClient client, PrintWriter out) {
            Fields token = client.post("/tokens:join",
                    TreeText.json(Tree.mapping().put("ttl", life).put("uses", uses).build())).fields();
            out.println("good for " + uses + (uses == 1 ? " node" : " nodes") + " until "
                    + Times.local(token.text("expires")) + "; on the new node: halite run --join "
                    + client.endpoint().url().getAuthority() + " --token TOKEN");
            out.println(token.text("token"));
            return ExitCode.OK;
        }
    }

    @Command(name = "issue", description = "Makes a bearer token for the API; it stands alone on the last line.")
    static final class Issue extends ClientCommand {
        @Parameters(paramLabel = "NAME", description = "Whom the history and the audit log will name.")
        private String name = "";

        @Option(names = "--role", paramLabel = "ROLE", required = true,
                description = "metrics, viewer, operator, editor or admin.")
        private String role = "";

        @Option(names = "--ttl", paramLabel = "DURATION", description = "How long it is good for (default: for ever).")
        private @Nullable String life;

        @Override
        ExitCode run(AdminClient client, PrintWriter out) {
            Tree.MappingBuilder wish = Tree.mapping().put("name", name).put("role", role);
            if (life != null) {
                wish.put("ttl", life);
            }
            Fields token = client.post("/tokens", TreeText.json(wish.build())).fields();
            out.println("token " + token.text("id") + " of role " + role + "; it is not shown again");
            out.println(token.text("token"));
            return ExitCode.OK;
        }
    }

    @Command(name = "ls", description = "Lists the tokens of the API.")
    static final class Ls extends ClientCommand {
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        ExitCode run(AdminClient client, PrintWriter out) {
            Fields answer = client.get("/tokens").fields();
            List<Fields> tokens = answer.list("tokens");
            output.form().print(out, answer.tree(), tokens.stream().map(t -> "tokens/" + t.text("id")).toList(), () -> {
                Table table = new Table("ID", "NAME", "ROLE", "CREATED", "EXPIRES", "AUTHOR");
                tokens.forEach(t -> table.row(t.text("id"), t.text("name"), t.text("role"),
                        Times.local(t.text("created")), Times.local(t.text("expires")), t.text("author")));
                return table.toString();
            });
            return ExitCode.OK;
        }
    }

    @Command(name = "revoke", description = "Ends a token of the API.")
    static final class Revoke extends ClientCommand {
        @Parameters(paramLabel = "ID", description = "As token ls shows it.")
        private String id = "";

        @Override
        ExitCode run(AdminClient client, PrintWriter out) {
            client.send("DELETE", "/tokens/" + AdminClient.segment(id), "", Map.of());
            out.println("token " + id + " is revoked");
            return ExitCode.OK;
        }
    }
}
