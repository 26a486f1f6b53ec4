import KernelZoo
import Ternary

/// Holds kernels of one shape and token count against the reference; what several kernels share (quantised
/// activations, reference products) is computed once.
final class KernelVerifier {
  private struct IntegerKey: Hashable {
    let activations: ActivationQuantization
    let isBinary: Bool
  }

  private let weights: ShapeWeights
  private let x: [Float]
  private let tokens: Int
  private let seed: UInt64
  private var integerChecks: [IntegerKey: IntegerProductCheck] = [:]
  private var floatCheck: FloatProductCheck?

  init(weights: ShapeWeights, x: [Float], tokens: Int, seed: UInt64) {
    self.weights = weights
    self.x = x
    self.tokens = tokens
    self.seed = seed
  }

  /// Calls the operator once and compares; `nil` when every entry is right.
  ///
  /// - Parameters:
  ///   - linear: The operator, whose activations must be those this verifier was made with.
  ///   - y: M × N results, overwritten.
  ///   - team: Who computes.
  func mismatch(
    of linear: LinearOperator, y: UnsafeMutablePointer<Float>, team: some WorkerTeam
  ) throws -> ProductMismatch? {
    x.withUnsafeBufferPointer { x in
      guard let base = x.baseAddress else { return }
      nonisolated(unsafe) let input = base
      nonisolated(unsafe) let output = y
      team.run { linear.work($0, input, output, rescaling: false) }
    }
    guard let activations = linear.kernel.activations else {
      return checkOfFloats().firstMismatch(in: y, of: linear.kernel)
    }
    let check = try checkOfIntegers(
      IntegerKey(activations: activations, isBinary: linear.kernel.packing.weightKind == .binary))
    return check.firstMismatch(in: UnsafeRawPointer(y).assumingMemoryBound(to: Int32.self))
  }

  private func checkOfFloats() -> FloatProductCheck {
    if let floatCheck { return floatCheck }
    let check = FloatProductCheck(
      x: x, tokens: tokens, weights: weights.float, outFeatures: weights.shape.outFeatures,
      inFeatures: weights.shape.inFeatures)
    floatCheck = check
    return check
  }

  private func checkOfIntegers(_ key: IntegerKey) throws -> IntegerProductCheck {
    if let check = integerChecks[key] { return check }
    let check = IntegerProductCheck(
      x: try key.activations.quantize(x, tokens: tokens).values, tokens: tokens,
      weights: key.isBinary ? weights.binary : weights.ternary, seed: seed)
    integerChecks[key] = check
    return check
  }
}
