package io.halite.dns.slow;

import io.halite.config.Zone;
import io.halite.config.Zone.TsigKey;
import io.halite.dns.policy.Quarantined;
import io.halite.dns.policy.ZonePlan;
import io.halite.dns.render.ZoneContent;
import io.halite.dns.serve.Networks;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.xbill.DNS.Name;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TextParseException;

/** Makes the zones that may be copied out of those that are served. */
public final class TransferZones {
    private TransferZones() {}

    /**
     * Of all zones that say who may copy them.
     *
     * @param contents by zone name
     * @param secrets the secrets of the cluster by name
     */
    public static List<TransferZone> of(
            List<ZonePlan> plans, Map<String, ZoneContent> contents, Function<String, Optional<String>> secrets,
            List<Quarantined> quarantined) {
        List<TransferZone> zones = new ArrayList<>();
        for (ZonePlan plan : plans) {
            Zone.Transfer transfer = plan.zone().transfer();
            ZoneContent content = contents.get(plan.apex());
            if (transfer == null || content == null) {
                continue;
            }
            try {
                zones.add(of(content, transfer, secrets));
            } catch (IllegalArgumentException | TextParseException e) {
                quarantined.add(new Quarantined("zone/" + plan.apex() + "/transfer", "TRANSFER_KEY_INVALID",
                        String.valueOf(e.getMessage())));
            }
        }
        return zones;
    }

    private static TransferZone of(
            ZoneContent content, Zone.Transfer transfer, Function<String, Optional<String>> secrets)
            throws TextParseException {
        Networks allow = new Networks(transfer.allow());
        TsigKey key = transfer.key();
        if (key == null) {
            return new TransferZone(content.apex(), content.soa(), content.everything(), allow, null, null,
                    transfer.secondaries());
        }
        String secret = secrets.apply(key.secret()).orElseThrow(
                () -> new IllegalArgumentException("there is no secret named " + key.secret()));
        Name keyName = Name.fromString(key.name(), Name.root);
        Name algorithm = Name.fromString(key.algorithm(), Name.root);
        byte[] bytes = Base64.getMimeDecoder().decode(secret.strip());
        if (bytes.length == 0) {
            throw new IllegalArgumentException("secret " + key.secret() + " is empty");
        }
        return new TransferZone(content.apex(), content.soa(), content.everything(), allow, keyName,
                new TSIG(algorithm, keyName, bytes), transfer.secondaries());
    }
}
