/// The desktop part: does what the server has it do, and says so by a queued action.
@NullMarked
package org.peekplatform.plugins.probe.desktop;

import org.jspecify.annotations.NullMarked;
