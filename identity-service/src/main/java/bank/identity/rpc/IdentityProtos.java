package bank.identity.rpc;

import bank.identity.model.IdentifierType;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.Membership;
import bank.identity.model.Password;
import bank.identity.model.PersonalName;
import bank.identity.model.Registration;
import bank.identity.model.TokenPair;
import bank.identity.model.User;
import bank.identity.model.UserReference;
import bank.v1.FinancialPosition;
import bank.v1.OrganizationMembership;
import bank.v1.RegisterRequest;
import bank.v1.Role;
import bank.v1.Sex;
import bank.v1.UserStatus;
import bank.v1.VerificationStatus;
import com.google.protobuf.Timestamp;
import com.google.type.Date;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Values of this service to and from messages of bank.v1.
final class IdentityProtos {
    private IdentityProtos() {}

    static Registration registration(RegisterRequest request) {
        return new Registration(
                request.getEmail(),
                new Password(request.getPassword()),
                new PersonalName(request.getFirstName(), request.getLastName(), request.getMiddleName()),
                request.hasBirthday() ? date("birthday", request.getBirthday()) : null,
                request.getPhoneNumber(),
                identifierType(request.getIdentifierType()),
                request.getIdentifierValue());
    }

    static bank.v1.User toProto(User user) {
        var proto = bank.v1.User.newBuilder()
                .setId(user.id())
                .setEmail(user.email().value())
                .setFirstName(user.name().first())
                .setLastName(user.name().last())
                .setMiddleName(user.name().middle())
                .setSex(toProto(user.sex()))
                .setAddress(user.address())
                .setPhoneNumber(user.phoneNumber())
                .setTaxNumber(user.taxNumber())
                .setRole(toProto(user.role()))
                .setStatus(toProto(user.status()))
                .setVerificationStatus(toProto(user.verification()))
                .setCreatedAt(toProto(user.createdAt()))
                .setEtag(user.etag());
        if (user.birthday() != null) {
            proto.setBirthday(toProto(user.birthday()));
        }
        if (user.financialPosition() != null) {
            proto.setFinancialPosition(toProto(user.financialPosition()));
        }
        if (user.verificationReason() != null) {
            proto.setVerificationReason(user.verificationReason());
        }
        if (!user.statusReason().isEmpty() || !user.signInHold().isEmpty()) {
            proto.setStatusReason(Stream.of(user.statusReason(), user.signInHold())
                    .filter(reason -> !reason.isEmpty())
                    .collect(Collectors.joining("; ")));
        }
        if (user.madeBy() != null) {
            proto.setMadeByOrganizationId(user.madeBy());
        }
        return proto.build();
    }

    static bank.v1.UserReference toProto(UserReference user) {
        return bank.v1.UserReference.newBuilder()
                .setId(user.id())
                .setRole(toProto(user.role()))
                .setStatus(toProto(user.status()))
                .build();
    }

    static bank.v1.TokenPair toProto(TokenPair tokens) {
        return bank.v1.TokenPair.newBuilder()
                .setAccessToken(tokens.access().value())
                .setRefreshToken(tokens.refreshToken())
                .setTokenType("Bearer")
                .setExpiresIn((int) tokens.access().life().toSeconds())
                .build();
    }

    static LocalDate date(String field, Date date) {
        try {
            return LocalDate.of(date.getYear(), date.getMonth(), date.getDay());
        } catch (DateTimeException e) {
            throw invalid(field, "must be a day of the calendar");
        }
    }

    /// The type of identifier, or null when none is named.
    static @Nullable IdentifierType identifierType(bank.v1.IdentifierType type) {
        return switch (type) {
            case IDENTIFIER_TYPE_UNSPECIFIED -> null;
            case IDENTIFIER_TYPE_NIN -> IdentifierType.NIN;
            case IDENTIFIER_TYPE_NHS -> IdentifierType.NHS;
            case UNRECOGNIZED -> throw invalid("identifier_type", "must be one of nin, nhs");
        };
    }

    /// The role, or null when none is named.
    static bank.identity.model.@Nullable Role role(Role role) {
        return switch (role) {
            case ROLE_UNSPECIFIED -> null;
            case ROLE_CLIENT -> bank.identity.model.Role.CLIENT;
            case ROLE_EMPLOYEE -> bank.identity.model.Role.EMPLOYEE;
            case ROLE_ADMIN -> bank.identity.model.Role.ADMIN;
            case UNRECOGNIZED -> throw invalid("role", "must be one of client, employee, admin");
        };
    }

