package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.appliance.cli.print.Table;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "trace", description = "Tells which listener, route, pool and target a request would take, and why.")
final class TraceCommand extends ClientCommand {
    @Parameters(paramLabel = "URL", description = "Of the request, such as http://shop.example.com/cart.")
    private String url = "";

    @Option(names = "--from", paramLabel = "IP", defaultValue = "127.0.0.1", description = "The client's address.")
    private String from = "127.0.0.1";

    @Option(names = {"-X", "--method"}, paramLabel = "METHOD", defaultValue = "GET",
            description = "Of the request (default ${DEFAULT-VALUE}).")
    private String method = "GET";

    @Option(names = {"-H", "--header"}, paramLabel = "NAME=VALUE", description = "A header of the request; repeatable.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        Tree.MappingBuilder given = Tree.mapping();
        headers.forEach(given::put);
        String request = TreeText.json(Tree.mapping().put("method", method).put("url", url).put("from", from)
                .put("headers", given.build()).build());
        Fields trace = client.post("/trace", request).fields();
        output.form().print(out, trace.tree(), List.of("targets/" + trace.text("pool") + "/" + trace.text("target")),
                () -> table(trace));
        return ExitCode.OK;
    }

    private static String table(Fields trace) {
        Table steps = new Table("", "STEP", "NAME", "WHY");
        for (Fields step : trace.list("steps")) {
            steps.row(step.isTrue("taken") ? ">" : "x", step.text("subject"), step.text("name"), step.text("reason"));
        }
        return trace.text("outcome") + " by node " + trace.text("node") + " at revision " + trace.text("revision")
                + "\n\n" + steps;
    }
}
