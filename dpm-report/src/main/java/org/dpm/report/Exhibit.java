package org.dpm.report;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import org.dpm.core.Model;

/** How examples of one shape are shown. */
interface Exhibit {

  /** The one for the shape of this model's data. */
  static Exhibit of(Model model) {
    Shape element = model.layout().shape();
    if (element.size() == 2) {
      return new PointExhibit(model);
    }
    boolean image =
        element.dimension() == 2
            || (element.dimension() == 3 && (element.get(0) == 1 || element.get(0) == 3));
    return image ? new ImageExhibit(model) : new RowExhibit(model);
  }

  /**
   * Figures of the data beside the samples.
   *
   * @param data held-out examples in data units; may be none
   * @param samples likewise
   */
  String beside(float[][] data, float[][] samples);

  /** One figure of the samples, to stand beside those of other models. */
  String samples(float[][] samples);

  /**
   * A few examples and samples on their way.
   *
   * @param data held-out examples in data units; may be none
   * @param draw the samples
   */
  Trajectory trajectory(float[][] data, Trajectory.Draw draw);

  /** The same for the script that draws it. */
  Map<String, Object> film(Trajectory trajectory);

  /** One captioned figure. */
  static String figure(String caption, String body) {
    return "<figure><figcaption>%s</figcaption>%s</figure>".formatted(Markup.text(caption), body);
  }
}
