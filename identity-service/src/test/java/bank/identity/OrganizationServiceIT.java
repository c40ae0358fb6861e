package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Headers;
import bank.testing.PostgresExtension;
import bank.v1.CreateOrganizationRequest;
import bank.v1.GetOrganizationRequest;
import bank.v1.ListOrganizationsRequest;
import bank.v1.Organization;
import bank.v1.OrganizationServiceGrpc.OrganizationServiceBlockingStub;
import bank.v1.OrganizationType;
import bank.v1.Role;
import bank.v1.UpdateOrganizationRequest;
import com.google.protobuf.FieldMask;
import io.grpc.Status.Code;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class OrganizationServiceIT {
    private static final int DEPTH_MAX = 8;

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;
    private static People people;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(postgres.database(), Clock.systemUTC(), Map.of());
        people = new People(identity);
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @Test
    void staffMakeOrganisationsAtTheTop() throws SQLException {
        var made = identity.organizations(people.token(Role.ROLE_EMPLOYEE))
                .createOrganization(CreateOrganizationRequest.newBuilder()
                        .setName("  ООО «Рога и копыта» ")
                        .setType(OrganizationType.ORGANIZATION_TYPE_PARTNER)
                        .setTaxNumber("7707083893")
                        .build());
        assertThat(made.getName()).isEqualTo("ООО «Рога и копыта»");
        assertThat(made.getType()).isEqualTo(OrganizationType.ORGANIZATION_TYPE_PARTNER);
        assertThat(made.getTaxNumber()).isEqualTo("7707083893");
        assertThat(made.hasParentId()).isFalse();
        assertThat(made.getEtag()).isEqualTo("1");
        assertThat(get(identity.organizations(people.admin()), made)).isEqualTo(made);
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT type FROM audit_event WHERE subject = 'organization:%d'".formatted(made.getId())))
                .containsExactly("ORGANIZATION_CREATED");
    }

    @Test
    void refusesNamesOfSpacesAndTaxNumbersWhoseCheckDigitsDoNotHold() {
        var organizations = identity.organizations(people.admin());
        assertThatCall(() -> organizations.createOrganization(
                        CreateOrganizationRequest.newBuilder().setName("  ").build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("name");
        assertThatCall(() -> organizations.createOrganization(CreateOrganizationRequest.newBuilder()
                        .setName("a")
                        .setTaxNumber("7707083894")
                        .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("tax_number");
    }

    @Test
    void clientsMakeOrganisationsBelowThoseTheyAdminister() {
        var root = people.organization();
        var administrator = identity.organizations(people.token(people.administrator(root)));
        var child = administrator.createOrganization(below(root));
        assertThat(child.getParentId()).isEqualTo(root.getId());
        assertThat(child.getType()).isEqualTo(root.getType());
        assertThat(administrator.createOrganization(below(child)).getParentId()).isEqualTo(child.getId());

        assertThatCall(() -> administrator.createOrganization(
                        below(root).toBuilder().clearParentId().build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("parent_id");
        assertThatCall(() -> administrator.createOrganization(below(root).toBuilder()
                        .setType(OrganizationType.ORGANIZATION_TYPE_VENDOR)
                        .build()))
                .fails(Code.PERMISSION_DENIED, "FIELD_FORBIDDEN");
        assertThatCall(() -> administrator.createOrganization(below(people.organization())))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        var member = identity.organizations(people.token(people.joined(people.made(Role.ROLE_CLIENT), root, false)));
        assertThatCall(() -> member.createOrganization(below(root)))
                .fails(Code.PERMISSION_DENIED, "NOT_ORGANIZATION_ADMIN");
    }

    @Test
    void membersSeeTheirsAndAdministratorsWhatIsBelow() {
        var root = people.organization();
        var child = people.below(root);
        var grandchild = people.below(child);
        var administrator = identity.organizations(people.token(people.administrator(child)));
        // Of what is above he is told nothing.
        assertThat(get(administrator, child))
                .isEqualTo(child.toBuilder().clearParentId().build());
        assertThat(get(administrator, grandchild)).isEqualTo(grandchild);
        assertThatCall(() -> get(administrator, root)).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThat(list(administrator))
                .containsExactly(grandchild, child.toBuilder().clearParentId().build());

        var member = identity.organizations(people.token(people.joined(people.made(Role.ROLE_CLIENT), child, false)));
        assertThat(list(member))
                .containsExactly(child.toBuilder().clearParentId().build());
        assertThatCall(() -> get(member, grandchild)).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThat(list(identity.organizations(people.token(Role.ROLE_CLIENT)))).isEmpty();
    }

    @Test
    void listsByParentPageByPage() {
        var root = people.organization();
        var children = new ArrayList<Organization>();
        for (var i = 0; i < 5; i++) {
            children.addFirst(people.below(root));
        }
        people.below(children.getFirst());
        var request = ListOrganizationsRequest.newBuilder()
                .setParentId(root.getId())
                .setType(OrganizationType.ORGANIZATION_TYPE_CUSTOMER)
                .setPageSize(2)
                .build();
        for (var token : List.of(people.admin(), people.token(people.administrator(root)))) {
            var organizations = identity.organizations(token);
            var listed = new ArrayList<Organization>();
            var page = organizations.listOrganizations(request);
            listed.addAll(page.getOrganizationsList());
            while (!page.getNextPageToken().isEmpty()) {
                page = organizations.listOrganizations(request.toBuilder()
                        .setPageToken(page.getNextPageToken())
                        .build());
                listed.addAll(page.getOrganizationsList());
            }
            assertThat(listed).isEqualTo(children);
        }
    }

    @Test
    void administratorsChangeNameAndTaxNumberButNotTheType() {
        var root = people.organization();
        var administrator = identity.organizations(people.token(people.administrator(root)));
        var changed = administrator.updateOrganization(UpdateOrganizationRequest.newBuilder()
                .setId(root.getId())
                .setName("АО «Ромашка»")
                .setTaxNumber("7707083893")
                .build());
        assertThat(changed)
                .isEqualTo(root.toBuilder()
                        .setName("АО «Ромашка»")
                        .setTaxNumber("7707083893")
                        .setEtag("2")
                        .build());
        assertThatCall(() -> administrator.updateOrganization(UpdateOrganizationRequest.newBuilder()
                        .setId(root.getId())
                        .setType(OrganizationType.ORGANIZATION_TYPE_VENDOR)
                        .build()))
                .fails(Code.PERMISSION_DENIED, "FIELD_FORBIDDEN");
        assertThat(identity.organizations(people.token(Role.ROLE_EMPLOYEE))
                        .updateOrganization(UpdateOrganizationRequest.newBuilder()
                                .setId(root.getId())
                                .setType(OrganizationType.ORGANIZATION_TYPE_VENDOR)
                                .build())
                        .getType())
                .isEqualTo(OrganizationType.ORGANIZATION_TYPE_VENDOR);
        assertThatCall(() -> RunningIdentity.with(administrator, Headers.IF_MATCH, "\"1\"")
                        .updateOrganization(UpdateOrganizationRequest.newBuilder()
                                .setId(root.getId())
                                .setName("b")
                                .build()))
                .fails(Code.ABORTED, "ETAG_MISMATCH");
        var member = identity.organizations(people.token(people.joined(people.made(Role.ROLE_CLIENT), root, false)));
        assertThatCall(() -> member.updateOrganization(UpdateOrganizationRequest.newBuilder()
                        .setId(root.getId())
                        .setName("c")
                        .build()))
                .fails(Code.PERMISSION_DENIED, "NOT_ORGANIZATION_ADMIN");
    }

    @Test
    void refusesMasksThatLeaveAnOrganisationWithoutNameOrType() {
        var root = people.organization();
        for (var path : List.of("name", "type")) {
            assertThatCall(() -> identity.organizations(people.admin())
                            .updateOrganization(UpdateOrganizationRequest.newBuilder()
                                    .setId(root.getId())
                                    .setUpdateMask(FieldMask.newBuilder().addPaths(path))
                                    .build()))
                    .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                    .hasFieldViolation(path);
        }
    }

    @Test
    void thereAreEightLevelsAndNoNinth() {
        var organizations = identity.organizations(people.admin());
        var chain = chain(DEPTH_MAX);
        assertThatCall(() -> organizations.createOrganization(below(chain.getLast())))
                .fails(Code.FAILED_PRECONDITION, "ORGANIZATION_TOO_DEEP");

        var pair = chain(2);
        assertThat(move(organizations, pair.getFirst(), chain.get(DEPTH_MAX - 3))
                        .getParentId())
                .isEqualTo(chain.get(DEPTH_MAX - 3).getId());
        assertThatCall(() -> move(organizations, pair.getFirst(), chain.get(DEPTH_MAX - 2)))
                .fails(Code.FAILED_PRECONDITION, "ORGANIZATION_TOO_DEEP");
    }

    @Test
    void noOrganisationIsBelowItself() {
        var organizations = identity.organizations(people.admin());
        var chain = chain(3);
        for (var place : chain) {
            assertThatCall(() -> move(organizations, chain.getFirst(), place))
                    .fails(Code.FAILED_PRECONDITION, "ORGANIZATION_CYCLE");
        }
        assertThatCall(() -> organizations.updateOrganization(UpdateOrganizationRequest.newBuilder()
                        .setId(chain.getFirst().getId())
                        .setParentId(999_999)
                        .build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        var top = organizations.updateOrganization(UpdateOrganizationRequest.newBuilder()
                .setId(chain.get(1).getId())
                .setUpdateMask(FieldMask.newBuilder().addPaths("parent_id"))
                .build());
        assertThat(top.hasParentId()).isFalse();
        assertThat(move(organizations, chain.getFirst(), chain.getLast()).getParentId())
                .isEqualTo(chain.getLast().getId());
    }

    @Test
    void concurrentMovesMakeNoCycle() throws InterruptedException, ExecutionException, SQLException {
        var organizations = identity.organizations(people.admin());
        for (var round = 0; round < 5; round++) {
            var first = people.organization();
            var second = people.organization();
            var third = people.organization();
            var reasons = Reasons.together(List.of(
                    () -> move(organizations, first, second),
                    () -> move(organizations, second, third),
                    () -> move(organizations, third, first)));
            assertThat(reasons).containsExactlyInAnyOrder(Reasons.NONE, Reasons.NONE, "ORGANIZATION_CYCLE");
            assertThat(Sql.read(
                            postgres.database(),
                            "SELECT id FROM organization WHERE parent_id IS NULL AND id IN (%d, %d, %d)"
                                    .formatted(first.getId(), second.getId(), third.getId())))
                    .hasSize(1);
        }
    }

    @Test
    void concurrentChildrenAndMovesExceedNoDepth() throws InterruptedException, ExecutionException {
        var organizations = identity.organizations(people.admin());
        for (var round = 0; round < 5; round++) {
            var chain = chain(DEPTH_MAX - 1);
            var lone = people.organization();
            var reasons = Reasons.together(List.of(
                    () -> move(organizations, lone, chain.getLast()),
                    () -> organizations.createOrganization(below(lone))));
            assertThat(reasons).containsExactlyInAnyOrder(Reasons.NONE, "ORGANIZATION_TOO_DEEP");
        }
    }

    @Test
    void clientsMoveOrganisationsWithinWhatTheyAdminister() {
        var root = people.organization();
        var first = people.below(root);
        var second = people.below(root);
        var administrator = identity.organizations(people.token(people.administrator(root)));
        assertThat(move(administrator, first, second).getParentId()).isEqualTo(second.getId());
        assertThatCall(() -> move(administrator, root, people.organization()))
                .fails(Code.PERMISSION_DENIED, "NOT_ORGANIZATION_ADMIN");
        assertThatCall(() -> move(administrator, first, people.organization())).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> administrator.updateOrganization(UpdateOrganizationRequest.newBuilder()
                        .setId(first.getId())
                        .setUpdateMask(FieldMask.newBuilder().addPaths("parent_id"))
                        .build()))
                .fails(Code.PERMISSION_DENIED, "NOT_ORGANIZATION_ADMIN");
        // Who administers it alone does not move it away from those above him.
        var lower = identity.organizations(people.token(people.administrator(first)));
        assertThatCall(() -> move(lower, first, root)).fails(Code.PERMISSION_DENIED, "NOT_ORGANIZATION_ADMIN");
    }

    private List<Organization> chain(int length) {
        var chain = new ArrayList<Organization>();
        chain.add(people.organization());
        while (chain.size() < length) {
            chain.add(people.below(chain.getLast()));
        }
        return chain;
    }

    private static Organization get(OrganizationServiceBlockingStub organizations, Organization organization) {
        return organizations.getOrganization(
                GetOrganizationRequest.newBuilder().setId(organization.getId()).build());
    }

    private static List<Organization> list(OrganizationServiceBlockingStub organizations) {
        return organizations
                .listOrganizations(ListOrganizationsRequest.getDefaultInstance())
                .getOrganizationsList();
    }

    private static Organization move(
            OrganizationServiceBlockingStub organizations, Organization moved, Organization parent) {
        return organizations.updateOrganization(UpdateOrganizationRequest.newBuilder()
                .setId(moved.getId())
                .setParentId(parent.getId())
                .build());
    }

    private static CreateOrganizationRequest below(Organization parent) {
        return CreateOrganizationRequest.newBuilder()
                .setName("Филиал")
                .setParentId(parent.getId())
                .build();
    }
}
