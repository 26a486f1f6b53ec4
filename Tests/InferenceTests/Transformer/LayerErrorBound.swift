import Foundation
import KernelZoo
import ModelFiles

@testable import Inference

/// How far one layer of the fast path may be from the reference's when both begin with the same residual stream.
///
/// Errors are followed from step to step, each element's on its own, through the values that the reference computes:
/// every operation in Float adds its roundings of 2^-24, a value that is rounded to int8 or binary16 becomes exact
/// again if its error does not reach to where its rounding changes, and else one step or more wrong. Nothing is left
/// out and no error is thought to be random, so that the bound holds always; it is small, some 10^-5, wherever nothing
/// can round the other way.
struct LayerErrorBound {
  static let unit = 0x1p-24
  /// Of the exponential function: see exponential.h, gates.h.
  static let exponentialError = 0x1p-21

  private let architecture: ModelArchitecture
  private let attention: ReferenceAttention
  /// Weights' magnitudes; those of trits without their scale.
  private let magnitudes: [LinearRole: [Float]]
  private let norms: [NormRole: [Float]]
  private let kernel: Kernel
  private var cached: AttentionErrorBound

  init(layer: Int, of source: any ModelSource, kernel: Kernel) throws {
    architecture = source.architecture
    attention = ReferenceAttention(
      heads: architecture.heads, keyValueHeads: architecture.keyValueHeads,
      headDimension: architecture.headDimension, rotaryBase: architecture.rotaryBase,
      rotaryPairs: architecture.rotaryPairs)
    var magnitudes: [LinearRole: [Float]] = [:]
    for role in LinearRole.allCases {
      switch try source.linear(role, layer: layer) {
      case .ternary(let matrix): magnitudes[role] = matrix.values.map { Float($0.magnitude) }
      case .float(let matrix): magnitudes[role] = matrix.values.map(\.magnitude)
      }
    }
    self.magnitudes = magnitudes
    var norms: [NormRole: [Float]] = [:]
    for role in architecture.norms { norms[role] = try source.vector(.norm(role, layer: layer)) }
    self.norms = norms
    self.kernel = kernel
    cached = AttentionErrorBound(
      heads: architecture.heads, keyValueHeads: architecture.keyValueHeads,
      dimension: architecture.headDimension)
  }

  /// The bound of each element of the residual stream after the layer.
  ///
  /// - Parameters:
  ///   - trace: The reference's work on tokens that follow those of earlier calls.
  ///   - input: The residual stream before the layer, without error.
  mutating func next(_ trace: LayerTrace, input: [Double]) -> [Double] {
    let first = cached.positions
    let x = norm(input, [Double](repeating: 0, count: input.count), .attention)
    let query = linear(.query, trace, x)
    let features = architecture.heads * architecture.headDimension
    let queries = attention.rotated(output(.query, trace), features: features, first: first)
    let queryErrors = rotated(query, output(.query, trace))
    cached.append(
      keys: trace.keys, rotated(linear(.key, trace, x), output(.key, trace)), values: trace.values,
      linear(.value, trace, x))
    let (attended, attendedErrors) = cached.attend(queries, queryErrors, first: first)
    let projected = linear(.output, trace, norm(attended, attendedErrors, .attentionSub))
    let middle = zip(input, output(.output, trace)).map { $0 + $1 }
    let middleErrors = zip(projected, middle).map { $0 + Self.unit * ($1.magnitude + $0) }

    let wide = norm(middle, middleErrors, .feedForward)
    let (product, productErrors) = activated(
      output(.gate, trace), linear(.gate, trace, wide), output(.up, trace), linear(.up, trace, wide))
    let down = linear(.down, trace, norm(product, productErrors, .feedForwardSub))
    return trace.residual.indices.map {
      (middleErrors[$0] + down[$0]) * (1 + Self.unit) + Self.unit * trace.residual[$0].magnitude
    }
  }

  /// Of x · weight / √(mean square + ε): the root changes by at most the root mean square of the errors; computing
  /// it in Float makes the error that norm.h derives, with four lanes.
  private func norm(_ x: [Double], _ errors: [Double], _ role: NormRole) -> [Double] {
    guard let weight = norms[role] else { return errors }
    return Self.norm(x, errors, weight: weight, epsilon: architecture.normEpsilon)
  }

  static func norm(_ x: [Double], _ errors: [Double], weight: [Float], epsilon: Float) -> [Double] {
    let count = Double(weight.count)
    let rounding = (count / 64 + 10) * unit
    var result = x
    for start in stride(from: 0, to: x.count, by: weight.count) {
      let token = start..<start + weight.count
      let root = (x[token].reduce(0) { $0 + $1 * $1 } / count + Double(epsilon)).squareRoot()
      let change = (errors[token].reduce(0) { $0 + $1 * $1 } / count).squareRoot() / root
      let slack = change < 1 ? change / (1 - change) : 0
      for index in token {
        let gain = Double(weight[index - start].magnitude)
        let normed = x[index].magnitude * gain / root
        // However wrong the root is, no element is larger than if it were the only one.
        let most = normed + count.squareRoot() * gain
        let near = errors[index] * gain / root * (1 + slack) + normed * slack
        let moved = change < 1 ? min(near, most) : most
        result[index] = moved + (normed + moved) * rounding
      }
    }
    return result
  }

