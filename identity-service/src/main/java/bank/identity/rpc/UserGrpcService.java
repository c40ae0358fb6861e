package bank.identity.rpc;

import bank.identity.domain.Enrolments;
import bank.identity.domain.Passwords;
import bank.identity.domain.UserProfiles;
import bank.identity.domain.UserRoles;
import bank.identity.domain.UserStatuses;
import bank.identity.domain.Users;
import bank.identity.model.FinancialPosition;
import bank.identity.model.Password;
import bank.identity.model.UserType;
import bank.platform.auth.Principal;
import bank.platform.db.ConstraintViolatedException;
import bank.platform.db.Tx;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.page.PageTokens;
import bank.v1.ActivateUserRequest;
import bank.v1.CreateUserRequest;
import bank.v1.DeactivateUserRequest;
import bank.v1.Dictionary;
import bank.v1.DictionaryEntry;
import bank.v1.GetMeRequest;
import bank.v1.GetMeResponse;
import bank.v1.GetUserRequest;
import bank.v1.ListFinancialPositionsRequest;
import bank.v1.ListUserTypesRequest;
import bank.v1.ListUsersRequest;
import bank.v1.ListUsersResponse;
import bank.v1.LookupUsersRequest;
import bank.v1.LookupUsersResponse;
import bank.v1.ResetPasswordRequest;
import bank.v1.SetUserRoleRequest;
import bank.v1.UpdateUserRequest;
import bank.v1.User;
import bank.v1.UserServiceGrpc;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/// `UserService`: the caller, users and their administration, dictionaries.
public final class UserGrpcService extends UserServiceGrpc.UserServiceImplBase {
    private final Users users;
    private final Enrolments enrolments;
    private final UserProfiles profiles;
    private final UserRoles roles;
    private final UserStatuses statuses;
    private final Passwords passwords;
    private final LiveMutations mutations;
    private final SecretRepeats repeats;
    private final PageTokens pageTokens;

    /// @param users what is known of users
    /// @param mutations repeats and dry runs
    /// @param repeats repeats of requests with passwords
    /// @param pageTokens seals of list positions
    public UserGrpcService(
            Users users,
            Enrolments enrolments,
            UserProfiles profiles,
            UserRoles roles,
            UserStatuses statuses,
            Passwords passwords,
            LiveMutations mutations,
            SecretRepeats repeats,
            PageTokens pageTokens) {
        this.users = users;
        this.enrolments = enrolments;
        this.profiles = profiles;
        this.roles = roles;
        this.statuses = statuses;
        this.passwords = passwords;
        this.mutations = mutations;
        this.repeats = repeats;
        this.pageTokens = pageTokens;
    }

    @Override
    public void getMe(GetMeRequest request, StreamObserver<GetMeResponse> observer) {
        var user = users.me(caller());
        Answer.one(
                observer,
                GetMeResponse.newBuilder()
                        .setUser(IdentityProtos.toProto(user))
                        .addAllOrganizations(users.memberships(user.id()).stream()
                                .map(IdentityProtos::toProto)
                                .toList())
                        .addAllRights(user.role().rights())
                        .build());
    }

