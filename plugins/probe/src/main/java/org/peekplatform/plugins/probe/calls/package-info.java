/// Calls between the probe's parts on two services, and the loop that measures them and others.
@NullMarked
package org.peekplatform.plugins.probe.calls;

import org.jspecify.annotations.NullMarked;
