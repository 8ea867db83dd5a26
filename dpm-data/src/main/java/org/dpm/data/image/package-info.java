/** Images one by one, as levels of grey or colour. Folders of them are a data source. */
@NullMarked
package org.dpm.data.image;

import org.jspecify.annotations.NullMarked;
