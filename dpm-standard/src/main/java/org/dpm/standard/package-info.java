/**
 * The parts that serve every kernel: noise schedules, the variational bound as an objective, and
 * ancestral sampling. Only the plugin is public; pipelines name the parts by their kind.
 */
@NullMarked
package org.dpm.standard;

import org.jspecify.annotations.NullMarked;
