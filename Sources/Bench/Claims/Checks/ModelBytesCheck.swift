import Foundation
import Workloads

/// Bytes of a model at so many bits a weight of its linear layers, in GB.
struct ModelBytesCheck: ClaimCheck {
  enum Bits: Sendable {
    /// What a weight of three equally likely values carries: log2 3.
    case information
    case stored(Double)

    var value: Double {
      switch self {
      case .information: log2(3)
      case .stored(let bits): bits
      }
    }
  }

  let model: String
  let bits: Bits
  let includesEmbedding: Bool

  var method: ClaimMethod { .arithmetic }

  func figure(from evidence: ClaimEvidence) throws -> ClaimFigure {
    let shape = try evidence.models.model(named: model)
    let linears = shape.linearBytes(bitsPerWeight: bits.value)
    let embedding = Double(shape.embeddingParameters) * 2
    var basis =
      "\((Double(shape.linearParameters) * 1e-9).rounded(toDecimals: 3)) billion linear weights at "
      + "\(bits.value.rounded(toDecimals: 3)) bits: \((linears * 1e-9).rounded(toDecimals: 3)) GB"
    if includesEmbedding { basis += ", embedding in FP16: \((embedding * 1e-9).rounded(toDecimals: 3)) GB" }
    return ClaimFigure((linears + (includesEmbedding ? embedding : 0)) * 1e-9, basis: basis)
  }
}
