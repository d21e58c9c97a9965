package org.peekplatform.plugins.tutorial.tuples;

import static java.util.Objects.requireNonNull;

import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// The settings of the plugin; there is one of them.
///
/// @param id always [#ID]
/// @param title shown above the rows
/// @param step what the plus and minus buttons add and take away, from 1 to [#LARGEST_STEP]
@TupleType(name = "tutorial.Settings")
public record Settings(@TupleKey String id, String title, int step) implements Tuple {
    public static final String ID = "settings";
    public static final int LONGEST_TITLE = 80;
    public static final int LARGEST_STEP = 1000;

    /// What holds until an administrator changes it.
    public static final Settings DEFAULT = new Settings("Tutorial", 1);

    public Settings {
        requireNonNull(id, "id");
        requireNonNull(title, "title");
    }

    public Settings(String title, int step) {
        this(ID, title, step);
    }
}
