/// Who the other side of a connection is: certificates of sites, keys of services and devices, how
/// they join with a token, and how they prove themselves afterwards.
@NullMarked
package org.peekplatform.web.identity;

import org.jspecify.annotations.NullMarked;
