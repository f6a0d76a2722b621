package io.halite.config.raft;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.rpc.impl.PingRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.AppendEntriesRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.GetFileRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.InstallSnapshotRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.ReadIndexRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.RequestVoteRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.TimeoutNowRequestProcessor;
import com.google.protobuf.Message;
import io.halite.config.peer.IncomingLink;
import io.halite.config.peer.IncomingRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Hands Raft's requests from other nodes to JRaft, after checking that whoever claims to be a leader or candidate is
 * the node its certificate names. JRaft's administrative requests are not among them. Safe for use by many threads.
 */
final class PeerRpcServer implements AutoCloseable {
    private static final String CONNECTION = "raft.connection";

    private static final Duration IDLE = Duration.ofSeconds(30);

    private final PeerId self;
    /**
     * A thread for each leader keeps the log's entries in order. JRaft has such threads too, but when a link breaks it
     * waits for the end of its own under a lock that the requests still queued there want: up to 15 s, in which nothing
     * of the log comes in by the next link either.
     */
    private final Map<String, ExecutorService> leaders = new ConcurrentHashMap<>();
    private final Map<Class<? extends Message>, RpcProcessor<? extends Message>> processors = new HashMap<>();
    private final AppendEntriesRequestProcessor appends;
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("raft-request-", 0).factory());

    PeerRpcServer(PeerId self) {
        this.self = self;
        this.appends = new AppendEntriesRequestProcessor(workers);
        processors.put(AppendEntriesRequest.class, appends);
        processors.put(RequestVoteRequest.class, new RequestVoteRequestProcessor(workers));
        processors.put(InstallSnapshotRequest.class, new InstallSnapshotRequestProcessor(workers));
        processors.put(GetFileRequest.class, new GetFileRequestProcessor(workers));
        processors.put(TimeoutNowRequest.class, new TimeoutNowRequestProcessor(workers));
        processors.put(ReadIndexRequest.class, new ReadIndexRequestProcessor(workers));
        processors.put(PingRequest.class, new PingRequestProcessor(workers));
    }

    /** Takes a request from a link, in the link's order. */
    void take(IncomingRequest incoming) {
        try {
            Message request = RaftMessages.decode(incoming.payload());
            check(request, incoming.from());
            dispatch(request, incoming);
        } catch (IllegalArgumentException | RejectedExecutionException e) {
            incoming.fail(String.valueOf(e.getMessage()));
        }
    }

    private void check(Message request, String from) {
        switch (request) {
            case AppendEntriesRequest append -> check(append.getServerId(), append.getPeerId(), from);
            case RequestVoteRequest vote -> check(vote.getServerId(), vote.getPeerId(), from);
            case InstallSnapshotRequest install -> check(install.getServerId(), install.getPeerId(), from);
            case TimeoutNowRequest now -> check(now.getServerId(), now.getPeerId(), from);
            case ReadIndexRequest read -> check(read.getServerId(), self.toString(), from);
            default -> { }
        }
    }

    private void check(String claimed, String wanted, String from) {
        PeerId sender = new PeerId();
        if (!sender.parse(claimed) || !sender.getIp().equals(from)) {
            throw new IllegalArgumentException("node " + from + " speaks for " + claimed);
        }
        PeerId receiver = new PeerId();
        if (!receiver.parse(wanted) || !receiver.getIp().equals(self.getIp())) {
            throw new IllegalArgumentException("this is node " + self.getIp() + ", not " + wanted);
        }
    }

    private void dispatch(Message request, IncomingRequest incoming) {
        RpcContext context = new Context(incoming, connection(incoming.link()));
        if (request instanceof AppendEntriesRequest) {
            leaders.computeIfAbsent(incoming.from(), PeerRpcServer::inOrder).execute(() -> {
                // What came by a link that broke is sent again by another; nobody hears an answer.
                if (incoming.link().isOpen()) {
                    process(request, context);
                }
            });
        } else {
            workers.execute(() -> process(request, context));
        }
    }

    private static ExecutorService inOrder(String leader) {
        ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, IDLE.toMillis(), TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(), Thread.ofPlatform().daemon().name("raft-appends-" + leader).factory());
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }

    private void process(Message request, RpcContext context) {
        RpcProcessor<? extends Message> processor = processors.get(request.getClass());
        if (processor == null) {
            throw new IllegalArgumentException("no request: " + request.getClass().getSimpleName());
        }
        handle(processor, context, request);
    }

    @SuppressWarnings("unchecked") // The table pairs each processor with the class it takes.
    private static <T extends Message> void handle(RpcProcessor<T> processor, RpcContext context, Message request) {
        processor.handleRequest(context, (T) request);
    }

    private LinkConnection connection(IncomingLink link) {
        return (LinkConnection) link.attributes().computeIfAbsent(CONNECTION, key -> {
            LinkConnection connection = new LinkConnection(link);
            link.onClose(() -> appends.onClosed(link.remote(), connection));
            return connection;
        });
    }

    @Override
    public void close() {
        appends.destroy();
        leaders.values().forEach(ExecutorService::shutdown);
        workers.shutdown();
    }

    private record Context(IncomingRequest incoming, LinkConnection connection) implements RpcContext {
        @Override
        public void sendResponse(Object response) {
            incoming.answer(RaftMessages.encode((Message) response));
        }

        @Override
        public Connection getConnection() {
            return connection;
        }

        @Override
        public String getRemoteAddress() {
            return incoming.link().remote();
        }
    }

    /** A link as JRaft wants to see it. */
    private record LinkConnection(IncomingLink link) implements Connection {
        @Override
        @SuppressWarnings("NullAway") // JRaft's interface knows no nullness; absent is null there.
        public Object getAttribute(String key) {
            return link.attributes().get(key);
        }

        @Override
        public void setAttribute(String key, Object value) {
            link.attributes().put(key, value);
        }

        @Override
        @SuppressWarnings("NullAway") // As above.
        public Object setAttributeIfAbsent(String key, Object value) {
            return link.attributes().putIfAbsent(key, value);
        }

        @Override
        public void close() {
            link.close();
        }
    }
}
