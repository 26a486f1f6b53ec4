/// Finds the tensors of an architecture in a GGUF file.
enum GGUFModelTensors {
  /// Every tensor of the architecture, its shape and type checked.
  static func read(
    from file: GGUFFile, architecture: ModelArchitecture, layout: I2SLayout
  ) throws(ModelFileError) -> [TensorRole: StoredTensor] {
    var tensors: [TensorRole: StoredTensor] = [:]
    for role in architecture.tensorRoles {
      let tensor = try file.storedTensor(named: role.ggufName)
      let expected = architecture.ggufDimensions(of: role)
      let found = [tensor.columns, tensor.rows]
      guard found == expected || found == expected + [1] else {
        throw tensor.failure("has shape \(found), expected \(expected), from the keys of the file")
      }
      if tensor.elementType == .i2_s, tensor.rows * tensor.columns % layout.blockElements != 0 {
        throw tensor.failure(
          "has \(tensor.rows)x\(tensor.columns) elements, no whole blocks of \(layout.blockElements) as the layout "
            + "\(layout.rawValue) demands"
            + (layout == .x86 ? "; the layout arm has blocks of \(I2SLayout.arm.blockElements)" : ""))
      }
      tensors[role] = tensor
    }
    return tensors
  }

  /// The tensors `.scale` of linear layers, one number each.
  static func readScales(
    from file: GGUFFile, architecture: ModelArchitecture
  ) throws(ModelFileError) -> [TensorRole: Float] {
    var scales: [TensorRole: Float] = [:]
    for case .linear(let role, let layer) in architecture.tensorRoles {
      let name = role.ggufScaleName(layer: layer)
      guard file.tensor(named: name) != nil else { continue }
      let tensor = try file.storedTensor(named: name)
      guard tensor.rows * tensor.columns == 1, tensor.elementType == .float32 else {
        throw tensor.failure(
          "has shape [\(tensor.columns), \(tensor.rows)] of \(tensor.elementType.name), expected one F32")
      }
      let scale = try tensor.floats(rows: 0..<1)[0]
      guard scale >= 0 else { throw tensor.failure("is \(scale), expected a number from 0") }
      scales[.linear(role, layer: layer)] = scale
    }
    return scales
  }

  /// A tensor that is of no use here would have changed the result where the file comes from.
  static func refuseOthers(in file: GGUFFile, architecture: ModelArchitecture) throws(ModelFileError) {
    let roles = architecture.tensorRoles
    var known = Set(roles.map(\.ggufName))
    for case .linear(let role, let layer) in roles { known.insert(role.ggufScaleName(layer: layer)) }
    for tensor in file.tensors where !known.contains(tensor.name) {
      let name = tensor.name
      let reason =
        if name.hasSuffix(".bias") {
          "is a bias, which cannot be computed"
        } else if name.hasPrefix("rope_") {
          "scales rotary positions, which cannot be computed"
        } else if name.contains("_exps.") || name.contains("ffn_gate_inp") || name.contains("_shexp.") {
          "belongs to experts, which cannot be computed"
        } else {
          "is no part of the architecture \(architecture.name) of \(architecture.layers) layers"
        }
      throw ModelFileError(file: file.path, tensor: name, message: reason)
    }
  }
}