  private func output(_ role: LinearRole, _ trace: LayerTrace) -> [Double] {
    trace.linears[role]?.output ?? []
  }

  private func linear(_ role: LinearRole, _ trace: LayerTrace, _ errors: [Double]) -> [Double] {
    guard let linear = trace.linears[role], let magnitudes = magnitudes[role] else { return [] }
    let columns = linear.inFeatures
    guard let quantized = linear.quantized, let weightScale = linear.weightScale else {
      // The contract of float kernels, and what the errors of the input make.
      let largest = zip(linear.input, errors).map { $0.magnitude + $1 }
      let rounding = kernel.roundingError + Double(columns) * Self.unit
      let perInput = zip(largest, errors).map { $0 * rounding + $1 }
      let products = ReferenceLinear.multiply(perInput, magnitudes, columns: columns)
      let rows = linear.output.count / (linear.input.count / columns)
      return products.enumerated().map { index, product in
        let token = index / rows
        return product + kernel.underflowError
          * largest[token * columns..<(token + 1) * columns].reduce(0, +)
      }
    }
    let distances = linear.boundaryDistances
    var (steps, apart) = (linear.input, linear.input)
    var scaleErrors: [Double] = []
    for (token, scale) in quantized.scales.enumerated() {
      let elements = token * columns..<(token + 1) * columns
      let largest = linear.input[elements].reduce(0) { max($0, $1.magnitude) }
      let worst = elements.reduce(0) { max($0, errors[$1] + Self.unit * linear.input[$1].magnitude) }
      // The largest magnitude decides the scale; two roundings.
      let scaleError = worst < largest ? worst / (largest - worst) + 2 * Self.unit : 1
      scaleErrors.append(scaleError)
      for index in elements {
        let scaled = linear.input[index].magnitude * Double(scale)
        // The reference rounds to Float as well.
        let reach =
          errors[index] * Double(scale) * (1 + scaleError) + scaled * (scaleError + 4 * Self.unit)
        steps[index] = reach < distances[index] ? 0 : (reach - distances[index]).rounded(.down) + 1
        // However many steps, a rounded value is half a step from what it was, and little more.
        apart[index] = errors[index] + 0.51 * (2 * largest + worst) / 127
      }
    }
    let flips = ReferenceLinear.multiply(steps, magnitudes, columns: columns)
    let most = ReferenceLinear.multiply(apart, magnitudes, columns: columns)
    let rows = flips.count / quantized.scales.count
    return flips.indices.map { index in
      let (scale, scaleError) = (Double(quantized.scales[index / rows]), scaleErrors[index / rows])
      let near =
        flips[index] / scale * (1 + scaleError)
        + linear.output[index].magnitude / Double(weightScale) * (scaleError + 3 * Self.unit)
      return Double(weightScale) * (scaleError < 1 ? min(near, most[index]) : most[index])
    }
  }

  /// |cos| and |sin| are at most one; they, both products and the sum are rounded.
  private func rotated(_ errors: [Double], _ x: [Double]) -> [Double] {
    let dimension = architecture.headDimension
    return errors.indices.map { index in
      let (start, element) = (index - index % dimension, index % dimension)
      let other =
        switch architecture.rotaryPairs {
        case .halves: start + (element + dimension / 2) % dimension
        case .neighbours: start + (element ^ 1)
        }
      let error = errors[index] + errors[other]
      return error + 4 * Self.unit * (x[index].magnitude + x[other].magnitude + error)
    }
  }

  private func activated(
    _ gate: [Double], _ gateErrors: [Double], _ up: [Double], _ upErrors: [Double]
  ) -> (product: [Double], errors: [Double]) {
    var (product, errors) = (gate, gate)
    for index in gate.indices {
      let (g, error) = (gate[index], gateErrors[index])
      let (active, activeError): (Double, Double)
      switch architecture.activation {
      case .squaredReLU:
        active = max(g, 0) * max(g, 0)
        activeError = error * (2 * max(g, 0) + error)
      case .silu:
        // Its slope is below 1.1.
        active = g / (1 + exp(-g))
        activeError = 1.1 * error + (active.magnitude + 1.1 * error) * 2 * Self.exponentialError
      }
      let rounded = (active.magnitude + activeError) * (up[index].magnitude + upErrors[index]) * 3 * Self.unit
      product[index] = active * up[index]
      errors[index] =
        activeError * (up[index].magnitude + upErrors[index]) + active.magnitude * upErrors[index] + rounded
    }
    return (product, errors)
  }
}
