package bank.registry.rpc;

import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.idempotency.Mutations;
import bank.platform.idempotency.Repeat;
import bank.registry.domain.DeathNotices;
import bank.registry.domain.Taxpayers;
import bank.v1.DeathNotice;
import bank.v1.GetTaxpayerRequest;
import bank.v1.HmrcServiceGrpc;
import bank.v1.ReportDeathRequest;
import bank.v1.Taxpayer;
import io.grpc.stub.StreamObserver;

/// `bank.v1.HmrcService`.
public final class HmrcGrpcService extends HmrcServiceGrpc.HmrcServiceImplBase {
    private final Taxpayers taxpayers;
    private final DeathNotices notices;
    private final Mutations mutations;

    public HmrcGrpcService(Taxpayers taxpayers, DeathNotices notices, Mutations mutations) {
        this.taxpayers = taxpayers;
        this.notices = notices;
        this.mutations = mutations;
    }

    @Override
    public void getTaxpayer(GetTaxpayerRequest request, StreamObserver<Taxpayer> observer) {
        Answer.one(
                observer, RegistryProtos.toProto(taxpayers.get(Call.current().principal(), request.getNin())));
    }

    @Override
    public void reportDeath(ReportDeathRequest request, StreamObserver<DeathNotice> observer) {
        var caller = Call.current().principal().name();
        var repeat = Repeat.of(request);
        var none = DeathNotice.getDefaultInstance();
        Answer.one(observer, mutations.replay(repeat, none).orElseGet(() -> {
            var person = notices.person(request.getNin());
            var state = RegistryProtos.state(request.getState());
            return mutations.run(
                    repeat, none, tx -> RegistryProtos.toProto(notices.report(tx, caller, person, state)));
        }));
    }
}
