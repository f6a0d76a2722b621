package io.halite.proxy.tls;

/** What does the cryptography of https listeners. */
public enum TlsEngine {
    /** OpenSSL where it is, else the Java runtime. */
    AUTO,
    /** OpenSSL 3 of the system, through {@code java.lang.foreign}. */
    OPENSSL,
    /** The Java runtime: there on every machine, and many times dearer in handshakes. */
    JSSE;

    /** The engine that this one stands for on this machine: never {@code AUTO}. */
    public TlsEngine resolved() {
        if (this == AUTO) {
            return OnThisMachine.OPENSSL_IS_THERE ? OPENSSL : JSSE;
        }
        return this;
    }

    /** Looked for once, and not before somebody asks. */
    private static final class OnThisMachine {
        private static final boolean OPENSSL_IS_THERE = OpenSsl.isAvailable();
    }
}
