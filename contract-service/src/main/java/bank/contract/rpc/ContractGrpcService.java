package bank.contract.rpc;

import bank.contract.domain.ContractLinks;
import bank.contract.domain.Contracts;
import bank.contract.domain.LinkTasks;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.idempotency.Mutations;
import bank.platform.idempotency.Repeat;
import bank.platform.page.PageTokens;
import bank.v1.Contract;
import bank.v1.ContractLink;
import bank.v1.ContractServiceGrpc;
import bank.v1.CreateContractRequest;
import bank.v1.GetContractRequest;
import bank.v1.LinkDocumentRequest;
import bank.v1.ListContractDocumentsRequest;
import bank.v1.ListContractDocumentsResponse;
import bank.v1.ListContractsRequest;
import bank.v1.ListContractsResponse;
import bank.v1.SetContractStatusRequest;
import bank.v1.SetLinkStatusRequest;
import bank.v1.SetLinkStatusResponse;
import bank.v1.UpdateContractRequest;
import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;

/// `bank.v1.ContractService`.
public final class ContractGrpcService extends ContractServiceGrpc.ContractServiceImplBase {
    private final Contracts contracts;
    private final ContractLinks links;
    private final LinkTasks tasks;
    private final Mutations mutations;
    private final PageTokens pageTokens;

    public ContractGrpcService(
            Contracts contracts, ContractLinks links, LinkTasks tasks, Mutations mutations, PageTokens pageTokens) {
        this.contracts = contracts;
        this.links = links;
        this.tasks = tasks;
        this.mutations = mutations;
        this.pageTokens = pageTokens;
    }

    @Override
    public void createContract(CreateContractRequest request, StreamObserver<Contract> observer) {
        var repeat = Repeat.of(request);
        var none = Contract.getDefaultInstance();
        Answer.one(observer, mutations.replay(repeat, none).orElseGet(() -> {
            var caller = Call.current().principal();
            var partner = contracts.partner(caller, request.hasUserId() ? (Long) request.getUserId() : null);
            return mutations.run(
                    repeat,
                    none,
                    tx -> ContractProtos.toProto(contracts.create(tx, caller, partner, request.getDescription())));
        }));
    }

    @Override
    public void getContract(GetContractRequest request, StreamObserver<Contract> observer) {
        Answer.one(observer, ContractProtos.toProto(contracts.get(Call.current().principal(), request.getId())));
    }

    @Override
    public void listContracts(ListContractsRequest request, StreamObserver<ListContractsResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var rows =
                contracts.list(Call.current().principal(), ContractProtos.filter(request), before(request), size + 1);
        var page = pageTokens.cut(request, rows, size, contract -> Long.toString(contract.id()));
        Answer.one(
                observer,
                ListContractsResponse.newBuilder()
                        .addAllContracts(page.map(ContractProtos::toProto).rows())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    @Override
    public void updateContract(UpdateContractRequest request, StreamObserver<Contract> observer) {
        var caller = Call.current().principal();
        Answer.one(
                observer,
                mutations.run(
                        request,
                        Contract.getDefaultInstance(),
                        tx -> ContractProtos.toProto(
                                contracts.describe(tx, caller, request.getId(), request.getDescription()))));
    }

    @Override
    public void setContractStatus(SetContractStatusRequest request, StreamObserver<Contract> observer) {
        var caller = Call.current().principal();
        var status = ContractProtos.status(request.getStatus());
        Answer.one(
                observer,
                mutations.run(
                        request,
                        Contract.getDefaultInstance(),
                        tx -> ContractProtos.toProto(contracts.setStatus(tx, caller, request.getId(), status))));
    }

    @Override
    public void linkDocument(LinkDocumentRequest request, StreamObserver<ContractLink> observer) {
        var call = Call.current();
        var repeat = Repeat.of(request);
        var none = ContractLink.getDefaultInstance();
        Answer.one(observer, mutations.replay(repeat, none).orElseGet(() -> {
            var hold = links.hold(call.principal(), ContractProtos.key(request), call.validateOnly());
            return mutations.run(repeat, none, tx -> ContractProtos.toProto(links.link(tx, call.principal(), hold)));
        }));
    }

    @Override
    public void setLinkStatus(SetLinkStatusRequest request, StreamObserver<SetLinkStatusResponse> observer) {
        var call = Call.current();
        var key = ContractProtos.key(request);
        var status = ContractProtos.status(request);
        var answer = mutations.run(
                request,
                SetLinkStatusResponse.getDefaultInstance(),
                tx -> ContractProtos.toStatusProto(links.setStatus(tx, call.principal(), key, status)));
        if (!call.validateOnly()) {
            tasks.release(key);
        }
        Answer.one(observer, answer);
    }

    @Override
    public void listContractDocuments(
            ListContractDocumentsRequest request, StreamObserver<ListContractDocumentsResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var rows = links.list(Call.current().principal(), request.getId(), before(request), size + 1);
        var page = pageTokens.cut(request, rows, size, link -> Long.toString(link.id()));
        Answer.one(
                observer,
                ListContractDocumentsResponse.newBuilder()
                        .setContractId(request.getId())
                        .addAllDocuments(links.documents(page.rows()).stream()
                                .map(ContractProtos::toProto)
                                .toList())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    /// Number below which the page begins.
    private long before(Message request) {
        var position = pageTokens.position(request);
        return position == null ? Long.MAX_VALUE : Long.parseLong(position);
    }
}
