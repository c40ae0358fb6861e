package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Clients whose messages are still on their way when the answer comes, frame by frame: many of them, curl among them,
/// throw an answer away that is followed by a reset.
class LateMessagesIT {
    private static final int BYTES = 100_000;
    private static final int FRAME_BYTES = 16_000;

    private static TestBank bank;
    private static MultiThreadIoEventLoopGroup loop;

    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() {
        bank = new TestBank();
        loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void stop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        bank.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/bank.v1.DocumentService/UploadDocument, application/grpc",
        "/bank.v1.DocumentService/Unknown, application/grpc",
        "/bank.v1.DocumentService/UploadDocument, application/grpc-web+proto",
        "/v1/dbo/documents, application/pdf",
        "/v1/unknown, application/pdf",
    })
    void aRefusalIsNotFollowedByAReset(String path, String contentType) throws Exception {
        Channel connection = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(Http2FrameCodecBuilder.forClient().build())
                                .addLast(new Http2MultiplexHandler(new Listener()))
                                .addLast(new Listener());
                    }
                })
                .connect("127.0.0.1", bank.edge.port())
                .sync()
                .channel();
        try {
            Channel stream = new Http2StreamChannelBootstrap(connection)
                    .handler(new Listener())
                    .open()
                    .sync()
                    .getNow();
            stream.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers()
                            .method("POST")
                            .scheme("http")
                            .authority("localhost")
                            .path(path)
                            .set("content-type", contentType)))
                    .sync();
            assertThat(frame()).isEqualTo("end");

            for (int sent = 0; sent < BYTES; sent += FRAME_BYTES) {
                stream.write(new DefaultHttp2DataFrame(
                        Unpooled.wrappedBuffer(new byte[FRAME_BYTES]), sent + FRAME_BYTES >= BYTES));
            }
            stream.flush();
            connection.writeAndFlush(new DefaultHttp2PingFrame(1)).sync();
            assertThat(frame()).isEqualTo("ping");
        } finally {
            connection.close().sync();
        }
    }

    private String frame() throws InterruptedException {
        return frames.poll(10, TimeUnit.SECONDS);
    }

    /// Notes the end of the answer, resets and the answers to pings.
    private final class Listener extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            switch (frame) {
                case Http2HeadersFrame headers when headers.isEndStream() -> frames.add("end");
                case Http2DataFrame data -> {
                    data.release();
                    if (data.isEndStream()) {
                        frames.add("end");
                    }
                }
                case Http2ResetFrame reset -> frames.add("reset " + reset.errorCode());
                case Http2PingFrame ping when ping.ack() -> frames.add("ping");
                default -> {}
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof Http2ResetFrame reset) {
                frames.add("reset " + reset.errorCode());
            }
        }
    }
}
