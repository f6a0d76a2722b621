package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.print.Table;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "dns", description = "Asks the DNS responder of a node, and what the zone above must know.",
        subcommands = {DnsCommand.Ask.class, DnsCommand.Ds.class, DnsCommand.DelegationOf.class, DnsKeysCommands.Keys.class,
                DnsKeysCommands.Roll.class})
final class DnsCommand extends VerbGroup {

    @Command(name = "ask", description = "Tells how a name is answered, and why; exit code 3 if no zone covers it.")
    static final class Ask extends ClientCommand {
        /** Name, time to live, class, type and data of a record in master file notation. */
        private static final int RECORD_FIELDS = 5;

        @Parameters(paramLabel = "NAME", description = "What is asked for, such as shop.lb.example.net.")
        private String name = "";

        @Option(names = {"-t", "--type"}, paramLabel = "TYPE", defaultValue = "A",
                description = "The type of the records, such as AAAA (default ${DEFAULT-VALUE}).")
        private String type = "A";

        @Option(names = "--from", paramLabel = "IP", defaultValue = "",
                description = "The client's address (default: the node's own).")
        private String from = "";

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        ExitCode run(AdminClient client, PrintWriter out) {
            Tree.MappingBuilder question = Tree.mapping().put("name", name).put("type", type);
            if (!from.isEmpty()) {
                question.put("from", from);
            }
            Fields answer = client.post("/dns:ask", TreeText.json(question.build())).fields();
            output.form().print(out, answer.tree(),
                    answer.texts("answers").stream().map(Ask::fields).map(List::getLast).toList(), () -> table(answer));
            return ExitCode.OK;
        }

        private static List<String> fields(String answer) {
            return List.of(answer.split("\\s+", RECORD_FIELDS));
        }

        /** A map may have one region for all clients of a family. */
        private String kind(Fields answer) {
            return answer.text("policy").equals("geo") ? from.indexOf(':') < 0 ? " IPv4" : " IPv6" : "";
        }

        private String table(Fields answer) {
            StringBuilder text = new StringBuilder();
            text.append(answer.text("name")).append(' ').append(answer.text("type")).append(": ")
                    .append(answer.text("rcode")).append(", zone ").append(answer.text("zone")).append(", by node ")
                    .append(answer.text("node")).append(" at revision ").append(answer.text("revision")).append('\n');
            if (!answer.text("policy").isEmpty()) {
                text.append("policy ").append(answer.text("policy"))
                        .append(answer.isTrue("panic") ? ", health is ignored because too little is left"
                                : answer.isTrue("degraded") ? ", some are left out for ill health" : "")
                        .append(answer.text("scope").equals("0") ? ", the same for all" + kind(answer) + " clients"
                                : ", for the client's /" + answer.text("scope")).append('\n');
            }
            Table records = new Table("NAME", "TTL", "CLASS", "TYPE", "DATA");
            answer.texts("answers").forEach(record -> records.row(fields(record).toArray(String[]::new)));
            text.append(records.isEmpty() ? "" : "\n" + records);
            Table candidates = new Table("", "CANDIDATE", "GROUP", "ADDRESSES", "WEIGHT", "STANDING", "WHY");
            answer.list("candidates").forEach(one -> candidates.row(one.isTrue("answered") ? ">" : "x", one.text("name"),
                    one.text("group"), String.join(" ", one.texts("addresses")), one.text("weight"),
                    one.text("standing"), one.text("reason")));
            return text.append(candidates.isEmpty() ? "" : "\n" + candidates).toString();
        }
    }

    @Command(name = "ds", description = "Prints the DS record of a signed zone, for the zone above.")
    static final class Ds extends ClientCommand {
        @Parameters(paramLabel = "ZONE", description = "One of the zones of the config.")
        private String zone = "";

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        ExitCode run(AdminClient client, PrintWriter out) {
            Fields told = client.post("/dns:delegation", TreeText.json(Tree.mapping().put("zone", zone).build())).fields();
            if (told.texts("ds").isEmpty()) {
                throw new CommandFailure(ExitCode.FAILED, "zone " + told.text("zone") + " is not signed",
                        "set dnssec: true in the zone");
            }
            output.form().print(out, told.tree(), told.texts("ds"), () -> String.join("\n", told.texts("ds")) + "\n");
            return ExitCode.OK;
        }
    }

    @Command(name = "delegation", description = {"Prints what the zone above must hold of a zone: NS, glue and DS.",
            "With --check its servers are asked whether they do; exit code 1 if one does not."})
    static final class DelegationOf extends ClientCommand {
        @Parameters(paramLabel = "ZONE", description = "One of the zones of the config.")
        private String zone = "";

        @Option(names = "--check", description = "Ask the servers of the zone above.")
        private boolean check;

        @Option(names = "--server", paramLabel = "IP[:PORT]", defaultValue = "",
                description = "Ask this server of the zone above instead of finding them; implies --check.")
        private String server = "";

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        ExitCode run(AdminClient client, PrintWriter out) {
            Fields told = client.post("/dns:delegation", TreeText.json(Tree.mapping().put("zone", zone).build())).fields();
            List<String> records = new ArrayList<>();
            List.of("nameservers", "glue", "ds").forEach(kind -> records.addAll(told.texts(kind)));
            if (!check && server.isEmpty()) {
                output.form().print(out, told.tree(), records, () -> String.join("\n", records) + "\n");
                return ExitCode.OK;
            }
            Tree.MappingBuilder question = Tree.mapping().put("zone", zone);
            if (!server.isEmpty()) {
                question.put("server", server);
            }
            Fields checked = client.post("/dns:checkDelegation", TreeText.json(question.build())).fields();
            boolean isRight = checked.list("servers").stream().allMatch(one -> one.texts("problems").isEmpty());
            output.form().print(out, checked.tree(),
                    checked.list("servers").stream().map(one -> one.text("server")).toList(),
                    () -> String.join("\n", records) + "\n\n" + verdicts(checked));
            return isRight ? ExitCode.OK : ExitCode.FAILED;
        }

        private static String verdicts(Fields checked) {
            Table table = new Table("SERVER", "VERDICT");
            for (Fields one : checked.list("servers")) {
                List<String> problems = one.texts("problems");
                if (problems.isEmpty()) {
                    table.row(one.text("server"), "delegates the zone as it should");
                }
                problems.forEach(problem -> table.row(one.text("server"), problem));
            }
            return table.toString();
        }
    }
}
