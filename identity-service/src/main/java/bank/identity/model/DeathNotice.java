package bank.identity.model;

/// A notice of death, or that there is none.
///
/// @param identifier the person, by his National Insurance number
/// @param version number among the notices of the person, which grows
/// @param reference what HMRC calls the notice
public record DeathNotice(Identifier identifier, DeathState state, long version, String reference) {}
