package org.dpm.report.picture;

import java.awt.BasicStroke;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;

/** An empty chart in the style of all our charts: quiet axes, a faint grid, the legend below. */
final class LineChart {

  private LineChart() {}

  static XYChart of(String title, String across, String up, int width, int height) {
    XYChart chart =
        new XYChartBuilder()
            .width(width)
            .height(height)
            .title(title)
            .xAxisTitle(across)
            .yAxisTitle(up)
            .build();
    paper(chart.getStyler());
    axes(chart.getStyler());
    return chart;
  }

  private static void paper(XYStyler style) {
    style.setChartBackgroundColor(Ink.PAPER);
    style.setPlotBackgroundColor(Ink.PAPER);
    style.setPlotBorderColor(Ink.RULE);
    style.setChartFontColor(Ink.TEXT);
    style.setChartTitleFont(Ink.TITLE);
    style.setChartTitleBoxVisible(false);
    style.setChartTitlePadding(10);
    style.setChartPadding(18);
    style.setLegendPosition(LegendPosition.OutsideS);
    style.setLegendLayout(LegendLayout.Horizontal);
    style.setLegendBorderColor(Ink.PAPER);
    style.setLegendFont(Ink.HEADING);
    style.setLegendSeriesLineLength(34);
    style.setMarkerSize(6);
    style.setAntiAlias(true);
  }

  private static void axes(XYStyler style) {
    style.setAxisTitleFont(Ink.HEADING);
    style.setAxisTitlePadding(10);
    style.setAxisTickLabelsFont(Ink.LABEL);
    style.setAxisTickLabelsColor(Ink.TEXT);
    style.setAxisTickMarksColor(Ink.RULE);
    style.setAxisTickMarksStroke(Ink.HAIRLINE);
    style.setPlotGridLinesColor(Ink.GRID);
    style.setPlotGridLinesStroke(new BasicStroke(1));
    style.setXAxisTickMarkSpacingHint(110);
    style.setYAxisTickMarkSpacingHint(55);
    style.setPlotMargin(0);
    style.setPlotContentSize(1.0);
    style.setLocale(Locale.ROOT);
  }
}
