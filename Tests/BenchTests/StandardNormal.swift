import Foundation
import Ternary

/// A draw of the standard normal distribution (Box and Muller, Annals of Mathematical Statistics 29, 1958).
func standardNormal(_ generator: inout SeededGenerator) -> Double {
  let radius = (-2 * log(Double.random(in: 0x1p-53..<1, using: &generator))).squareRoot()
  return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator))
}
