/// The order of the rows of query and key matrices, which follows from the elements that the rotary embedding turns
/// together: i and i + half of a head, or 2i and 2i + 1. Both orders give the same products of queries and keys.
///
/// llama.cpp's converter reorders the matrices of LLaMA in the same way (ggml-org/llama.cpp, convert_hf_to_gguf.py,
/// `permute`).
enum RotaryOrder {
  /// Which row of a head in the order `source` comes at each place of the order `target`; `nil` if none moves.
  static func rows(
    from source: ModelArchitecture.RotaryPairs, to target: ModelArchitecture.RotaryPairs, headDimension: Int
  ) -> [Int]? {
    let half = headDimension / 2
    return switch (source, target) {
    case (.halves, .halves), (.neighbours, .neighbours): nil
    case (.halves, .neighbours): (0..<headDimension).map { $0 / 2 + $0 % 2 * half }
    case (.neighbours, .halves): (0..<headDimension).map { $0 % half * 2 + $0 / half }
    }
  }

  /// Elements of whole heads, each row moved to its place.
  ///
  /// - Parameters:
  ///   - elements: Rows of `width` elements, a multiple of `order.count` of them.
  ///   - width: Elements, or bytes, of one row.
  static func reordered<Element>(_ elements: [Element], width: Int, by order: [Int]) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(elements.count)
    for head in stride(from: 0, to: elements.count, by: width * order.count) {
      for row in order {
        let start = head + row * width
        result.append(contentsOf: elements[start..<start + width])
      }
    }
    return result
  }
}
