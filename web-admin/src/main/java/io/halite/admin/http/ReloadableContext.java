package io.halite.admin.http;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * An SSL context that stands for another one, which may be exchanged: Helidon cannot reload a listener whose context
 * was given to it. Connections that are open keep theirs. Safe for use by many threads.
 */
public final class ReloadableContext extends SSLContext {
    private final Delegate delegate;

    public ReloadableContext(SSLContext first) {
        this(new Delegate(first));
    }

    private ReloadableContext(Delegate delegate) {
        super(delegate, delegate.current.getProvider(), delegate.current.getProtocol());
        this.delegate = delegate;
    }

    /** New connections use this one from now on. */
    public void reload(SSLContext next) {
        delegate.current = next;
    }

    private static final class Delegate extends SSLContextSpi {
        private volatile SSLContext current;

        Delegate(SSLContext first) {
            this.current = first;
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("this context follows another one");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return current.getSocketFactory();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return current.getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return current.createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return current.createSSLEngine(host, port);
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return current.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return current.getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return current.getDefaultSSLParameters();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return current.getSupportedSSLParameters();
        }
    }
}
