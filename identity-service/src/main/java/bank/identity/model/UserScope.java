package bank.identity.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a user may let a client do or know, as he is asked for it. The first five (OpenID Connect) any client may ask
/// for, the others it must be registered with.
public enum UserScope {
    /// Who he is.
    OPENID("openid", "know that it is you", "узнать, что это вы"),
    /// Name, birthday, sex.
    PROFILE("profile", "see your name, birthday and sex", "видеть ваше имя, дату рождения и пол"),
    /// E-mail address.
    EMAIL("email", "see your e-mail address", "видеть вашу электронную почту"),
    /// Phone number.
    PHONE("phone", "see your phone number", "видеть ваш номер телефона"),
    /// Postal address.
    ADDRESS("address", "see your postal address", "видеть ваш почтовый адрес"),
    /// Reading contracts.
    CONTRACTS_READ("contracts:read", "see your contracts", "видеть ваши договоры"),
    /// Changing contracts.
    CONTRACTS_WRITE("contracts:write", "make and change contracts for you", "создавать и менять договоры за вас"),
    /// Reading documents.
    DOCUMENTS_READ("documents:read", "see and download your documents", "видеть и скачивать ваши документы"),
    /// Uploading documents.
    DOCUMENTS_UPLOAD(
            "documents:upload",
            "upload, change and delete documents for you",
            "загружать, менять и удалять документы за вас"),
    /// Reading users.
    USERS_READ("users:read", "see the bank's users", "видеть пользователей банка");

    private static final Set<String> OPENID_CONNECT =
            Arrays.stream(values()).limit(5).map(UserScope::value).collect(Collectors.toUnmodifiableSet());

    private final String value;
    private final String english;
    private final String russian;

    UserScope(String value, String english, String russian) {
        this.value = value;
        this.english = english;
        this.russian = russian;
    }

    /// The scope of that name.
    public static Optional<UserScope> of(String value) {
        return Arrays.stream(values())
                .filter(scope -> scope.value.equals(value))
                .findFirst();
    }

    /// Any client may ask for it.
    public static boolean isOpenIdConnect(String value) {
        return OPENID_CONNECT.contains(value);
    }

    /// A user can be asked for it: what he lets a client do or know, or to renew its tokens while he is away (OpenID
    /// Connect Core, section 11).
    public static boolean isForUsers(String value) {
        return of(value).isPresent() || value.equals("offline_access");
    }

    /// What a user of that role may let a client of the bank itself do or know. There are rights that no token can be
    /// narrowed to.
    public static Set<String> of(Role role) {
        return Stream.concat(
                        OPENID_CONNECT.stream(),
                        role.rights().stream().filter(right -> of(right).isPresent()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Name in requests and tokens.
    public String value() {
        return value;
    }

    /// What it allows, in English.
    public String english() {
        return english;
    }

    /// What it allows, in Russian.
    public String russian() {
        return russian;
    }
}
