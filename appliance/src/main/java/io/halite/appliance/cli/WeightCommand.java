package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "weight", description = "Sets the weight of a target, its share of the pool's traffic.")
final class WeightCommand extends ClientCommand {
    @Parameters(index = "0", paramLabel = "POOL/TARGET", description = "Whose weight.")
    private TargetName target = new TargetName("", "");

    @Parameters(index = "1", paramLabel = "N", description = "0 to 1000; with 0 it gets no new request.")
    private int weight;

    @Mixin
    private ReasonOption reason = new ReasonOption();

    @Mixin
    private WaitOptions waiting = new WaitOptions();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        String body = TreeText.json(Tree.mapping().put("weight", weight).build());
        Fields answer = client.post(target.path() + ":weight?dryRun=false" + reason.parameter() + waiting.parameters(), body)
                .fields();
        if (!answer.isTrue("changed")) {
            out.println("nothing to change: the weight of " + target + " is " + weight + " already");
            return ExitCode.OK;
        }
        out.println("the weight of " + target + " is " + weight);
        return AppliedBy.tell(answer, waiting, out, err());
    }
}
