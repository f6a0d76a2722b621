package io.halite.appliance;

import io.halite.admin.node.DnsExplainer;
import io.halite.dns.DnsExplanation;
import io.halite.dns.DnsResponder;

/** Explains answers by the zones that this node's responder works by. */
record LocalDnsExplainer(DnsResponder responder) implements DnsExplainer {

    @Override
    public Explanation explain(Question question) {
        DnsExplanation told = responder.explain(question.name(), question.type(), question.from());
        return new Explanation(told.name(), told.type(), told.zone(), told.revision(), told.rcode(), told.answers(),
                new Policy(told.policy(), told.degraded(), told.panic(), told.scope()),
                told.candidates().stream().map(LocalDnsExplainer::candidate).toList());
    }

    private static Candidate candidate(DnsExplanation.Candidate one) {
        return new Candidate(one.name(), one.group(), one.addresses(), one.weight(), one.answered(), one.standing(),
                one.reason());
    }
}
