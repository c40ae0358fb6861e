package bank.identity.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.model.Role;
import bank.identity.model.UserScope;
import bank.platform.auth.AccessRule;
import bank.platform.auth.Principal;
import bank.v1.ContractServiceGrpc;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.DocumentServiceGrpc;
import bank.v1.UserServiceGrpc;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeclaredScopesTest {
    @Test
    void holdWhateverUsersAreAskedFor() {
        assertThat(DeclaredScopes.all())
                .containsAll(
                        Arrays.stream(UserScope.values()).map(UserScope::value).toList());
    }

    @Test
    void letApplicationsOfOthersDoSomethingForClients() {
        var rules = Stream.of(
                        ContractServiceGrpc.getServiceDescriptor(),
                        DocumentServiceGrpc.getServiceDescriptor(),
                        DocumentReviewServiceGrpc.getServiceDescriptor(),
                        UserServiceGrpc.getServiceDescriptor())
                .flatMap(service -> service.getMethods().stream())
                .map(method -> AccessRule.of(
                        ((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor()).getMethodDescriptor()))
                .toList();
        for (var scope : UserScope.values()) {
            if (!UserScope.isOpenIdConnect(scope.value())) {
                var client = new Principal.User(17, bank.v1.Role.ROLE_CLIENT, "", Set.of(scope.value()));
                assertThat(rules).as(scope.value()).anyMatch(rule -> rule.refusal(client) == null);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void holdWhateverTokensOfARoleAreNarrowedTo(Role role) {
        assertThat(DeclaredScopes.all()).containsAll(UserScope.of(role));
    }
}
