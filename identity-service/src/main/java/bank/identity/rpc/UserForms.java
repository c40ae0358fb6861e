package bank.identity.rpc;

import bank.identity.model.Enrolment;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.Password;
import bank.identity.model.PersonalName;
import bank.identity.model.Profile;
import bank.identity.model.ProfileChange;
import bank.identity.model.ProfileChange.Field;
import bank.identity.model.Role;
import bank.identity.model.TaxNumber;
import bank.identity.model.UserFilter;
import bank.v1.CreateUserRequest;
import bank.v1.ListUsersRequest;
import bank.v1.UpdateUserRequest;
import com.google.protobuf.FieldMask;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/// What requests about users ask for.
final class UserForms {
    private UserForms() {}

    static UserFilter filter(ListUsersRequest request) {
        return new UserFilter(
                IdentityProtos.role(request.getRole()),
                IdentityProtos.status(request.getStatus()),
                request.getEmailPrefix().strip().toLowerCase(Locale.ROOT),
                request.hasOrganizationId() ? (Long) request.getOrganizationId() : null);
    }

    static Enrolment enrolment(CreateUserRequest request) {
        return new Enrolment(
                request.getEmail(),
                new Password(request.getPassword()),
                Objects.requireNonNullElse(IdentityProtos.role(request.getRole()), Role.CLIENT),
                new PersonalName(request.getFirstName(), request.getLastName(), request.getMiddleName()),
                request.hasBirthday() ? IdentityProtos.date("birthday", request.getBirthday()) : null,
                request.getPhoneNumber(),
                request.hasOrganizationId() ? (Long) request.getOrganizationId() : null);
    }

    static ProfileChange change(UpdateUserRequest request) {
        var fields = request.hasUpdateMask() ? masked(request.getUpdateMask()) : present(request);
        if (fields.isEmpty()) {
            throw invalid("names nothing to change");
        }
        // Values beside the mask mean nothing, and so are not looked at.
        return new ProfileChange(
                fields,
                new Profile(
                        new PersonalName(
                                fields.contains(Field.FIRST_NAME) ? request.getFirstName() : "",
                                fields.contains(Field.LAST_NAME) ? request.getLastName() : "",
                                fields.contains(Field.MIDDLE_NAME) ? request.getMiddleName() : ""),
                        fields.contains(Field.BIRTHDAY) && request.hasBirthday()
                                ? IdentityProtos.date("birthday", request.getBirthday())
                                : null,
                        IdentityProtos.sex(request.getSex()),
                        Normalizer.normalize(request.getAddress().strip(), Normalizer.Form.NFC),
                        request.getPhoneNumber(),
                        fields.contains(Field.TAX_NUMBER) ? TaxNumber.orEmpty(request.getTaxNumber()) : "",
                        IdentityProtos.position(request.getFinancialPosition())));
    }

    /// The request with its mask told in one way, so that the same change is the same request however it was asked for.
    static UpdateUserRequest canonical(UpdateUserRequest request, ProfileChange change) {
        var mask = FieldMask.newBuilder();
        change.fields().stream().sorted().map(Field::path).forEach(mask::addPaths);
        return request.toBuilder().setUpdateMask(mask).build();
    }

    private static Set<Field> masked(FieldMask mask) {
        var fields = EnumSet.noneOf(Field.class);
        for (var path : mask.getPathsList()) {
            fields.add(field(path));
        }
        return fields;
    }

    private static Field field(String path) {
        for (var field : Field.values()) {
            if (field.path().equals(path)) {
                return field;
            }
        }
        throw invalid("cannot change " + path);
    }

    private static Set<Field> present(UpdateUserRequest request) {
        var fields = EnumSet.noneOf(Field.class);
        for (var field : Field.values()) {
            if (given(request, field)) {
                fields.add(field);
            }
        }
        return fields;
    }

    private static boolean given(UpdateUserRequest request, Field field) {
        return switch (field) {
            case FIRST_NAME -> request.hasFirstName();
            case LAST_NAME -> request.hasLastName();
            case MIDDLE_NAME -> request.hasMiddleName();
            case BIRTHDAY -> request.hasBirthday();
            case SEX -> request.hasSex();
            case ADDRESS -> request.hasAddress();
            case PHONE_NUMBER -> request.hasPhoneNumber();
            case TAX_NUMBER -> request.hasTaxNumber();
            case FINANCIAL_POSITION -> request.hasFinancialPosition();
        };
    }

    private static IdentityException invalid(String description) {
        return new IdentityException(new IdentityFailure.FieldInvalid("update_mask", description));
    }
}
