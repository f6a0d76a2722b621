package io.halite.dns;

import java.time.Duration;
import java.util.List;

/**
 * What the zone above must hold of a zone, in master file notation.
 *
 * @param zone without a final dot
 * @param nameservers the NS records
 * @param glue addresses of nameservers within the zone
 * @param ds the DS record of the signing key; empty for an unsigned zone
 */
public record Delegation(String zone, List<String> nameservers, List<String> glue, List<String> ds) {
    public Delegation {
        nameservers = List.copyOf(nameservers);
        glue = List.copyOf(glue);
        ds = List.copyOf(ds);
    }

    /**
     * What servers of the zone above say of the DS record while one key follows another.
     *
     * @param servers with a problem each where they do not name the signing key, or still another
     * @param remembered how long what they say may be remembered
     */
    public record KeyChange(List<Verdict> servers, Duration remembered) {
        public KeyChange {
            servers = List.copyOf(servers);
        }
    }

    /**
     * What one server of the zone above says.
     *
     * @param server its address and port
     * @param problems what is not as it should be, a sentence each; none when all is well
     */
    public record Verdict(String server, List<String> problems) {
        public Verdict {
            problems = List.copyOf(problems);
        }
    }
}
