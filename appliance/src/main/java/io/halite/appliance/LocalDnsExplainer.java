package io.halite.appliance;

import io.halite.admin.node.DnsExplainer;
import io.halite.admin.node.DnsKeys;
import io.halite.dns.DnsExplanation;
import io.halite.dns.DnsResponder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Explains answers by the zones that this node's responder works by. */
record LocalDnsExplainer(DnsResponder responder, DnsKeys keys) implements DnsExplainer {

    @Override
    public Explanation explain(Question question) {
        DnsExplanation told = responder.explain(question.name(), question.type(), question.from());
        return new Explanation(told.name(), told.type(), told.zone(), told.revision(), told.rcode(), told.answers(),
                new Policy(told.policy(), told.degraded(), told.panic(), told.scope()),
                told.candidates().stream().map(LocalDnsExplainer::candidate).toList());
    }

    @Override
    public Optional<Delegation> delegation(String zone) {
        return responder.delegation(zone)
                .map(told -> new Delegation(told.zone(), told.nameservers(), told.glue(), told.ds()));
    }

    @Override
    public Optional<List<ParentServer>> checkDelegation(String zone, List<InetSocketAddress> servers)
            throws IOException {
        return responder.checkDelegation(zone, servers).map(verdicts -> verdicts.stream()
                .map(verdict -> new ParentServer(verdict.server(), verdict.problems())).toList());
    }

    private static Candidate candidate(DnsExplanation.Candidate one) {
        return new Candidate(one.name(), one.group(), one.addresses(), one.weight(), one.answered(), one.standing(),
                one.reason());
    }
}
