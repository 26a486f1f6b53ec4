import ArgumentParser
import ModelFiles

/// An element type by its name in any case: `i2_s`, `F16`.
enum ElementTypeArgument {
  static func parse(_ text: String) throws -> TensorElementType {
    guard let type = TensorElementType.allCases.first(where: { $0.name.lowercased() == text.lowercased() })
    else {
      let known = TensorElementType.allCases.map { $0.name.lowercased() }.joined(separator: ", ")
      throw ValidationError("'\(text)' is no element type; the types are \(known)")
    }
    return type
  }
}
