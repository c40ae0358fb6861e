package bank.identity.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.model.Role;
import bank.identity.model.UserScope;
import java.util.Arrays;
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

    @ParameterizedTest
    @EnumSource
    void holdWhateverTokensOfARoleAreNarrowedTo(Role role) {
        assertThat(DeclaredScopes.all()).containsAll(UserScope.of(role));
    }
}
