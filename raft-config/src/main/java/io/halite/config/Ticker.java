package io.halite.config;

/** Elapsed time, injected so that tests can turn it by hand. */
@FunctionalInterface
public interface Ticker {
    /** The real one. */
    Ticker SYSTEM = new SystemTicker();

    /** Nanoseconds since an arbitrary origin; only differences mean something. */
    long nanos();

    /** The real one, a class of its own so that the architecture test can name the only caller of nanoTime. */
    record SystemTicker() implements Ticker {
        @Override
        public long nanos() {
            return System.nanoTime();
        }
    }
}