    /// The status, or null when none is named.
    static bank.identity.model.@Nullable UserStatus status(UserStatus status) {
        return switch (status) {
            case USER_STATUS_UNSPECIFIED -> null;
            case USER_STATUS_ACTIVE -> bank.identity.model.UserStatus.ACTIVE;
            case USER_STATUS_BLOCKED -> bank.identity.model.UserStatus.BLOCKED;
            case USER_STATUS_DECEASED -> bank.identity.model.UserStatus.DECEASED;
            case UNRECOGNIZED -> throw invalid("status", "must be one of active, blocked, deceased");
        };
    }

    static bank.identity.model.Sex sex(Sex sex) {
        return switch (sex) {
            case SEX_UNSPECIFIED -> bank.identity.model.Sex.UNKNOWN;
            case SEX_MALE -> bank.identity.model.Sex.MALE;
            case SEX_FEMALE -> bank.identity.model.Sex.FEMALE;
            case UNRECOGNIZED -> throw invalid("sex", "must be one of male, female");
        };
    }

    /// The financial position, or null when none is named.
    static bank.identity.model.@Nullable FinancialPosition position(FinancialPosition position) {
        return switch (position) {
            case FINANCIAL_POSITION_UNSPECIFIED -> null;
            case FINANCIAL_POSITION_STABLE -> bank.identity.model.FinancialPosition.STABLE;
            case FINANCIAL_POSITION_CRITICAL -> bank.identity.model.FinancialPosition.CRITICAL;
            case FINANCIAL_POSITION_WATCHED -> bank.identity.model.FinancialPosition.WATCHED;
            case UNRECOGNIZED -> throw invalid("financial_position", "must be one of stable, critical, watched");
        };
    }

    static OrganizationMembership toProto(Membership membership) {
        return OrganizationMembership.newBuilder()
                .setOrganizationId(membership.organizationId())
                .setName(membership.name())
                .setAdmin(membership.admin())
                .build();
    }

    /// As it is printed, e.g. `deceased`.
    static String name(bank.identity.model.UserStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static IdentityException invalid(String field, String description) {
        return new IdentityException(new IdentityFailure.FieldInvalid(field, description));
    }

    private static Sex toProto(bank.identity.model.Sex sex) {
        return switch (sex) {
            case UNKNOWN -> Sex.SEX_UNSPECIFIED;
            case MALE -> Sex.SEX_MALE;
            case FEMALE -> Sex.SEX_FEMALE;
        };
    }

    private static Role toProto(bank.identity.model.Role role) {
        return switch (role) {
            case CLIENT -> Role.ROLE_CLIENT;
            case EMPLOYEE -> Role.ROLE_EMPLOYEE;
            case ADMIN -> Role.ROLE_ADMIN;
        };
    }

    private static UserStatus toProto(bank.identity.model.UserStatus status) {
        return switch (status) {
            case ACTIVE -> UserStatus.USER_STATUS_ACTIVE;
            case BLOCKED -> UserStatus.USER_STATUS_BLOCKED;
            case DECEASED -> UserStatus.USER_STATUS_DECEASED;
        };
    }

    static VerificationStatus toProto(bank.identity.model.VerificationStatus status) {
        return switch (status) {
            case UNVERIFIED -> VerificationStatus.VERIFICATION_STATUS_UNVERIFIED;
            case PENDING -> VerificationStatus.VERIFICATION_STATUS_PENDING;
            case VERIFIED -> VerificationStatus.VERIFICATION_STATUS_VERIFIED;
            case REJECTED -> VerificationStatus.VERIFICATION_STATUS_REJECTED;
        };
    }

    private static FinancialPosition toProto(bank.identity.model.FinancialPosition position) {
        return switch (position) {
            case STABLE -> FinancialPosition.FINANCIAL_POSITION_STABLE;
            case CRITICAL -> FinancialPosition.FINANCIAL_POSITION_CRITICAL;
            case WATCHED -> FinancialPosition.FINANCIAL_POSITION_WATCHED;
        };
    }

    static Date toProto(LocalDate date) {
        return Date.newBuilder()
                .setYear(date.getYear())
                .setMonth(date.getMonthValue())
                .setDay(date.getDayOfMonth())
                .build();
    }

    static Timestamp toProto(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
