import ModelFiles

/// What tensors are for, as far as their sizes are added up.
public enum TensorKind: String, CaseIterable, Sendable {
  /// The matrices of all layers, and their scales.
  case linear = "linear layers"
  /// The embedding, which may be the LM head too.
  case embedding
  /// An LM head of its own.
  case head = "LM head"
  /// The weights of all norms.
  case norms
  /// Tensors whose name says nothing.
  case other = "other tensors"

  /// By the tensor's name.
  public init(of tensor: ListedTensor) {
    switch tensor.role {
    case .linear: self = .linear
    case .embedding: self = .embedding
    case .head: self = .head
    case .norm, .outputNorm: self = .norms
    case nil: self = tensor.name.hasSuffix("scale") ? .linear : .other
    }
  }
}

/// How many tensors of one sort there are.
public struct TensorShare: Sendable, Hashable {
  /// The type of the elements, or what the tensors are for.
  public let name: String
  /// Tensors.
  public let count: Int
  /// Bytes of their data.
  public let byteCount: Int

  /// So many tensors of one sort.
  public init(name: String, count: Int, byteCount: Int) {
    self.name = name
    self.count = count
    self.byteCount = byteCount
  }
}

extension ModelInspection {
  /// Tensors by the type of their elements, most bytes first.
  public var sharesByType: [TensorShare] {
    Dictionary(grouping: listing.tensors, by: \.typeName)
      .map { Self.share($0.key, $0.value) }
      .sorted { ($1.byteCount, $0.name) < ($0.byteCount, $1.name) }
  }

  /// Tensors by what they are for, without sorts of which there are none; see ``headerAndPaddingBytes``.
  public var sharesByKind: [TensorShare] {
    let tensors = Dictionary(grouping: listing.tensors, by: TensorKind.init)
    return TensorKind.allCases.compactMap { kind in tensors[kind].map { Self.share(kind.rawValue, $0) } }
  }

  /// Bytes of the files that are no tensor's.
  public var headerAndPaddingBytes: Int {
    listing.byteCount - listing.tensors.reduce(0) { $0 + $1.byteCount }
  }

  private static func share(_ name: String, _ tensors: [ListedTensor]) -> TensorShare {
    TensorShare(
      name: name, count: tensors.count, byteCount: tensors.reduce(0) { $0 + $1.byteCount })
  }
}
