package bank.identity.model;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// What somebody says of himself to become a client.
///
/// @param email e-mail address, not yet checked
/// @param phoneNumber E.164, or empty
/// @param identifierType null when he names no identifier
/// @param identifierValue empty when he names no identifier
public record Registration(
        String email,
        Password password,
        PersonalName name,
        @Nullable LocalDate birthday,
        String phoneNumber,
        @Nullable IdentifierType identifierType,
        String identifierValue) {}
