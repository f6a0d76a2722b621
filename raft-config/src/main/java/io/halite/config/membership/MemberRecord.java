package io.halite.config.membership;

import io.halite.config.HostPort;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.time.Instant;
import java.util.List;

/**
 * A member of the cluster as the store knows it.
 *
 * @param addresses where its links are dialled, the best first
 * @param host the address that people, DNS answers and the page use
 * @param keyHash the SHA-256 of its public key in hexadecimal
 * @param witness whether it only votes: it carries no traffic and leads only when nobody else can
 */
public record MemberRecord(
        String id, String name, List<HostPort> addresses, String host, String keyHash, boolean witness,
        String version, int featureLevel, Instant joined) {
    public MemberRecord {
        addresses = List.copyOf(addresses);
    }

    String json() {
        return TreeText.json(Tree.mapping()
                .put("name", name).put("addresses", Tree.texts(Places.texts(addresses))).put("host", host)
                .put("keyHash", keyHash).put("witness", witness).put("version", version)
                .put("featureLevel", featureLevel).put("joined", joined.toString()).build());
    }

    static MemberRecord of(String id, String json) {
        JsonFields fields = JsonFields.of(json);
        return new MemberRecord(id, fields.text("name"), Places.parse(fields.texts("addresses")), fields.text("host"),
                fields.text("keyHash"), fields.flag("witness"), fields.text("version"),
                (int) fields.number("featureLevel"), Instant.parse(fields.text("joined")));
    }

    MemberRecord at(List<HostPort> newAddresses, String newHost) {
        return new MemberRecord(id, name, newAddresses, newHost, keyHash, witness, version, featureLevel, joined);
    }

    MemberRecord running(String newVersion, int newFeatureLevel) {
        return new MemberRecord(id, name, addresses, host, keyHash, witness, newVersion, newFeatureLevel, joined);
    }
}
