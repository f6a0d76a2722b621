/**
 * Sockets: UDP by batches through the kernel's own calls or by channels, and TCP.
 * Start here: {@link io.halite.dns.transport.DatagramServer}.
 */
@NullMarked
package io.halite.dns.transport;

import org.jspecify.annotations.NullMarked;
