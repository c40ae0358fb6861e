package bank.registry.model;

import org.jspecify.annotations.Nullable;

/// A taxpayer.
///
/// @param death what HMRC last said of his death; null when nothing
public record Taxpayer(Person person, @Nullable DeathState death) {}
