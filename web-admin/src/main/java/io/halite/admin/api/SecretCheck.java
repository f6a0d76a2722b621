package io.halite.admin.api;

import io.halite.admin.secret.KeyMatch;
import io.halite.admin.secret.SecretVault;
import io.halite.config.ClusterConfig;
import io.halite.config.Problem;
import io.halite.config.Problem.Severity;
import io.halite.config.Zone;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Checks a config against the secrets that the cluster holds: keys of certificates and of zone transfers. Safe for use by
 * many threads.
 */
public final class SecretCheck {
    private final SecretVault vault;

    public SecretCheck(SecretVault vault) {
        this.vault = vault;
    }

    /** What is wrong: a key that does not fit its certificate is an error, one that is not there yet a warning. */
    List<Problem> problems(ClusterConfig config) {
        return problems(config, secret -> true);
    }

    /** What a secret that was just set means for what refers to it in a config. */
    List<Problem> problems(ClusterConfig config, String secret) {
        return problems(config, secret::equals);
    }

    private List<Problem> problems(ClusterConfig config, Predicate<String> isAsked) {
        List<Problem> problems = new ArrayList<>();
        config.certificates().forEach((name, certificate) -> {
            String secret = certificate.keySecret();
            if (secret != null && isAsked.test(secret)) {
                checkCertificate(name, certificate.pem(), secret, problems);
            }
        });
        config.zones().forEach((name, zone) -> {
            Zone.Transfer transfer = zone.transfer();
            Zone.TsigKey key = transfer == null ? null : transfer.key();
            if (key != null && isAsked.test(key.secret())) {
                checkTransfer(name, key.secret(), problems);
            }
        });
        return problems;
    }

    private void checkCertificate(String name, String pem, String secret, List<Problem> problems) {
        String pointer = "/certificates/" + name + "/key/secret";
        Optional<byte[]> key = opened(secret, pointer, "nothing serves '" + name + "'", problems);
        if (key.isPresent()
                && KeyMatch.of(pem, key.get()) instanceof KeyMatch.Unusable(String code, String message, String hint)) {
            problems.add(new Problem(Severity.ERROR, 0, pointer, code, message + ": '" + secret + "'", hint));
        }
    }

    /** Never an error for its content: the zone is answered all the same. */
    private void checkTransfer(String name, String secret, List<Problem> problems) {
        String pointer = "/zones/" + name + "/transfer/key/secret";
        Optional<byte[]> key = opened(secret, pointer, "nobody may copy '" + name + "'", problems);
        if (key.isPresent() && !isBase64(key.get())) {
            problems.add(new Problem(Severity.WARNING, 0, pointer, "INVALID_KEY",
                    "the secret '" + secret + "' is no key in base 64, so nobody may copy '" + name + "'",
                    "make one by 'openssl rand -base64 32 | halite secret set " + secret + "'"));
        }
    }

    private static boolean isBase64(byte[] text) {
        try {
            String key = new String(text, StandardCharsets.UTF_8).strip();
            return Base64.getMimeDecoder().decode(key).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The secret; empty, with the problem told, when it cannot be had. */
    private Optional<byte[]> opened(String secret, String pointer, String untilThen, List<Problem> problems) {
        Optional<byte[]> opened;
        try {
            opened = vault.open(secret);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(Severity.ERROR, 0, pointer, "SECRET_NOT_OPENED",
                    "the secret '" + secret + "' cannot be opened", "set it again"));
            return Optional.empty();
        }
        if (opened.isEmpty()) {
            problems.add(new Problem(Severity.WARNING, 0, pointer, "SECRET_MISSING",
                    "the secret '" + secret + "' is not set yet",
                    "set it by 'halite secret set " + secret + "'; until then " + untilThen));
        }
        return opened;
    }
}
