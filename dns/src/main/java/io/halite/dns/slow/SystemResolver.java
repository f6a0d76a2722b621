package io.halite.dns.slow;

import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;

/** The resolvers of this machine. */
public final class SystemResolver {
    private SystemResolver() {}

    /** Those that it has now: they come and go with the network that it is in. */
    public static Resolver now() {
        ResolverConfig.refresh();
        return new ExtendedResolver();
    }
}
