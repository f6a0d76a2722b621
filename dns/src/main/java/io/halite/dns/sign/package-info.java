/**
 * Signing of zones (DNSSEC): the cluster's keys, and signatures kept until they must be renewed.
 * Start here: {@link io.halite.dns.sign.SignatureBook}.
 */
@NullMarked
package io.halite.dns.sign;

import org.jspecify.annotations.NullMarked;
