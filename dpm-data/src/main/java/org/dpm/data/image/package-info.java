/**
 * Images one by one, as levels of grey or colour. Training and restoration see a file alike, since
 * there is one decoder.
 */
@NullMarked
package org.dpm.data.image;

import org.jspecify.annotations.NullMarked;
