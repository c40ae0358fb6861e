package bank.bench.edge;

import bank.platform.auth.RemoteKeys;
import bank.platform.auth.TokenVerifier;
import bank.platform.config.ServiceConfig.TokenConfig;
import bank.platform.grpc.Channels;
import bank.v1.Contract;
import bank.v1.ContractServiceGrpc;
import bank.v1.CreateContractRequest;
import bank.v1.GetContractRequest;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;

/// An edge by Armeria's own HTTP/JSON transcoding before the same upstream, with the same token check. Prints its port.
final class BuiltInEdge {
    private static final String SCHEME = "Bearer ";

    private BuiltInEdge() {}

    static void main(String[] arguments) throws InterruptedException {
        var upstream = "127.0.0.1:" + arguments[0];
        var tokens = new TokenVerifier(new Tokens(), RemoteKeys.of(Channels.open(upstream)), Clock.systemUTC());
        var contracts = GrpcClients.builder("gproto+h2c://" + upstream)
                .factory(ClientFactory.builder()
                        .maxNumEventLoopsPerEndpoint(4)
                        .useHttp2Preface(true)
                        .build())
                .build(ContractServiceGrpc.ContractServiceStub.class);
        var server = Server.builder()
                .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .service(
                        GrpcService.builder()
                                .addService(new Forwarding(contracts))
                                .enableHttpJsonTranscoding(true)
                                .build(),
                        service -> service.decorate((delegate, ctx, request) -> {
                            var header = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
                            if (!header.startsWith(SCHEME)) {
                                return HttpResponse.of(HttpStatus.UNAUTHORIZED);
                            }
                            tokens.verify(header.substring(SCHEME.length()));
                            return delegate.serve(ctx, request);
                        }))
                .build();
        server.start().join();
        System.out.println("ready " + server.activeLocalPort());
        server.blockUntilShutdown();
    }

    private record Tokens() implements TokenConfig {
        @Override
        public String issuer() {
            return Upstream.ISSUER;
        }

        @Override
        public String audience() {
            return "bank";
        }
    }

    private static final class Forwarding extends ContractServiceGrpc.ContractServiceImplBase {
        private final ContractServiceGrpc.ContractServiceStub upstream;

        Forwarding(ContractServiceGrpc.ContractServiceStub upstream) {
            this.upstream = upstream;
        }

        @Override
        public void getContract(GetContractRequest request, StreamObserver<Contract> answer) {
            upstream.getContract(request, answer);
        }

        @Override
        public void createContract(CreateContractRequest request, StreamObserver<Contract> answer) {
            upstream.createContract(request, answer);
        }
    }
}
