package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.print.Table;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "dns", description = "Asks the DNS responder of a node.", subcommands = DnsCommand.Ask.class)
final class DnsCommand extends VerbGroup {

    @Command(name = "ask", description = "Tells how a name is answered, and why; exit code 3 if no zone covers it.")
    static final class Ask extends ClientCommand {
        /** Name, time to live, class, type and data of a record in master file notation. */
        private static final int RECORD_FIELDS = 5;

        @Parameters(paramLabel = "NAME")
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

        private static String table(Fields answer) {
            StringBuilder text = new StringBuilder();
            text.append(answer.text("name")).append(' ').append(answer.text("type")).append(": ")
                    .append(answer.text("rcode")).append(", zone ").append(answer.text("zone")).append(", by node ")
                    .append(answer.text("node")).append(" at revision ").append(answer.text("revision")).append('\n');
            if (!answer.text("policy").isEmpty()) {
                text.append("policy ").append(answer.text("policy"))
                        .append(answer.isTrue("degraded") ? ", some are left out for ill health" : "")
                        .append(answer.isTrue("panic") ? ", health is ignored because too little is left" : "")
                        .append(answer.text("scope").equals("0") ? ", the same for all clients"
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
}
