import Ternary
import Testing

@testable import ModelFiles

/// All that a model source gives, for comparison.
struct ModelContents: Equatable {
  var linears: [String: TernaryMatrix] = [:]
  var floats: [String: [Float]] = [:]

  init(_ model: any ModelSource) throws {
    for role in model.architecture.tensorRoles {
      switch role {
      case .embedding, .head:
        floats["\(role)"] = try model.rows(0..<model.architecture.vocabulary, of: role)
      case .outputNorm, .norm: floats["\(role)"] = try model.vector(role)
      case .linear(let linear, let layer):
        switch try model.linear(linear, layer: layer) {
        case .ternary(let matrix): linears["\(role)"] = matrix
        case .float(let matrix): floats["\(role)"] = matrix.values
        }
      }
    }
  }
}
