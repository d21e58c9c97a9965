/// The worker service: does the tasks that plugins queue, beside other workers.
@NullMarked
package org.peekplatform.worker;

import org.jspecify.annotations.NullMarked;
