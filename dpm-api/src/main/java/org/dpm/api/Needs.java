package org.dpm.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says on an implementation what it needs of the other parts of a pipeline. The host refuses a
 * pipeline that lacks it before anything runs, naming both parts and what would suit.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Needs {
  Need[] value();
}
