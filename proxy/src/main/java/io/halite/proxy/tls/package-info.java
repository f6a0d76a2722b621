/**
 * TLS: which certificates a listener serves, how pools are spoken to, and the sessions that come of it.
 * Start here: {@link io.halite.proxy.tls.TlsCompiler}.
 */
@NullMarked
package io.halite.proxy.tls;

import org.jspecify.annotations.NullMarked;
