package org.peekplatform.plugins.tutorial.tuples;

import static java.util.Objects.requireNonNull;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Changes the settings.
@TupleType(name = "tutorial.SaveSettings")
public record SaveSettings(String title, int step) implements ActionTuple {
    public SaveSettings {
        requireNonNull(title, "title");
    }
}
