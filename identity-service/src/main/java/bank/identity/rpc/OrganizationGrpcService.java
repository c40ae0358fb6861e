package bank.identity.rpc;

import bank.identity.domain.OrganizationMembers;
import bank.identity.domain.Organizations;
import bank.platform.auth.Principal;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.page.PageTokens;
import bank.v1.AddOrganizationMemberRequest;
import bank.v1.CreateOrganizationRequest;
import bank.v1.GetOrganizationRequest;
import bank.v1.ListOrganizationMembersRequest;
import bank.v1.ListOrganizationMembersResponse;
import bank.v1.ListOrganizationsRequest;
import bank.v1.ListOrganizationsResponse;
import bank.v1.Organization;
import bank.v1.OrganizationMember;
import bank.v1.OrganizationServiceGrpc;
import bank.v1.RemoveOrganizationMemberRequest;
import bank.v1.UpdateOrganizationRequest;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;

/// `OrganizationService`: organisations of clients and their members.
public final class OrganizationGrpcService extends OrganizationServiceGrpc.OrganizationServiceImplBase {
    private final Organizations organizations;
    private final OrganizationMembers members;
    private final LiveMutations mutations;
    private final PageTokens pageTokens;

    /// @param mutations repeats and dry runs
    /// @param pageTokens seals of list positions
    public OrganizationGrpcService(
            Organizations organizations, OrganizationMembers members, LiveMutations mutations, PageTokens pageTokens) {
        this.organizations = organizations;
        this.members = members;
        this.mutations = mutations;
        this.pageTokens = pageTokens;
    }

    @Override
    public void createOrganization(CreateOrganizationRequest request, StreamObserver<Organization> observer) {
        var wanted = OrganizationForms.organization(request);
        Answer.one(
                observer,
                mutations.run(
                        request,
                        Organization.getDefaultInstance(),
                        tx -> OrganizationForms.toProto(
                                organizations.create(tx, caller(), wanted, Callers.current()))));
    }

    @Override
    public void getOrganization(GetOrganizationRequest request, StreamObserver<Organization> observer) {
        Answer.one(observer, OrganizationForms.toProto(organizations.get(caller(), request.getId())));
    }

    @Override
    public void updateOrganization(UpdateOrganizationRequest request, StreamObserver<Organization> observer) {
        var change = OrganizationForms.change(request);
        Answer.one(
                observer,
                mutations.run(
                        OrganizationForms.canonical(request, change),
                        Organization.getDefaultInstance(),
                        tx -> OrganizationForms.toProto(
                                organizations.update(tx, caller(), request.getId(), change, Callers.current()))));
    }

    @Override
    public void listOrganizations(
            ListOrganizationsRequest request, StreamObserver<ListOrganizationsResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var rows = organizations.list(caller(), OrganizationForms.filter(request), before(request), size + 1);
        var page = pageTokens.cut(request, rows, size, organization -> Long.toString(organization.id()));
        Answer.one(
                observer,
                ListOrganizationsResponse.newBuilder()
                        .addAllOrganizations(
                                page.map(OrganizationForms::toProto).rows())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    @Override
    public void listOrganizationMembers(
            ListOrganizationMembersRequest request, StreamObserver<ListOrganizationMembersResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var rows = members.list(caller(), request.getOrganizationId(), before(request), size + 1);
        var page = pageTokens.cut(request, rows, size, member -> Long.toString(member.userId()));
        Answer.one(
                observer,
                ListOrganizationMembersResponse.newBuilder()
                        .addAllMembers(page.map(OrganizationForms::toProto).rows())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    @Override
    public void addOrganizationMember(
            AddOrganizationMemberRequest request, StreamObserver<OrganizationMember> observer) {
        Answer.one(
                observer,
                mutations.run(
                        request,
                        OrganizationMember.getDefaultInstance(),
                        tx -> OrganizationForms.toProto(members.add(
                                tx,
                                caller(),
                                request.getOrganizationId(),
                                request.getUserId(),
                                request.getAdmin(),
                                Callers.current()))));
    }

    @Override
    public void removeOrganizationMember(RemoveOrganizationMemberRequest request, StreamObserver<Empty> observer) {
        Answer.one(observer, mutations.run(request, Empty.getDefaultInstance(), tx -> {
            members.remove(tx, caller(), request.getOrganizationId(), request.getUserId(), Callers.current());
            return Empty.getDefaultInstance();
        }));
    }

    private static Principal.User caller() {
        return (Principal.User) Call.current().principal();
    }

    /// Number below which the page begins.
    private long before(Message request) {
        var position = pageTokens.position(request);
        return position == null ? Long.MAX_VALUE : Long.parseLong(position);
    }
}
