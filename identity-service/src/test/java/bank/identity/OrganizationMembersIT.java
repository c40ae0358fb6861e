package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.PostgresExtension;
import bank.v1.ActivateUserRequest;
import bank.v1.AddOrganizationMemberRequest;
import bank.v1.DeactivateUserRequest;
import bank.v1.FinancialPosition;
import bank.v1.GetMeRequest;
import bank.v1.GetUserRequest;
import bank.v1.ListOrganizationMembersRequest;
import bank.v1.ListUsersRequest;
import bank.v1.Organization;
import bank.v1.OrganizationMember;
import bank.v1.OrganizationMembership;
import bank.v1.RemoveOrganizationMemberRequest;
import bank.v1.Role;
import bank.v1.SetUserRoleRequest;
import bank.v1.UpdateUserRequest;
import bank.v1.User;
import bank.v1.UserStatus;
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

final class OrganizationMembersIT {
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
    void administratorsMakeUsersOfTheirOrganisations() {
        var root = people.organization();
        var child = people.below(root);
        var administrator = people.token(people.administrator(root));
        var made = people.made(administrator, child.getId());
        assertThat(made.getRole()).isEqualTo(Role.ROLE_CLIENT);
        var me = identity.users(people.token(made)).getMe(GetMeRequest.getDefaultInstance());
        assertThat(me.getOrganizationsList())
                .containsExactly(OrganizationMembership.newBuilder()
                        .setOrganizationId(child.getId())
                        .setName(child.getName())
                        .build());
        assertThatCall(() -> people.made(administrator, people.organization().getId()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> people.made(people.token(made), child.getId()))
                .fails(Code.PERMISSION_DENIED, "NOT_ORGANIZATION_ADMIN");
    }

    @Test
    void administratorsSeeOfMembersOnlyWhatConcernsThem() {
        var root = people.organization();
        var administrator = identity.users(people.token(people.administrator(root)));
        var user = people.joined(people.made(Role.ROLE_CLIENT), people.below(root), false);
        identity.users(people.admin())
                .updateUser(UpdateUserRequest.newBuilder()
                        .setId(user.getId())
                        .setFirstName("Анна")
                        .setAddress("Тверь")
                        .setTaxNumber("500100732259")
                        .setFinancialPosition(FinancialPosition.FINANCIAL_POSITION_CRITICAL)
                        .build());
        assertThat(administrator.getUser(
                        GetUserRequest.newBuilder().setId(user.getId()).build()))
                .isEqualTo(user.toBuilder().setFirstName("Анна").setEtag("2").build());
        assertThatCall(() -> administrator.updateUser(UpdateUserRequest.newBuilder()
                        .setId(user.getId())
                        .setAddress("Москва")
                        .build()))
                .fails(Code.PERMISSION_DENIED, "USER_FORBIDDEN");
        assertThatCall(() -> administrator.getUser(GetUserRequest.newBuilder()
                        .setId(people.made(Role.ROLE_CLIENT).getId())
                        .build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void administratorsListMembersOfTheirOrganisationsAlone() {
        var root = people.organization();
        var first = people.administrator(root);
        var second = people.joined(people.made(Role.ROLE_CLIENT), root, false);
        var below = people.joined(people.made(Role.ROLE_CLIENT), people.below(root), false);
        var request =
                ListUsersRequest.newBuilder().setOrganizationId(root.getId()).build();
        assertThat(identity.users(people.token(first)).listUsers(request).getUsersList())
                .extracting(User::getId)
                .containsExactly(second.getId(), first.getId())
                .doesNotContain(below.getId());
        assertThatCall(() -> identity.users(people.token(second)).listUsers(request))
                .fails(Code.PERMISSION_DENIED, "NOT_ORGANIZATION_ADMIN");
        assertThatCall(() -> identity.users(people.token(below)).listUsers(request))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void administratorsAddWhomTheySeeAndNobodyElse() {
        var root = people.organization();
        var child = people.below(root);
        var administrator = people.token(people.administrator(root));
        var known = people.joined(people.made(Role.ROLE_CLIENT), child, false);
        assertThat(add(administrator, root, known, true).getAdmin()).isTrue();
        assertThat(add(administrator, root, known, false).getAdmin()).isFalse();
        var stranger = people.made(Role.ROLE_CLIENT);
        assertThatCall(() -> add(administrator, root, stranger, false)).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> add(people.token(known), root, known, true))
                .fails(Code.PERMISSION_DENIED, "NOT_ORGANIZATION_ADMIN");
        assertThatCall(() -> add(people.token(stranger), root, stranger, true)).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThat(add(people.token(Role.ROLE_EMPLOYEE), root, stranger, false).getUserId())
                .isEqualTo(stranger.getId());
    }

    @Test
    void listsMembersPageByPage() {
        var root = people.organization();
        var users = new ArrayList<Long>();
        users.add(people.administrator(root).getId());
        for (var i = 0; i < 2; i++) {
            users.addFirst(
                    people.joined(people.made(Role.ROLE_CLIENT), root, false).getId());
        }
        var request = ListOrganizationMembersRequest.newBuilder()
                .setOrganizationId(root.getId())
                .setPageSize(2)
                .build();
        var organizations = identity.organizations(people.admin());
        var first = organizations.listOrganizationMembers(request);
        var second = organizations.listOrganizationMembers(
                request.toBuilder().setPageToken(first.getNextPageToken()).build());
        assertThat(first.getMembersList())
                .extracting(OrganizationMember::getUserId)
                .containsExactlyElementsOf(users.subList(0, 2));
        assertThat(second.getMembersList())
                .extracting(OrganizationMember::getUserId)
                .containsExactlyElementsOf(users.subList(2, 3));
        assertThat(second.getMembers(0).getAdmin()).isTrue();
        assertThat(second.getNextPageToken()).isEmpty();
    }

    @Test
    void administratorsBlockWhomTheirOrganisationMade() {
        var root = people.organization();
        var child = people.below(root);
        var administrator = identity.users(people.token(people.administrator(root)));
        var made = people.made(people.token(people.administrator(child)), child.getId());
        var tokens = people.signedIn(made);

        var blocked = administrator.deactivateUser(blocking(made));
        assertThat(blocked.getStatus()).isEqualTo(UserStatus.USER_STATUS_BLOCKED);
        assertThat(blocked.hasStatusReason()).isFalse();
        assertThatCall(() -> people.refreshed(tokens)).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
        assertThat(administrator.activateUser(activating(made)).getStatus()).isEqualTo(UserStatus.USER_STATUS_ACTIVE);

        // What the bank has blocked stays so, even when an organisation did it before.
        administrator.deactivateUser(blocking(made));
        identity.users(people.token(Role.ROLE_EMPLOYEE)).deactivateUser(blocking(made));
        assertThatCall(() -> administrator.activateUser(activating(made)))
                .fails(Code.PERMISSION_DENIED, "USER_FORBIDDEN");
        assertThat(identity.users(people.admin()).activateUser(activating(made)).getStatus())
                .isEqualTo(UserStatus.USER_STATUS_ACTIVE);
    }

    @Test
    void administratorsChangeWhomTheirOrganisationMade() {
        var root = people.organization();
        var child = people.below(root);
        var administrator = identity.users(people.token(people.administrator(root)));
        var made = people.made(people.token(people.administrator(child)), child.getId());
        var change = UpdateUserRequest.newBuilder()
                .setId(made.getId())
                .setFirstName("Анна")
                .setAddress("Тверь")
                .build();
        assertThat(administrator.updateUser(change))
                .isEqualTo(made.toBuilder().setFirstName("Анна").setEtag("2").build());
        assertThat(identity.users(people.admin())
                        .getUser(GetUserRequest.newBuilder().setId(made.getId()).build())
                        .getAddress())
                .isEqualTo("Тверь");
        // What the bank alone changes of its customers, they do not change of each other either.
        assertThatCall(() -> administrator.updateUser(UpdateUserRequest.newBuilder()
                        .setId(made.getId())
                        .setFinancialPosition(FinancialPosition.FINANCIAL_POSITION_CRITICAL)
                        .build()))
                .fails(Code.PERMISSION_DENIED, "FIELD_FORBIDDEN");

        // One who belongs to another organisation too, and one the bank has employed.
        var other = people.organization();
        people.joined(made, other, false);
        assertThatCall(() -> administrator.updateUser(change)).fails(Code.PERMISSION_DENIED, "USER_FORBIDDEN");
        remove(people.admin(), other, made);
        identity.users(people.admin())
                .setUserRole(SetUserRoleRequest.newBuilder()
                        .setId(made.getId())
                        .setRole(Role.ROLE_EMPLOYEE)
                        .build());
        assertThatCall(() -> administrator.updateUser(change)).fails(Code.PERMISSION_DENIED, "USER_FORBIDDEN");
    }

    @Test
    void administratorsBlockNobodyWhoIsNotTheirsAlone() {
        var root = people.organization();
        var administrator = people.administrator(root);
        var users = identity.users(people.token(administrator));
        // One who had an account of his own, and the administrator himself.
        var guest = people.joined(people.made(Role.ROLE_CLIENT), root, false);
        assertThatCall(() -> users.deactivateUser(blocking(guest))).fails(Code.PERMISSION_DENIED, "USER_FORBIDDEN");
        assertThatCall(() -> users.deactivateUser(blocking(administrator)))
                .fails(Code.PERMISSION_DENIED, "USER_FORBIDDEN");
        // One made here who belongs to another organisation too.
        var made = people.made(people.token(administrator), root.getId());
        var other = people.organization();
        people.joined(made, other, false);
        assertThatCall(() -> users.deactivateUser(blocking(made))).fails(Code.PERMISSION_DENIED, "USER_FORBIDDEN");
        remove(people.admin(), other, made);
        assertThat(users.deactivateUser(blocking(made)).getStatus()).isEqualTo(UserStatus.USER_STATUS_BLOCKED);
        // One who has left.
        remove(people.admin(), root, made);
        assertThatCall(() -> users.activateUser(activating(made))).fails(Code.NOT_FOUND, "NOT_FOUND");
        // One who was made here and works for the bank now.
        var hired = people.made(people.token(administrator), root.getId());
        identity.users(people.admin())
                .setUserRole(SetUserRoleRequest.newBuilder()
                        .setId(hired.getId())
                        .setRole(Role.ROLE_EMPLOYEE)
                        .build());
        assertThatCall(() -> users.deactivateUser(blocking(hired))).fails(Code.PERMISSION_DENIED, "USER_FORBIDDEN");
    }

    @Test
    void membersLeaveAndTheLastAdministratorStays() throws SQLException {
        var root = people.organization();
        var administrator = people.administrator(root);
        var token = people.token(administrator);
        var member = people.joined(people.made(Role.ROLE_CLIENT), root, false);
        remove(people.token(member), root, member);
        remove(token, root, member);
        assertThatCall(() -> remove(people.token(member), root, administrator)).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> remove(token, root, administrator))
                .fails(Code.FAILED_PRECONDITION, "LAST_ORGANIZATION_ADMIN");
        assertThatCall(() -> add(token, root, administrator, false))
                .fails(Code.FAILED_PRECONDITION, "LAST_ORGANIZATION_ADMIN");
        // Below, those above him still administer.
        var child = people.below(root);
        var lower = people.administrator(child);
        remove(people.token(lower), child, lower);
        // The bank may.
        remove(people.admin(), root, administrator);
        assertThat(Sql.read(postgres.database(), """
                        SELECT detail FROM audit_event
                        WHERE type = 'ORGANIZATION_MEMBER_REMOVED' AND subject = 'organization:%d' ORDER BY number""".formatted(root.getId())))
                .containsExactly("user:" + member.getId(), "user:" + administrator.getId());
    }

    @Test
    void twoAdministratorsWhoRemoveEachOtherLeaveOne() throws InterruptedException, ExecutionException {
        for (var round = 0; round < 3; round++) {
            var root = people.organization();
            var first = people.administrator(root);
            var second = people.administrator(root);
            var firstToken = people.token(first);
            var secondToken = people.token(second);
            var reasons = Reasons.together(
                    List.of(() -> remove(firstToken, root, second), () -> remove(secondToken, root, first)));
            assertThat(reasons).contains(Reasons.NONE).doesNotHaveDuplicates();
            assertThat(identity.organizations(people.admin())
                            .listOrganizationMembers(ListOrganizationMembersRequest.newBuilder()
                                    .setOrganizationId(root.getId())
                                    .build())
                            .getMembersList())
                    .hasSize(1);
        }
    }

    @Test
    void userBelongsToAHundredOrganisationsAndNoMore() throws SQLException {
        var user = people.made(Role.ROLE_CLIENT);
        Sql.update(postgres.database(), """
                WITH made AS (
                    INSERT INTO organization (name, type, created_at)
                    SELECT 'a', 'CUSTOMER', now() FROM generate_series(1, 99) RETURNING id)
                INSERT INTO organization_member (organization_id, user_id, admin, created_at)
                SELECT id, %d, false, now() FROM made""".formatted(user.getId()));
        var last = people.organization();
        people.joined(user, last, false);
        assertThatCall(() -> people.joined(user, people.organization(), false))
                .fails(Code.RESOURCE_EXHAUSTED, "TOO_MANY_ORGANIZATIONS");
        people.joined(user, last, true);
        assertThat(identity.users(people.token(user))
                        .getMe(GetMeRequest.getDefaultInstance())
                        .getOrganizationsList())
                .hasSize(100);
    }

    private static OrganizationMember add(String token, Organization organization, User user, boolean administers) {
        return identity.organizations(token)
                .addOrganizationMember(AddOrganizationMemberRequest.newBuilder()
                        .setOrganizationId(organization.getId())
                        .setUserId(user.getId())
                        .setAdmin(administers)
                        .build());
    }

    private static boolean remove(String token, Organization organization, User user) {
        return identity.organizations(token)
                .removeOrganizationMember(RemoveOrganizationMemberRequest.newBuilder()
                        .setOrganizationId(organization.getId())
                        .setUserId(user.getId())
                        .build())
                .isInitialized();
    }

    private static DeactivateUserRequest blocking(User user) {
        return DeactivateUserRequest.newBuilder()
                .setId(user.getId())
                .setReason("уволен")
                .build();
    }

    private static ActivateUserRequest activating(User user) {
        return ActivateUserRequest.newBuilder().setId(user.getId()).build();
    }
}
