/**
 * The authoritative DNS responder of every node: answers for the zones of the config from the one health truth.
 * Start here: {@link io.halite.dns.DnsResponder}.
 */
@NullMarked
package io.halite.dns;

import org.jspecify.annotations.NullMarked;
