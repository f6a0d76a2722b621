package io.halite.config.raft;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.InvokeContext;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.peer.PeerNetwork.Lane;
import io.halite.config.peer.Reply;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * JRaft's requests to other nodes. A node's endpoint carries its id where JRaft expects an address. JRaft asks for a
 * connection under its own lock, so this one always says that there is one: requests queue while it is made.
 */
final class PeerRpcClient implements RpcClient {
    static final String TOPIC = "raft";

    private volatile @Nullable PeerNetwork network;
    private volatile @Nullable ReplicatorGroup replicators;

    @Override
    public boolean init(RpcOptions options) {
        RaftNodeOptions ours = (RaftNodeOptions) options;
        network = ours.network();
        ReplicatorGroup group = replicators;
        if (group != null) {
            ours.replicators(group);
        }
        return true;
    }

    @Override
    public void shutdown() {
        // The links are not its own.
    }

    @Override
    public boolean checkConnection(Endpoint endpoint) {
        return true;
    }

    @Override
    public boolean checkConnection(Endpoint endpoint, boolean createIfAbsent) {
        return true;
    }

    @Override
    public void closeConnection(Endpoint endpoint) {
        // Links are shared with others and end by themselves.
    }

    @Override
    public void registerConnectEventListener(ReplicatorGroup group) {
        // Replicators find out by their own heartbeats that a connection is there.
        replicators = group;
    }

    @Override
    public Object invokeSync(Endpoint endpoint, Object request, @Nullable InvokeContext context, long timeoutMillis)
            throws InterruptedException, RemotingException {
        BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
        send(endpoint, (Message) request, timeoutMillis, replies::add);
        Reply reply = replies.poll(2 * timeoutMillis, TimeUnit.MILLISECONDS);
        if (reply instanceof Reply.Answer answer) {
            return RaftMessages.decode(answer.payload());
        }
        throw failure(reply);
    }

    @Override
    public void invokeAsync(Endpoint endpoint, Object request, @Nullable InvokeContext context,
            InvokeCallback callback, long timeoutMillis) {
        send(endpoint, (Message) request, timeoutMillis, reply -> complete(callback, reply));
    }

    private void send(Endpoint endpoint, Message request, long timeoutMillis,
            Consumer<Reply> callback) {
        PeerNetwork links = network;
        if (links == null) {
            throw new IllegalStateException("the client has not been initialised");
        }
        links.request(endpoint.getIp(), lane(request), TOPIC, RaftMessages.encode(request),
                Duration.ofMillis(timeoutMillis), callback);
    }

    private static Lane lane(Message request) {
        return switch (request) {
            case AppendEntriesRequest ignored -> Lane.LOG;
            case GetFileRequest ignored -> Lane.BULK;
            case InstallSnapshotRequest ignored -> Lane.BULK;
            default -> Lane.CONTROL;
        };
    }

    private static void complete(InvokeCallback callback, Reply reply) {
        Executor executor = callback.executor();
        if (executor == null) {
            deliver(callback, reply);
            return;
        }
        try {
            executor.execute(() -> deliver(callback, reply));
        } catch (RejectedExecutionException e) {
            deliver(callback, reply);
        }
    }

    private static void deliver(InvokeCallback callback, Reply reply) {
        Object result = null;
        Throwable failure = null;
        try {
            if (reply instanceof Reply.Answer answer) {
                result = RaftMessages.decode(answer.payload());
            } else {
                failure = failure(reply);
            }
        } catch (IllegalArgumentException e) {
            failure = new RemotingException("an answer that is none", e);
        }
        callback.complete(result, failure);
    }

    private static RemotingException failure(@Nullable Reply reply) {
        return reply instanceof Reply.Failure failed && failed.kind() != Reply.Kind.TIMED_OUT
                ? new RemotingException(failed.message())
                : new InvokeTimeoutException("no answer in time");
    }
}
