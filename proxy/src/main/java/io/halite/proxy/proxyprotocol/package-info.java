/**
 * The PROXY protocol, versions 1 and 2: how a proxy tells the next one for which client it speaks.
 * Start here: {@link io.halite.proxy.proxyprotocol.ProxyHeaderReader}.
 */
@NullMarked
package io.halite.proxy.proxyprotocol;

import org.jspecify.annotations.NullMarked;
