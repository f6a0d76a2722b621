package io.halite.config.raft;

import com.alipay.sofa.jraft.rpc.RaftRpcFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.SPI;
import org.jspecify.annotations.Nullable;

/**
 * Tells JRaft to use the links between nodes for its requests. JRaft finds it through {@code META-INF/services} and
 * keeps one per JVM, so it holds nothing: each client gets its links from {@link RaftNodeOptions}.
 */
@SPI(name = "halite", priority = 100)
public final class PeerRpcFactory implements RaftRpcFactory {

    @Override
    public void registerProtobufSerializer(String className, Object... args) {
        // What may be read is listed in RaftMessages.
    }

    @Override
    public RpcClient createRpcClient(@Nullable ConfigHelper<RpcClient> ignored) {
        return new PeerRpcClient();
    }

    @Override
    public RpcServer createRpcServer(Endpoint endpoint, @Nullable ConfigHelper<RpcServer> ignored) {
        throw new UnsupportedOperationException("RaftNode makes its server");
    }
}
