package org.peekplatform.api.storage;

import org.jooq.DSLContext;
import org.peekplatform.api.Caller;
import org.peekplatform.api.tuple.TupleSelector;

/// What a hook before the commit may know and do. Valid during the call, on its thread.
public final class EditContext {
    private final EditHost host;
    private final DSLContext dsl;
    private final EditProblems problems;

    EditContext(EditHost host, DSLContext dsl, EditProblems problems) {
        this.host = host;
        this.dsl = dsl;
        this.problems = problems;
    }

    /// Who edits, as proven by the link.
    public Caller caller() {
        return host.caller();
    }

    /// jOOQ in the transaction of the edit: what is done with it is undone with the edit.
    public DSLContext dsl() {
        return dsl;
    }

    /// Says that the answer to `selector` changes with this edit; announced when it commits.
    public void changed(TupleSelector<?> selector) {
        host.changed(selector);
    }

    /// Where to say why the edit must not be; one problem rolls it back.
    public EditProblems problems() {
        return problems;
    }
}
