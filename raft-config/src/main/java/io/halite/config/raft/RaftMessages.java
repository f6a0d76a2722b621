package io.halite.config.raft;

import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowResponse;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Every Raft message that may travel between nodes, with its number on the wire: nothing else is ever read. Numbers
 * are for ever. Stateless.
 */
final class RaftMessages {
    private record Kind(Class<? extends Message> type, Parser<? extends Message> parser) {}

    /** In the order of their numbers. */
    private static final List<Kind> KINDS = List.of(
            new Kind(PingRequest.class, PingRequest.parser()),
            new Kind(ErrorResponse.class, ErrorResponse.parser()),
            new Kind(AppendEntriesRequest.class, AppendEntriesRequest.parser()),
            new Kind(AppendEntriesResponse.class, AppendEntriesResponse.parser()),
            new Kind(RequestVoteRequest.class, RequestVoteRequest.parser()),
            new Kind(RequestVoteResponse.class, RequestVoteResponse.parser()),
            new Kind(InstallSnapshotRequest.class, InstallSnapshotRequest.parser()),
            new Kind(InstallSnapshotResponse.class, InstallSnapshotResponse.parser()),
            new Kind(GetFileRequest.class, GetFileRequest.parser()),
            new Kind(GetFileResponse.class, GetFileResponse.parser()),
            new Kind(TimeoutNowRequest.class, TimeoutNowRequest.parser()),
            new Kind(TimeoutNowResponse.class, TimeoutNowResponse.parser()),
            new Kind(ReadIndexRequest.class, ReadIndexRequest.parser()),
            new Kind(ReadIndexResponse.class, ReadIndexResponse.parser()));

    private RaftMessages() {}

    static byte[] encode(Message message) {
        byte[] bytes = new byte[1 + message.getSerializedSize()];
        bytes[0] = number(message);
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes, 1, bytes.length - 1);
            message.writeTo(out);
            out.checkNoSpaceLeft();
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    private static byte number(Message message) {
        for (int i = 0; i < KINDS.size(); i++) {
            if (KINDS.get(i).type() == message.getClass()) {
                return (byte) i;
            }
        }
        throw new IllegalArgumentException("no Raft message that travels: " + message.getClass().getName());
    }

    /**
     * Reads a message.
     *
     * @throws IllegalArgumentException when it is none of those listed
     */
    static Message decode(byte[] bytes) {
        if (bytes.length == 0 || bytes[0] < 0 || bytes[0] >= KINDS.size()) {
            throw new IllegalArgumentException("no Raft message");
        }
        try {
            return KINDS.get(bytes[0]).parser().parseFrom(bytes, 1, bytes.length - 1);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("a damaged Raft message: " + e.getMessage(), e);
        }
    }
}
