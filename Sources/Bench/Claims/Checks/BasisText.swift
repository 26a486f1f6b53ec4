import Foundation

// Figures in the sentences that say what was compared.

extension Double {
  /// For sentences: as many decimals as asked for.
  func rounded(toDecimals decimals: Int) -> String {
    String(format: "%.\(decimals)f", self)
  }
}

/// `12.30 ms`
func milliseconds(_ seconds: Double) -> String { "\((seconds * 1e3).rounded(toDecimals: 2)) ms" }

/// `1.18 GB`
func gigabytes(_ bytes: Double) -> String { "\((bytes * 1e-9).rounded(toDecimals: 2)) GB" }
