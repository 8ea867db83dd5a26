/** What a person sees while a model trains. Everything goes to the stream that is handed in. */
@NullMarked
package org.dpm.report.progress;

import org.jspecify.annotations.NullMarked;
