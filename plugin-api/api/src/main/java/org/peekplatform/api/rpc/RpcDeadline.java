package org.peekplatform.api.rpc;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// How long callers of a method wait for its answer, instead of 30 seconds. A deadline given with
/// [Rpc#client(Class, RpcTarget, java.time.Duration)] comes before this one.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface RpcDeadline {
    /// At least 1.
    int seconds();
}
