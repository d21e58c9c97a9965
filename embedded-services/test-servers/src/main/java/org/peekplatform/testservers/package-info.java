/// Servers of other products, private to one test or benchmark: a free port of the loopback
/// interface, a data folder of their own, ended with the process that started them.
@NullMarked
package org.peekplatform.testservers;

import org.jspecify.annotations.NullMarked;
