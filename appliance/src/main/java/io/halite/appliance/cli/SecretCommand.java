package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.client.Refusal;
import io.halite.appliance.cli.print.Table;
import io.halite.appliance.cli.print.Times;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "secret", description = "Keeps keys and passwords that the document only names; none is ever shown.",
        subcommands = {SecretCommand.Set.class, SecretCommand.Ls.class, SecretCommand.Rm.class})
final class SecretCommand extends VerbGroup {

    private static String path(String name) {
        return "/secrets/" + AdminClient.segment(name);
    }

    @Command(name = "set", description = "Stores a secret under a name, or replaces it.")
    static final class Set extends ClientCommand {
        @Parameters(paramLabel = "NAME", description = "As the document names it.")
        private String name = "";

        @Option(names = {"-f", "--file"}, paramLabel = "FILE", defaultValue = "-",
                description = "The file that is the secret; - (the default) reads standard input.")
        private String file = "-";

        @Override
        ExitCode run(AdminClient client, PrintWriter out) {
            byte[] secret;
            try {
                secret = file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
            } catch (IOException e) {
                throw new CommandFailure(ExitCode.FAILED, "cannot read " + file + ": " + e.getMessage(), "");
            }
            Fields answer = client.send("PUT", path(name), secret, Map.of("Content-Type", "application/octet-stream"))
                    .fields();
            Refusal.problems(answer, "warnings").forEach(w -> err().println("halite: warning: " + w.message()));
            out.println("secret " + name + " is set");
            return ExitCode.OK;
        }
    }

    @Command(name = "ls", description = "Lists the names of the secrets and what uses them.")
    static final class Ls extends ClientCommand {
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        ExitCode run(AdminClient client, PrintWriter out) {
            Fields answer = client.get("/secrets").fields();
            List<Fields> secrets = answer.list("secrets");
            output.form().print(out, answer.tree(), secrets.stream().map(s -> "secrets/" + s.text("name")).toList(), () -> {
                Table table = new Table("NAME", "UPDATED", "AUTHOR", "USED BY");
                secrets.forEach(s -> table.row(s.text("name"), Times.local(s.text("updated")), s.text("author"),
                        String.join(" ", s.texts("usedBy"))));
                return table.toString();
            });
            return ExitCode.OK;
        }
    }

    @Command(name = "rm", description = "Removes a secret that nothing uses.")
    static final class Rm extends ClientCommand {
        @Parameters(paramLabel = "NAME", description = "As the document names it.")
        private String name = "";

        @Override
        ExitCode run(AdminClient client, PrintWriter out) {
            client.send("DELETE", path(name), "", Map.of());
            out.println("secret " + name + " is removed");
            return ExitCode.OK;
        }
    }
}
