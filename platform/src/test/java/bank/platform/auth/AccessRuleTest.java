package bank.platform.auth;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.failure.Failure;
import bank.v1.AuthServiceOuterClass;
import bank.v1.DocumentReviewServiceOuterClass;
import bank.v1.DocumentServiceOuterClass;
import bank.v1.Role;
import bank.v1.UserServiceOuterClass;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.Status.Code;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccessRuleTest {
    private static final Principal MACHINE = new Principal.Machine("abs", Set.of("users:read"));

    @Test
    void anonymousMethodIsForEverybody() {
        var rule = rule(AuthServiceOuterClass.getDescriptor(), "AuthService", "Login");

        assertThat(rule).isEqualTo(new AccessRule.Everybody());
        assertThat(rule.refusal(new Principal.Anonymous())).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"ROLE_CLIENT", "ROLE_EMPLOYEE", "ROLE_ADMIN"})
    void methodForRolesRefusesMachines(Role role) {
        var rule = rule(UserServiceOuterClass.getDescriptor(), "UserService", "GetMe");

        assertThat(rule.refusal(user(role))).isNull();
        assertRefused(rule.refusal(MACHINE), Code.PERMISSION_DENIED, "USER_MISSING");
        assertRefused(rule.refusal(new Principal.Anonymous()), Code.UNAUTHENTICATED, "TOKEN_MISSING");
    }

    @Test
    void methodForScopesRefusesUsersAndOtherScopes() {
        var rule = rule(UserServiceOuterClass.getDescriptor(), "UserService", "LookupUsers");

        assertThat(rule.refusal(MACHINE)).isNull();
        assertRefused(rule.refusal(user(Role.ROLE_ADMIN)), Code.PERMISSION_DENIED, "ROLE_MISSING");
        var refusal = rule.refusal(new Principal.Machine("abs", Set.of("users:write")));
        assertRefused(refusal, Code.PERMISSION_DENIED, "SCOPE_MISSING");
        assertThat(refusal.metadata()).containsEntry("scopes", "users:read");
    }

    @Test
    void userInAForeignClientNeedsRoleAndScope() {
        var profile = rule(UserServiceOuterClass.getDescriptor(), "UserService", "GetMe");
        var positions = rule(UserServiceOuterClass.getDescriptor(), "UserService", "ListFinancialPositions");
        var lookup = rule(UserServiceOuterClass.getDescriptor(), "UserService", "LookupUsers");
        var reader = new Principal.User(17, Role.ROLE_CLIENT, "s-1", Set.of("users:read"));

        assertThat(positions.refusal(reader)).isNull();
        assertRefused(profile.refusal(reader), Code.PERMISSION_DENIED, "SCOPE_MISSING");
        assertRefused(lookup.refusal(reader), Code.PERMISSION_DENIED, "ROLE_MISSING");
        var withoutScopes = new Principal.User(17, Role.ROLE_CLIENT, "s-1", Set.of());
        assertRefused(positions.refusal(withoutScopes), Code.PERMISSION_DENIED, "SCOPE_MISSING");
    }

    @Test
    void scopeOfUsersLetsNoMachineIn() {
        var upload = rule(DocumentServiceOuterClass.getDescriptor(), "DocumentService", "UploadDocument");
        var scopes = Set.of("documents:upload", "documents:process");

        assertThat(upload.refusal(user(Role.ROLE_CLIENT))).isNull();
        assertThat(upload.refusal(abroad(Set.of("documents:upload")))).isNull();
        assertRefused(upload.refusal(abroad(Set.of("documents:process"))), Code.PERMISSION_DENIED, "SCOPE_MISSING");
        assertThat(upload.refusal(abroad(Set.of())).metadata()).containsEntry("scopes", "documents:upload");
        assertRefused(upload.refusal(new Principal.Machine("abs", scopes)), Code.PERMISSION_DENIED, "USER_MISSING");
        assertRefused(upload.refusal(user(Role.ROLE_ADMIN)), Code.PERMISSION_DENIED, "ROLE_MISSING");
    }

    @Test
    void usersAndMachinesMayNeedDifferentScopes() {
        var delete = rule(DocumentServiceOuterClass.getDescriptor(), "DocumentService", "DeleteDocument");

        assertThat(delete.refusal(abroad(Set.of("documents:upload")))).isNull();
        assertRefused(delete.refusal(abroad(Set.of("documents:process"))), Code.PERMISSION_DENIED, "SCOPE_MISSING");
        assertThat(delete.refusal(new Principal.Machine("abs", Set.of("documents:process"))))
                .isNull();
        var refusal = delete.refusal(new Principal.Machine("abs", Set.of("documents:upload")));
        assertRefused(refusal, Code.PERMISSION_DENIED, "SCOPE_MISSING");
        assertThat(refusal.metadata()).containsEntry("scopes", "documents:process");
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"ROLE_EMPLOYEE", "ROLE_ADMIN"})
    void staffInAForeignClientAreClients(Role role) {
        var user = new Principal.User(17, role, "s-1", Set.of("users:read", "documents:read", "documents:write"));
        var own = rule(DocumentReviewServiceOuterClass.getDescriptor(), "DocumentReviewService", "GetDocument");
        var review = rule(DocumentReviewServiceOuterClass.getDescriptor(), "DocumentReviewService", "SearchDocuments");

        assertThat(user.staff()).isFalse();
        assertThat(user.admin()).isFalse();
        assertThat(own.refusal(user)).isNull();
        assertRefused(review.refusal(user), Code.PERMISSION_DENIED, "ROLE_MISSING");
        assertThat(review.refusal(user).metadata()).containsEntry("role", "ROLE_CLIENT");
        assertThat(review.refusal(user(role))).isNull();
    }

    @Test
    void methodThatSaysNothingIsForNobody() throws DescriptorValidationException {
        var proto = FileDescriptorProto.newBuilder().setName("silent.proto").setSyntax("proto3");
        proto.addMessageTypeBuilder().setName("Empty");
        proto.addServiceBuilder()
                .setName("Silent")
                .addMethodBuilder()
                .setName("Say")
                .setInputType("Empty")
                .setOutputType("Empty");
        var rule = rule(FileDescriptor.buildFrom(proto.build(), new FileDescriptor[0]), "Silent", "Say");

        assertThat(rule).isEqualTo(new AccessRule.Nobody());
        assertRefused(rule.refusal(user(Role.ROLE_ADMIN)), Code.PERMISSION_DENIED, "ACCESS_UNDECLARED");
        assertRefused(rule.refusal(MACHINE), Code.PERMISSION_DENIED, "ACCESS_UNDECLARED");
    }

    private static Principal user(Role role) {
        return new Principal.User(17, role, "s-1");
    }

    /// A client of the bank in a client that is not the bank's own.
    private static Principal abroad(Set<String> scopes) {
        return new Principal.User(17, Role.ROLE_CLIENT, "s-1", scopes);
    }

    private static AccessRule rule(FileDescriptor file, String service, String method) {
        return AccessRule.of(file.findServiceByName(service).findMethodByName(method));
    }

    private static void assertRefused(Failure refusal, Code code, String reason) {
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.reason()).isEqualTo(reason);
    }
}
