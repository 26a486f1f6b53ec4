import Workloads

/// A kind of number with a unit, as files write it: `512 KiB`, `1 GHz`, `68 GB/s`.
///
/// A number and one of the unit's symbols must be there, a space between them. Values are kept in the base unit,
/// which is the one with factor 1.
struct Quantity: Sendable {
  /// A way to write it: a number of these is `multiplier / divisor` of the base unit. One of both is 1, so that
  /// `100 ns` is the number nearest to 1e-7.
  struct Unit: Sendable {
    let symbol: String
    var multiplier = 1.0
    var divisor = 1.0
  }

  /// What it is called, with its article: `a bandwidth`.
  let noun: String
  /// One as it should be written.
  let example: String
  /// Smallest first.
  let units: [Unit]
  /// In the base unit.
  let range: ClosedRange<Double>
  /// Whether only whole numbers of the base unit make sense.
  var isWhole = false

  static let bytes = Quantity(
    noun: "a size", example: "512 KiB",
    units: [
      Unit(symbol: "B"), Unit(symbol: "KiB", multiplier: 0x1p10), Unit(symbol: "MiB", multiplier: 0x1p20),
      Unit(symbol: "GiB", multiplier: 0x1p30), Unit(symbol: "TiB", multiplier: 0x1p40),
    ], range: 1...0x1p40, isWhole: true)

  static let bytesPerCycle = Quantity(
    noun: "bytes a cycle", example: "256 B/cycle", units: [Unit(symbol: "B/cycle")], range: 0.01...0x1p24)

  static let bytesPerSecond = Quantity(
    noun: "a bandwidth", example: "68 GB/s",
    units: [
      Unit(symbol: "B/s"), Unit(symbol: "kB/s", multiplier: 1e3), Unit(symbol: "MB/s", multiplier: 1e6),
      Unit(symbol: "GB/s", multiplier: 1e9), Unit(symbol: "TB/s", multiplier: 1e12),
    ], range: 1e6...1e15)

  static let clock = Quantity(
    noun: "a clock", example: "1 GHz",
    units: [
      Unit(symbol: "Hz"), Unit(symbol: "kHz", multiplier: 1e3), Unit(symbol: "MHz", multiplier: 1e6),
      Unit(symbol: "GHz", multiplier: 1e9),
    ], range: 1e6...1e11)

  static let nanometres = Quantity(
    noun: "a process node", example: "7 nm", units: [Unit(symbol: "nm")],
    range: Double(NodeScaling.nodes.lowerBound)...Double(NodeScaling.nodes.upperBound), isWhole: true)

  static let latency = Quantity(
    noun: "a time", example: "80 ns",
    units: [
      Unit(symbol: "ps", divisor: 1e12), Unit(symbol: "ns", divisor: 1e9), Unit(symbol: "us", divisor: 1e6),
      Unit(symbol: "ms", divisor: 1e3), Unit(symbol: "s"),
    ], range: 0...1e-3)

  static let picojoulesPerBit = Quantity(
    noun: "an energy", example: "4 pJ/bit", units: [Unit(symbol: "pJ/bit")], range: 0...10_000)
}

extension Quantity {
  /// Why a text is not such a quantity: what was expected, as a phrase.
  struct Mistake: Error { let expected: String }

  /// The value in the base unit.
  func value(of text: String) throws(Mistake) -> Double {
    let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
    guard parts.count == 2, let unit = units.first(where: { $0.symbol == parts[1] }),
      let number = Self.number(parts[0])
    else { throw Mistake(expected: "\(noun) in \(symbols), such as '\(example)'") }
    let value = number * unit.multiplier / unit.divisor
    guard range.contains(value) else {
      throw Mistake(expected: "\(noun) from \(self.text(range.lowerBound)) to \(self.text(range.upperBound))")
    }
    guard !isWhole || value == value.rounded() else {
      throw Mistake(expected: "\(noun) of a whole number of \(units[0].symbol)")
    }
    return value
  }

  /// The shortest text in the largest unit that reads back to the same value.
  func text(_ value: Double) -> String {
    var shortest: String?
    for unit in units.reversed() {
      let number = value * unit.divisor / unit.multiplier
      let text = Self.text(number) + " " + unit.symbol
      guard number * unit.multiplier / unit.divisor == value else { continue }
      if shortest.map({ text.count < $0.count }) ?? true { shortest = text }
    }
    return shortest ?? Self.text(value)
  }

  private var symbols: String {
    let last = units[units.count - 1].symbol
    return units.count == 1 ? last : units.dropLast().map(\.symbol).joined(separator: ", ") + " or " + last
  }

  /// A finite decimal number; underscores may group its digits.
  static func number(_ text: String) -> Double? {
    let isDecimal = text.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isDecimal, text.count <= 40, let number = Double(text.filter { $0 != "_" }), number.isFinite else {
      return nil
    }
    return number
  }

  /// A number that reads back to itself, whole ones without a fraction.
  static func text(_ number: Double) -> String {
    Int(exactly: number).map { "\($0)" } ?? "\(number)"
  }
}

extension YAMLMapping {
  /// A number with a unit, in the base unit of the quantity.
  mutating func quantity(_ key: String, _ quantity: Quantity) throws(YAMLError) -> Double {
    let scalar = try scalar(key, expected: "\(quantity.noun) such as '\(quantity.example)'")
    do {
      return try quantity.value(of: scalar.text)
    } catch {
      throw scalar.failure(expected: error.expected)
    }
  }

  /// A number without a unit.
  mutating func number(_ key: String, in range: ClosedRange<Double>) throws(YAMLError) -> Double {
    let expected = "a number from \(Quantity.text(range.lowerBound)) to \(Quantity.text(range.upperBound))"
    let scalar = try scalar(key, expected: expected)
    guard let number = Quantity.number(scalar.text), range.contains(number) else {
      throw scalar.failure(expected: expected)
    }
    return number
  }
}
