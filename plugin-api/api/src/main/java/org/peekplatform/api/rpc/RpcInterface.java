package org.peekplatform.api.rpc;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks an interface whose methods can be called from other services.
///
/// Every method that is neither `static` nor `default` is one. Parameters and results are what
/// components of tuples may be (see [org.peekplatform.api.tuple.Tuple]), or `void`; a method that
/// returns `CompletableFuture` of one does not block its caller. Names of methods are unique within
/// the interface. A method may declare `throws Exception`, so that its implementation need not wrap
/// what it calls; callers get [org.peekplatform.api.PeekException] either way.
///
/// ```java
/// @RpcInterface(name = "outage.Forecast")
/// public interface Forecast {
///     Wind wind(String site) throws Exception;
/// }
/// ```
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RpcInterface {
    /// The plugin's name, a dot and a noun, such as `outage.Forecast`. The host refuses a foreign
    /// prefix.
    String name();
}
