import ArgumentParser

/// Positive whole numbers from the command line: items by comma, each a number or a range
/// `first..last`, `first..last+step` or `first..last*factor`.
struct NumberList: ExpressibleByArgument, Equatable {
  let values: [Int]

  static let grammar = "numbers by comma, ranges as first..last, first..last+step or first..last*factor"
  private static let largest = 1 << 24
  private static let mostValues = 1000

  init(_ values: [Int]) { self.values = values }

  init?(argument: String) {
    guard let values = try? Self.parse(argument) else { return nil }
    self.values = values
  }

  /// - Throws: `ValidationError` that says which item is wrong.
  static func parse(_ text: String) throws -> [Int] {
    var values: [Int] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let numbers = try numbers(in: item)
      guard !numbers.isEmpty else {
        throw ValidationError("range '\(item)' is empty: its end is before its begin")
      }
      values += numbers
      guard values.count <= mostValues else {
        throw ValidationError("'\(text)' names more than \(mostValues) numbers")
      }
    }
    return values
  }

  private static func numbers(in item: Substring) throws -> [Int] {
    guard let dots = item.range(of: "..") else { return [try number(item, in: item)] }
    let first = try number(item[..<dots.lowerBound], in: item)
    let rest = item[dots.upperBound...]
    guard let sign = rest.firstIndex(where: { "+*".contains($0) }) else {
      return try Array(stride(from: first, through: number(rest, in: item), by: 1).prefix(mostValues + 1))
    }
    let last = try number(rest[..<sign], in: item)
    let step = try number(rest[rest.index(after: sign)...], in: item)
    if rest[sign] == "+" { return Array(stride(from: first, through: last, by: step).prefix(mostValues + 1)) }
    guard step > 1 else { throw ValidationError("the factor of range '\(item)' must be at least 2") }
    return Array(sequence(first: first) { $0 * step }.prefix { $0 <= last })
  }

  private static func number(_ text: Substring, in item: Substring) throws -> Int {
    guard let value = Int(text), (1...largest).contains(value) else {
      throw ValidationError("'\(item)' is not a whole number from 1 to \(largest) or a range (\(grammar))")
    }
    return value
  }

  var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
}

extension Substring {
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
