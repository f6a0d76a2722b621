package io.halite.admin.api;

import io.halite.admin.secret.KeyMatch;
import io.halite.admin.secret.SecretVault;
import io.halite.config.ClusterConfig;
import io.halite.config.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks the certificates of a config against the keys that the cluster holds. Safe for use by many threads. */
public final class CertificateCheck {
    private final SecretVault vault;

    public CertificateCheck(SecretVault vault) {
        this.vault = vault;
    }

    /** What is wrong: a key that does not fit is an error, one that is not there yet a warning. */
    List<Problem> problems(ClusterConfig config) {
        List<Problem> problems = new ArrayList<>();
        config.certificates().forEach((name, certificate) ->
                check(name, certificate.pem(), certificate.keySecret(), problems));
        return problems;
    }

    private void check(String name, String pem, @Nullable String secret, List<Problem> problems) {
        if (secret == null) {
            return;
        }
        String pointer = "/certificates/" + name + "/key/secret";
        Optional<byte[]> key;
        try {
            key = vault.open(secret);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(Problem.Severity.ERROR, 0, pointer, "SECRET_NOT_OPENED",
                    "the secret '" + secret + "' cannot be opened", "set it again"));
            return;
        }
        if (key.isEmpty()) {
            problems.add(new Problem(Problem.Severity.WARNING, 0, pointer, "SECRET_MISSING",
                    "the secret '" + secret + "' is not set yet",
                    "set it by 'halite secret set " + secret + "'; until then nothing serves '"
                            + name + "'"));
            return;
        }
        if (KeyMatch.of(pem, key.get()) instanceof KeyMatch.Unusable(
                String code, String message, String hint)) {
            problems.add(new Problem(Problem.Severity.ERROR, 0, pointer, code, message + ": '"
                    + secret + "'", hint));
        }
    }

    /** What a secret that was just set means for the certificates of a config that refer to it. */
    List<Problem> problems(ClusterConfig config, String secret) {
        List<Problem> problems = new ArrayList<>();
        config.certificates().forEach((name, certificate) -> {
            if (secret.equals(certificate.keySecret())) {
                check(name, certificate.pem(), secret, problems);
            }
        });
        return problems;
    }
}
