package org.peekplatform.api.tuple;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks the record component that identifies a row among the rows of one selector.
///
/// With a key, a change of a few rows travels as these rows alone and observers learn which rows
/// were added, changed and removed. Without one, every change sends the whole list. Two rows of one
/// answer must not have the same key.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface TupleKey {}
