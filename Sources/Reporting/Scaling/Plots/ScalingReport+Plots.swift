extension ScalingReport {
  /// The plots, what was measured first. A plot without data is left out.
  public var plots: [ScalingPlot] { MeasuredPlots(report: self).plots + ModelledPlots(report: self).plots }
}
