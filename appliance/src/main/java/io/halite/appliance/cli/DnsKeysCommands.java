package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.print.Table;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs of {@code halite dns} for the signing keys of zones. */
final class DnsKeysCommands {
    private DnsKeysCommands() {}

    private static void print(Fields told, OutputOptions output, PrintWriter out) {
        output.form().print(out, told.tree(), told.list("keys").stream().map(key -> key.text("tag")).toList(),
                () -> table(told));
    }

    private static String table(Fields told) {
        Table table = new Table("KEY", "STATE", "SIGNS FROM", "LEAVES");
        StringBuilder ds = new StringBuilder();
        String others = told.list("keys").getFirst().isTrue("signing") ? "next" : "old";
        for (Fields key : told.list("keys")) {
            String leaves = key.text("leaves");
            table.row(key.text("tag"), key.isTrue("signing") ? "signing" : leaves.isEmpty() ? others : "leaving",
                    key.text("signs"), leaves.isEmpty() ? "-" : leaves);
            ds.append(key.text("ds")).append('\n');
        }
        return table + "\n" + ds;
    }

    @Command(name = "keys", description = "Lists the signing keys of a zone, and the DS record of each.")
    static final class Keys extends ClientCommand {
        @Parameters(paramLabel = "ZONE", description = "One of the zones of the config.")
        private String zone = "";

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        ExitCode run(AdminClient client, PrintWriter out) {
            print(client.post("/dns:keys", TreeText.json(Tree.mapping().put("zone", zone).build())).fields(), output, out);
            return ExitCode.OK;
        }
    }

    @Command(name = "roll", description = {"Replaces the signing key of a zone, which stays signed all the time.",
            "First a new key is published; it signs by itself once caches know it. Then the zone above must be given its DS"
                    + " record (halite dns ds ZONE) in place of the old one, and --finish lets the old key leave.",
            "As long as the zone above still names the old key, --cancel goes back to it."})
    static final class Roll extends ClientCommand {
        @Parameters(paramLabel = "ZONE", description = "One of the zones of the config.")
        private String zone = "";

        @Option(names = "--finish", description = "Ask the zone above whether it names the new key alone, and if so, let the"
                + " old one leave.")
        private boolean finish;

        @Option(names = "--cancel", description = "Let the new key leave and the old one sign again, unless the zone above"
                + " names the new one alone.")
        private boolean cancel;

        @Option(names = "--wait", paramLabel = "DURATION", defaultValue = "",
                description = "How long the new key is published before it signs, or the other one stays; shorter than"
                        + " caches remember, and answers are taken for forged.")
        private String wait = "";

        @Option(names = "--server", paramLabel = "IP[:PORT]", defaultValue = "",
                description = "With --finish and --cancel: ask this server of the zone above instead of finding them.")
        private String server = "";

        @Option(names = "--unasked", description = "With --finish and --cancel: do not ask the zone above.")
        private boolean unasked;

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        ExitCode run(AdminClient client, PrintWriter out) {
            if (finish && cancel) {
                throw new CommandFailure(ExitCode.USAGE, "--finish and --cancel exclude each other", "give one of them");
            }
            if (!finish && !cancel && (unasked || !server.isEmpty())) {
                throw new CommandFailure(ExitCode.USAGE, "--server and --unasked say how to --finish or --cancel",
                        "give one of them, too");
            }
            Tree.MappingBuilder question = Tree.mapping().put("zone", zone);
            if (!wait.isEmpty()) {
                question.put("wait", wait);
            }
            if (!server.isEmpty()) {
                question.put("server", server);
            }
            if (unasked) {
                question.put("unasked", true);
            }
            String step = finish ? "/dns:finishRoll" : cancel ? "/dns:cancelRoll" : "/dns:rollKey";
            print(client.post(step, TreeText.json(question.build())).fields(),
                    output, out);
            return ExitCode.OK;
        }
    }
}
