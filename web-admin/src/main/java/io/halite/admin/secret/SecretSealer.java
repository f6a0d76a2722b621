package io.halite.admin.secret;

/** Seals secrets with the key of the cluster, so that what is stored and replicated tells nothing by itself. */
public interface SecretSealer {

    /** Text from which only the cluster can open the secret, and only under the same name. */
    String seal(String name, byte[] secret);

    /**
     * The secret again.
     *
     * @throws IllegalArgumentException when it was not sealed here, under this name, or was altered
     */
    byte[] open(String name, String sealed);
}
