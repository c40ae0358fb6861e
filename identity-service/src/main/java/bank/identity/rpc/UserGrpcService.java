package bank.identity.rpc;

import bank.identity.domain.Users;
import bank.identity.model.FinancialPosition;
import bank.identity.model.UserType;
import bank.platform.auth.Principal;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.v1.Dictionary;
import bank.v1.DictionaryEntry;
import bank.v1.GetMeRequest;
import bank.v1.GetMeResponse;
import bank.v1.ListFinancialPositionsRequest;
import bank.v1.ListUserTypesRequest;
import bank.v1.LookupUsersRequest;
import bank.v1.LookupUsersResponse;
import bank.v1.UserServiceGrpc;
import io.grpc.stub.StreamObserver;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/// `UserService`: the caller, users for services, dictionaries.
public final class UserGrpcService extends UserServiceGrpc.UserServiceImplBase {
    private final Users users;

    /// @param users what is known of users
    public UserGrpcService(Users users) {
        this.users = users;
    }

    @Override
    public void getMe(GetMeRequest request, StreamObserver<GetMeResponse> observer) {
        var caller = (Principal.User) Call.current().principal();
        var user = users.me(caller.id());
        Answer.one(
                observer,
                GetMeResponse.newBuilder()
                        .setUser(IdentityProtos.toProto(user))
                        .addAllRights(user.role().rights())
                        .build());
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

    private static DictionaryEntry entry(int id, Enum<?> value, String nameRu, String nameEn) {
        return DictionaryEntry.newBuilder()
                .setId(id)
                .setCode(value.name().toLowerCase(Locale.ROOT))
                .setNameRu(nameRu)
                .setNameEn(nameEn)
                .build();
    }
}
