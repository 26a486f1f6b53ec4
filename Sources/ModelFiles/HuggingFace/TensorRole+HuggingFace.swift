extension TensorRole {
  /// The role of the tensor of that name in a Hugging Face model, `nil` if there is none.
  init?(huggingFaceName name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    // Written back, so that "01" and "+1" are no layers.
    let layer = parts.count > 2 ? Int(parts[2]).flatMap { String($0) == parts[2] ? $0 : nil } : nil
    var roles: [TensorRole] = [.embedding, .outputNorm, .head]
    if let layer {
      roles = LinearRole.allCases.map { .linear($0, layer: layer) }
      roles += NormRole.allCases.map { .norm($0, layer: layer) }
    }
    let role = roles.first { role in
      HuggingFaceTensorNames.SubNorms.allCases.contains {
        HuggingFaceTensorNames.name(of: role, subNorms: $0) == name
      }
    }
    guard let role else { return nil }
    self = role
  }
}
