/**
 * DNS answered from frames: AF_XDP sockets take queries from a network interface before the kernel's IP and UDP see them,
 * and answers leave in the frames they came in. Whatever is not plain goes on to the sockets of
 * {@link io.halite.dns.transport.NativeDatagrams}, which stay open beside it.
 * Start here: {@link io.halite.dns.xdp.XdpServer}.
 */
@NullMarked
package io.halite.dns.xdp;

import org.jspecify.annotations.NullMarked;
