package org.peekplatform.shell.model;

/// Something that happened, said once.
///
/// @param id tells two notices with the same words apart
public record Notice(long id, Kind kind, String sentence) {
    /// How it is shown, and for how long.
    public enum Kind {
        /// Under way; stays until it is replaced.
        PROGRESS,
        /// Went well; goes away by itself.
        DONE,
        /// Went wrong; stays until dismissed.
        FAILED
    }
}
