/// What administrators see and do: their log-in, plugins, sites. Tuples and actions, the same for
/// the web page and the workstation.
@NullMarked
package org.peekplatform.admin;

import org.jspecify.annotations.NullMarked;
