package org.peekplatform.api.tuple;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Declares the name a tuple or action has outside Java, so that a renamed class breaks nothing.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface TupleType {
    /// The plugin's name, a dot and a noun, such as `outage.Outage`. The host refuses a foreign
    /// prefix.
    String name();

    /// Raised when the meaning of a component changes; adding one does not need it.
    int version() default 1;
}
