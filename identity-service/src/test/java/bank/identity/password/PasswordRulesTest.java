package bank.identity.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bank.identity.model.EmailAddress;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.IdentityFailure.FieldInvalid;
import bank.identity.model.IdentityFailure.PasswordWeak;
import bank.identity.model.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PasswordRulesTest {
    private static final EmailAddress OWNER = new EmailAddress("owner@example.org");

    private final PasswordRules rules = new PasswordRules(CommonPasswords.load());

    @Test
    void acceptsTheShortestAndTheLongestAllowed() {
        assertAccepted("ж4ё8цщ9ъ");
        assertAccepted("🔑".repeat(8));
        assertAccepted("й".repeat(128));
    }

    @Test
    void refusesOneCharacterLessOrMore() {
        assertThat(failure("ж4ё8цщ9")).isInstanceOf(FieldInvalid.class);
        assertThat(failure("🔑".repeat(7))).isInstanceOf(FieldInvalid.class);
        assertThat(failure("й".repeat(129))).isInstanceOf(FieldInvalid.class);
    }

    @Test
    void countsCharactersInComposedForm() {
        assertThat(failure("и\u0306".repeat(7))).isInstanceOf(FieldInvalid.class);
        assertAccepted("и\u0306".repeat(8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"password", "PassWord", "12345678", "qwertyuiop", "password123", "trustno1"})
    void refusesCommonPasswordsInAnyCase(String password) {
        assertThat(failure(password)).isInstanceOf(PasswordWeak.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner@example.org", "Owner@Example.ORG", " owner@example.org "})
    void refusesTheOwnersEmail(String password) {
        assertThat(failure(password)).isInstanceOf(PasswordWeak.class);
    }

    @Test
    void acceptsCommonPasswordsWhenTheListIsLifted() {
        assertThatCode(() -> new PasswordRules(CommonPasswords.none()).check(new Password("password123"), OWNER))
                .doesNotThrowAnyException();
    }

    private void assertAccepted(String password) {
        assertThatCode(() -> rules.check(new Password(password), OWNER)).doesNotThrowAnyException();
    }

    private IdentityFailure failure(String password) {
        return catchThrowableOfType(IdentityException.class, () -> rules.check(new Password(password), OWNER))
                .failure();
    }
}
