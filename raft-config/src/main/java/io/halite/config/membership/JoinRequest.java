package io.halite.config.membership;

import io.halite.config.HostPort;
import io.halite.config.peer.Pem;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * What a joining node asks of any member. The proof shows that it knows the token's secret, the signature that it
 * holds the key it wants certified; both cover everything else. Nothing in it is secret.
 *
 * @param hosts the host names and addresses by which the node is dialled, for its certificate
 * @param addresses where its links are dialled, the best first
 * @param host the address that people, DNS answers and the page use
 * @param time the node's clock when it asked
 */
public record JoinRequest(
        String tokenId, String nodeId, String name, String publicKey, List<String> hosts, List<HostPort> addresses,
        String host, boolean witness, String version, int featureLevel, Instant time, String proof,
        String signature) {
    private static final String ALGORITHM = "SHA256withECDSA";

    public JoinRequest {
        hosts = List.copyOf(hosts);
        addresses = List.copyOf(addresses);
    }

    /** The same with proof and signature, which the rest must have none of yet. */
    JoinRequest sealed(JoinToken token, KeyPair key) {
        byte[] transcript = transcript();
        try {
            Signature signer = Signature.getInstance(ALGORITHM);
            signer.initSign(key.getPrivate());
            signer.update(transcript);
            return new JoinRequest(tokenId, nodeId, name, publicKey, hosts, addresses, host, witness, version,
                    featureLevel, time, base64(JoinToken.proof(token.verifier(), transcript)), base64(signer.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing the request to join failed", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private byte[] transcript() {
        return TreeText.json(fields().build()).getBytes(StandardCharsets.UTF_8);
    }

    private Tree.MappingBuilder fields() {
        return Tree.mapping().put("format", 1).put("token", tokenId).put("nodeId", nodeId).put("name", name)
                .put("publicKey", publicKey).put("hosts", Tree.texts(hosts))
                .put("addresses", Tree.texts(Places.texts(addresses))).put("host", host).put("witness", witness)
                .put("version", version).put("featureLevel", featureLevel).put("time", time.toString());
    }

    /** The JSON that is sent. */
    public String json() {
        return TreeText.json(fields().put("proof", proof).put("signature", signature).build());
    }

    /**
     * Reads what was sent.
     *
     * @throws IllegalArgumentException when it makes no sense
     */
    static JoinRequest of(String json) {
        JsonFields fields = JsonFields.of(json);
        if (fields.number("format") != 1) {
            throw new IllegalArgumentException("a request to join of format " + fields.number("format")
                    + ", this version knows format 1");
        }
        JoinRequest request = new JoinRequest(fields.text("token"), fields.text("nodeId"), fields.text("name"),
                fields.text("publicKey"), fields.texts("hosts"), Places.parse(fields.texts("addresses")),
                fields.text("host"), fields.flag("witness"), fields.text("version"),
                (int) fields.number("featureLevel"), instant(fields.text("time")), fields.text("proof"),
                fields.text("signature"));
        if (!request.nodeId.matches("n-[0-9a-f]{12}") || !request.name.matches("[a-z0-9-]{1,63}")
                || request.addresses.isEmpty()) {
            throw new IllegalArgumentException("node id, name or addresses are missing or malformed");
        }
        return request;
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("not a time: " + text, e);
        }
    }

    boolean isProvedBy(byte[] verifier) {
        return MessageDigest.isEqual(JoinToken.proof(verifier, transcript()), decode(proof));
    }

    /** Whether whoever sent it holds the private half of the key in it. */
    boolean isSigned() {
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key());
            verifier.update(transcript());
            return verifier.verify(decode(signature));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] decode(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    PublicKey key() {
        return Pem.publicKey(decode(publicKey));
    }

    String keyHash() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(decode(publicKey)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
