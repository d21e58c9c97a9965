package org.peekplatform.queue;

import java.util.Collection;
import java.util.Map;

/// Tells of tasks that are over, sooner and cheaper than the database. Need not know all of them.
interface EndNews {
    /// Those of `ids` that are known to be over, with their results.
    Map<Long, Task> ended(Collection<Long> ids);

    /// Whether it can be asked at present.
    boolean isThere();
}
