package io.halite.proxy.relay;

/**
 * A socket that listens and that one process hands to another, which has it as its own then: both hold the same socket
 * of the kernel, so that nothing that waits in it is lost when the first closes it.
 *
 * @param place what listens on it, the same text in both processes
 * @param descriptor in this process
 */
public record HandedSocket(String place, int descriptor) {

    /** Gives up this process's hold; the other's stays. */
    public void close() {
        new Kernel().close(descriptor);
    }
}
