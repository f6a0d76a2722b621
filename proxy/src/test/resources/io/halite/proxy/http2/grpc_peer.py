"""A server and a client of gRPC, both with the project's own library: grpc_peer.py server|client PORT."""
import queue
import sys
import threading
from concurrent import futures

import grpc

EVENTS = []


def unary(request, context):
    context.set_trailing_metadata((("x-sum", str(len(request))),))
    return b"unary:" + request


def download(request, context):
    for number in range(3):
        yield b"%d:" % number + request


def upload(requests, context):
    return b"+".join(requests)


def chat(requests, context):
    for request in requests:
        yield b"echo:" + request


def fail(request, context):
    context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not now: ü")


def slow(request, context):
    gone = threading.Event()
    context.add_callback(gone.set)
    EVENTS.append("left " + str(context.time_remaining() is not None))
    gone.wait(20)
    EVENTS.append("cancelled")
    return b""


def events(request, context):
    return " ".join(EVENTS).encode()


class Service(grpc.GenericRpcHandler):
    def service(self, details):
        return {
            "Unary": grpc.unary_unary_rpc_method_handler(unary),
            "Download": grpc.unary_stream_rpc_method_handler(download),
            "Upload": grpc.stream_unary_rpc_method_handler(upload),
            "Chat": grpc.stream_stream_rpc_method_handler(chat),
            "Fail": grpc.unary_unary_rpc_method_handler(fail),
            "Slow": grpc.unary_unary_rpc_method_handler(slow),
            "Events": grpc.unary_unary_rpc_method_handler(events),
        }.get(details.method.rsplit("/", 1)[1])


def serve(port):
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=40), (Service(),))
    server.add_insecure_port("127.0.0.1:" + port)
    server.start()
    server.wait_for_termination()


def failure(name, call):
    try:
        call()
        print(name, "went well")
    except grpc.RpcError as error:
        # Who says first that time is up is a race.
        print(name, error.code().name, "" if name == "deadline" else error.details())


def ask(port):
    channel = grpc.insecure_channel("127.0.0.1:" + port)
    response, call = channel.unary_unary("/test.Echo/Unary").with_call(b"abc", timeout=20)
    print("unary", response.decode(), dict(call.trailing_metadata()).get("x-sum"), call.code().name)
    large = b"x" * 3_000_000
    print("large", len(channel.unary_unary("/test.Echo/Unary")(large, timeout=20)))
    print("download", b" ".join(channel.unary_stream("/test.Echo/Download")(b"a", timeout=20)).decode())
    print("upload", channel.stream_unary("/test.Echo/Upload")(iter([b"a", b"b", b"c"]), timeout=20).decode())
    asked = queue.Queue()
    answers = channel.stream_stream("/test.Echo/Chat")(iter(asked.get, None), timeout=20)
    said = []
    for word in (b"one", b"two", b"three"):
        asked.put(word)
        said.append(next(answers))
    asked.put(None)
    print("chat", b" ".join(said).decode(), len(list(answers)))
    failure("fail", lambda: channel.unary_unary("/test.Echo/Fail")(b"", timeout=20))
    failure("unknown", lambda: channel.unary_unary("/test.Echo/Nothing")(b"", timeout=20))
    failure("deadline", lambda: channel.unary_unary("/test.Echo/Slow")(b"", timeout=0.5))
    cancelled = channel.unary_unary("/test.Echo/Slow").future(b"", timeout=20)
    while channel.unary_unary("/test.Echo/Events")(b"", timeout=20).split().count(b"left") < 2:
        pass
    cancelled.cancel()
    while channel.unary_unary("/test.Echo/Events")(b"", timeout=20).split().count(b"cancelled") < 2:
        pass
    print("events", channel.unary_unary("/test.Echo/Events")(b"", timeout=20).decode().count("True"))
    failure("unrouted", lambda: channel.unary_unary("/other.Service/Method")(b"", timeout=20))
    failure("down", lambda: channel.unary_unary("/down.Service/Method")(b"", timeout=20))
    failure("downUpload", lambda: channel.stream_unary("/down.Service/Upload")(iter([b"a", b"b"]), timeout=20))
    many = [channel.unary_unary("/test.Echo/Unary").future(b"%d" % number, timeout=20) for number in range(200)]
    print("many", sum(call.result() == b"unary:%d" % number for number, call in enumerate(many)))


if sys.argv[1] == "server":
    serve(sys.argv[2])
else:
    ask(sys.argv[2])