    @Override
    public void listUsers(ListUsersRequest request, StreamObserver<ListUsersResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var position = pageTokens.position(request);
        var before = position == null ? Long.MAX_VALUE : Long.parseLong(position);
        var rows = users.list(caller(), UserForms.filter(request), before, size + 1);
        var page = pageTokens.cut(request, rows, size, user -> Long.toString(user.id()));
        Answer.one(
                observer,
                ListUsersResponse.newBuilder()
                        .addAllUsers(page.map(IdentityProtos::toProto).rows())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    @Override
    public void getUser(GetUserRequest request, StreamObserver<User> observer) {
        Answer.one(observer, IdentityProtos.toProto(users.get(caller(), request.getId())));
    }

    @Override
    public void createUser(CreateUserRequest request, StreamObserver<User> observer) {
        var repeat = repeats.of(request.toBuilder().clearPassword().build(), request.getPassword());
        Answer.one(observer, mutations.replay(repeat, User.getDefaultInstance()).orElseGet(() -> {
            // Hashing takes long: it is done before the transaction takes a connection.
            var checked = enrolments.check(caller(), UserForms.enrolment(request), Callers.current());
            try {
                return mutations.run(
                        repeat,
                        User.getDefaultInstance(),
                        tx -> IdentityProtos.toProto(enrolments.enrol(tx, caller(), checked, Callers.current())));
            } catch (ConstraintViolatedException e) {
                if (IdentityStatuses.tellsOfTakenEmail(e)) {
                    enrolments.tellTaken(checked, Callers.current());
                }
                throw e;
            }
        }));
    }

    @Override
    public void updateUser(UpdateUserRequest request, StreamObserver<User> observer) {
        var change = UserForms.change(request);
        change(
                UserForms.canonical(request, change),
                observer,
                tx -> profiles.update(tx, caller(), request.getId(), change, Callers.current()));
    }

    @Override
    public void setUserRole(SetUserRoleRequest request, StreamObserver<User> observer) {
        var role = Objects.requireNonNull(IdentityProtos.role(request.getRole()));
        change(request, observer, tx -> roles.set(tx, caller(), request.getId(), role, Callers.current()));
    }

    @Override
    public void deactivateUser(DeactivateUserRequest request, StreamObserver<User> observer) {
        change(
                request,
                observer,
                tx -> statuses.deactivate(tx, caller(), request.getId(), request.getReason(), Callers.current()));
    }

    @Override
    public void activateUser(ActivateUserRequest request, StreamObserver<User> observer) {
        change(request, observer, tx -> statuses.activate(tx, caller(), request.getId(), Callers.current()));
    }

    @Override
    public void resetPassword(ResetPasswordRequest request, StreamObserver<Empty> observer) {
        var none = Empty.getDefaultInstance();
        var repeat = repeats.of(request.toBuilder().clearPassword().build(), request.getPassword());
        Answer.one(observer, mutations.replay(repeat, none).orElseGet(() -> {
            var hash = passwords.checkReset(caller(), request.getId(), new Password(request.getPassword()));
            return mutations.run(repeat, none, tx -> {
                passwords.reset(tx, request.getId(), hash, Callers.current());
                return none;
            });
        }));
    }

    @Override
    public void lookupUsers(LookupUsersRequest request, StreamObserver<LookupUsersResponse> observer) {
        var found = users.lookup(Set.copyOf(request.getIdsList()));
        Answer.one(
                observer,
                LookupUsersResponse.newBuilder()
                        .addAllUsers(found.stream().map(IdentityProtos::toProto).toList())
                        .build());
    }

    @Override
    public void listFinancialPositions(ListFinancialPositionsRequest request, StreamObserver<Dictionary> observer) {
        var dictionary = Dictionary.newBuilder().setName("financial_positions");
        Arrays.stream(FinancialPosition.values())
                .map(position -> entry(position.id(), position, position.nameRu(), position.nameEn()))
                .forEach(dictionary::addEntries);
        Answer.one(observer, dictionary.build());
    }

    @Override
    public void listUserTypes(ListUserTypesRequest request, StreamObserver<Dictionary> observer) {
        var dictionary = Dictionary.newBuilder().setName("user_types");
        Arrays.stream(UserType.values())
                .map(type -> entry(type.id(), type, type.nameRu(), type.nameEn()))
                .forEach(dictionary::addEntries);
        Answer.one(observer, dictionary.build());
    }

    private void change(Message request, StreamObserver<User> observer, Function<Tx, bank.identity.model.User> work) {
        Answer.one(
                observer,
                mutations.run(request, User.getDefaultInstance(), tx -> IdentityProtos.toProto(work.apply(tx))));
    }

    private static Principal.User caller() {
        return (Principal.User) Call.current().principal();
    }

    private static DictionaryEntry entry(int id, Enum<?> value, String nameRu, String nameEn) {
        return DictionaryEntry.newBuilder()
                .setId(id)
                .setCode(value.name().toLowerCase(Locale.ROOT))
                .setNameRu(nameRu)
                .setNameEn(nameEn)
                .build();
    }
}
