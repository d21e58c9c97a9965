package org.peekplatform.benchmarks.baseline;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.peekplatform.plugins.probe.calls.CallLoop;

/// A unary method of gRPC that answers what it is sent; text without a schema, and handled on the
/// threads of the network, which is the fastest that gRPC does.
public final class GrpcEcho implements CallLoop.Callee {
    private static final MethodDescriptor.Marshaller<String> TEXT =
            new MethodDescriptor.Marshaller<>() {
                @Override
                public InputStream stream(String text) {
                    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
                }

                @Override
                public String parse(InputStream in) {
                    try {
                        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };
    private static final String SERVICE = "bench.Echo";
    private static final MethodDescriptor<String, String> ECHO =
            MethodDescriptor.newBuilder(TEXT, TEXT)
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "echo"))
                    .build();

    private final ManagedChannel channel;

    private GrpcEcho(ManagedChannel channel) {
        this.channel = channel;
    }

    /// Serves until it is killed.
    ///
    /// @param arguments the port
    public static void main(String[] arguments) throws IOException, InterruptedException {
        InetSocketAddress address =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        var server =
                NettyServerBuilder.forAddress(address)
                        .directExecutor()
                        .addService(
                                ServerServiceDefinition.builder(SERVICE)
                                        .addMethod(
                                                ECHO, ServerCalls.asyncUnaryCall(GrpcEcho::answer))
                                        .build())
                        .build()
                        .start();
        System.out.println("ready");
        server.awaitTermination();
    }

    private static void answer(String text, StreamObserver<String> caller) {
        caller.onNext(text);
        caller.onCompleted();
    }

    static GrpcEcho open(int port) {
        return new GrpcEcho(
                NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .directExecutor()
                        .build());
    }

    @Override
    public String call(String text) throws Exception {
        return callLater(text).get();
    }

    @Override
    public CompletableFuture<String> callLater(String text) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        ClientCalls.asyncUnaryCall(
                channel.newCall(ECHO, CallOptions.DEFAULT),
                text,
                new StreamObserver<String>() {
                    @Override
                    public void onNext(String value) {
                        answer.complete(value);
                    }

                    @Override
                    public void onError(Throwable problem) {
                        answer.completeExceptionally(problem);
                    }

                    @Override
                    public void onCompleted() {
                        answer.completeExceptionally(
                                new IOException("the call ended without an answer"));
                    }
                });
        return answer;
    }
}
