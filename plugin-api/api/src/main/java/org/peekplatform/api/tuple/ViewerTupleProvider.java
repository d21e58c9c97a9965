package org.peekplatform.api.tuple;

import java.util.List;
import org.peekplatform.api.Caller;

/// Loads the tuples of one selector as one viewer may see them. Implemented by plugins, called by
/// the host, with the same rules as [TupleProvider].
///
/// Each viewer's rows are loaded, encoded and kept by themselves, so this costs as many calls as
/// there are viewers. Where all who may observe see the same, use [TupleProvider].
@FunctionalInterface
public interface ViewerTupleProvider<T extends Tuple> {
    /// The tuples of `selector`, in the order the viewer shall see them.
    ///
    /// @param viewer who observes, as proven by the link: a device, service or administrator
    List<T> load(TupleSelector<T> selector, Caller viewer) throws Exception;
}
