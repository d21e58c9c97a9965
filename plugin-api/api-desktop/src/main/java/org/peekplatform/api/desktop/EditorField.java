package org.peekplatform.api.desktop;

import static java.util.Objects.requireNonNull;

/// A field of the rows that a [TableEditor] shows.
///
/// @param name of the component of the row
/// @param title for people, without a colon
/// @param editable whether the form has an input for it
public record EditorField(String name, String title, boolean editable) {
    public EditorField {
        requireNonNull(name, "name");
        requireNonNull(title, "title");
    }

    /// A field that can be entered.
    public static EditorField of(String name, String title) {
        return new EditorField(name, title, true);
    }

    /// A field that is only shown.
    public static EditorField shown(String name, String title) {
        return new EditorField(name, title, false);
    }
}
