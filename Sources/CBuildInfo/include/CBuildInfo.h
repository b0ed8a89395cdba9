#pragma once

/// What the build knew of itself: SwiftPM can hand words to C only.

/// The commit, "unknown" unless make built it.
extern const char *_Nonnull const oomwarden_revision;
/// The compiler's version, "unknown" unless make built it.
extern const char *_Nonnull const oomwarden_swift;
