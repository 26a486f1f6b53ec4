import ModelFiles

/// A part of a forward pass whose time is kept apart.
public enum ModelPart: Hashable, Sendable, CaseIterable {
  /// One of the linear layers: multiplication and rescaling.
  case linear(LinearRole)
  /// What comes before multiplications: quantising activations, and tables or sums made of them.
  case quantisation
  /// Rotary embedding, cache and attention.
  case attention
  /// From the last hidden state to scores.
  case head
  /// Embedding, norms, activation function and residual sums.
  case rest

  /// In the order of the computation.
  public static let allCases: [ModelPart] =
    [.quantisation] + LinearRole.allCases.map(ModelPart.linear) + [.attention, .head, .rest]

  /// The name in tables.
  public var name: String {
    switch self {
    case .linear(let role): role.rawValue
    case .quantisation: "quantisation"
    case .attention: "attention"
    case .head: "head"
    case .rest: "rest"
    }
  }

  fileprivate var index: Int {
    switch self {
    case .quantisation: 0
    case .linear(.query): 1
    case .linear(.key): 2
    case .linear(.value): 3
    case .linear(.output): 4
    case .linear(.gate): 5
    case .linear(.up): 6
    case .linear(.down): 7
    case .attention: 8
    case .head: 9
    case .rest: 10
    }
  }
}

/// Seconds by part, as the first worker saw them; waiting for others counts to the part that was waited for.
public struct TimeByPart: Sendable, Hashable {
  private var table = [Double](repeating: 0, count: ModelPart.allCases.count)

  /// No time at all.
  public init() {}

  /// Seconds of one part.
  public subscript(part: ModelPart) -> Double {
    get { table[part.index] }
    set { table[part.index] = newValue }
  }

  /// Seconds of all parts.
  public var total: Double { table.reduce(0, +) }

  /// Adds part by part.
  public static func += (left: inout TimeByPart, right: TimeByPart) {
    for index in left.table.indices { left.table[index] += right.table[index] }
  }
}
