/// One matrix to bench: a layer shape of a model, a shape from the command line, or a tensor of a file.
public struct BenchShape: Sendable, Hashable {
  /// The model or file it is from; `nil` for a bare shape.
  public let model: String?
  /// Which linear layers have it, such as `q,o`; the tensor's name for files; empty for a bare shape.
  public let role: String
  /// Rows, N.
  public let outFeatures: Int
  /// Columns, K.
  public let inFeatures: Int
  /// How many such matrices one token passes in the whole model; 1 for a bare shape.
  public let countPerToken: Int

  /// A shape with where it is from.
  public init(
    model: String? = nil, role: String = "", outFeatures: Int, inFeatures: Int, countPerToken: Int = 1
  ) {
    self.model = model
    self.role = role
    self.outFeatures = outFeatures
    self.inFeatures = inFeatures
    self.countPerToken = countPerToken
  }
}
