/// The median absolute deviation from the median: the spread of `samples` as seen without their extremes.
///
/// - Returns: `nil` when there is no sample or one is not finite.
public func medianAbsoluteDeviation(of samples: [Double]) -> Double? {
  guard let centre = median(of: samples) else { return nil }
  return median(of: samples.map { abs($0 - centre) })
}

/// How many robust standard deviations each sample lies from the median: the modified z-score
/// 0.6745 (x - median) / MAD of Iglewicz and Hoaglin, How to Detect and Handle Outliers (ASQC, 1993).
///
/// When more than half of the samples are equal the MAD is 0; then the mean absolute deviation takes its
/// place, as (x - median) / (1.253314 meanAD). Both factors make the score 1 at one standard deviation of a
/// normal distribution. Equal samples all score 0.
///
/// - Returns: One score per sample in the order given; empty when a sample is not finite.
public func modifiedZScores(of samples: [Double]) -> [Double] {
  guard let centre = median(of: samples), let deviation = medianAbsoluteDeviation(of: samples) else {
    return []
  }
  if deviation > 0 {
    return samples.map { 0.6745 * ($0 - centre) / deviation }
  }
  let meanDeviation = samples.reduce(0) { $0 + abs($1 - centre) } / Double(samples.count)
  guard meanDeviation > 0 else { return samples.map { _ in 0 } }
  return samples.map { ($0 - centre) / (1.253314 * meanDeviation) }
}

/// The number of samples whose modified z-score is beyond 3.5, the limit Iglewicz and Hoaglin recommend.
///
/// Outliers are counted to be reported, never removed: an interrupt that costs one sample in twenty is part
/// of what the machine does, and median and interval bear it.
public func outlierCount(in samples: [Double]) -> Int {
  modifiedZScores(of: samples).count { abs($0) > 3.5 }
}
