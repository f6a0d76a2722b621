package io.halite.dns.xdp;

import java.io.IOException;

/** Why frames cannot be had: what failed, and the way out where one is known. */
final class XdpFailure extends IOException {
    private static final long serialVersionUID = 1;

    private XdpFailure(String message) {
        super(message);
    }

    /** What a call returned, unless it is a negative error number. */
    static int check(String what, int result) throws XdpFailure {
        if (result < 0) {
            throw new XdpFailure(what + " was refused: " + reason(-result));
        }
        return result;
    }

    private static String reason(int error) {
        return switch (error) {
            case XdpCalls.EPERM -> "it needs CAP_NET_ADMIN, CAP_NET_RAW and CAP_BPF, or root";
            case XdpCalls.EBUSY -> "another program has the interface or its queue (ip link show tells which), or this "
                    + "node's process before it ends";
            case XdpCalls.ENOBUFS, XdpCalls.EAGAIN, XdpCalls.ENOMEM ->
                    "it needs more locked memory (4 MiB for each queue: ulimit -l, LimitMEMLOCK), CAP_IPC_LOCK, or root";
            case XdpCalls.EOPNOTSUPP, XdpCalls.EINVAL, XdpCalls.ENOSYS, XdpCalls.EAFNOSUPPORT ->
                    "the interface or the kernel cannot (Linux 5.9 or newer with AF_XDP and BPF is needed)";
            default -> "error " + error;
        };
    }
}
