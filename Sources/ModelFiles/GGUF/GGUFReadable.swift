/// What a value of GGUF metadata can be asked for as.
public protocol GGUFReadable {
  /// In errors: what was expected.
  static var expectation: String { get }
  /// The value, `nil` if it has another type or does not fit.
  init?(_ value: GGUFValue)
}

extension Int: GGUFReadable {
  /// Any of the whole types will do.
  public static var expectation: String { "a whole number" }

  /// A whole number of any width.
  public init?(_ value: GGUFValue) {
    switch value {
    case .uint8(let number): self.init(number)
    case .int8(let number): self.init(number)
    case .uint16(let number): self.init(number)
    case .int16(let number): self.init(number)
    case .uint32(let number): self.init(number)
    case .int32(let number): self.init(number)
    case .uint64(let number): self.init(exactly: number)
    case .int64(let number): self.init(number)
    default: return nil
    }
  }
}

extension Double: GGUFReadable {
  /// Both widths will do.
  public static var expectation: String { "a floating-point number" }

  /// A floating-point number of either width.
  public init?(_ value: GGUFValue) {
    switch value {
    case .float32(let number): self.init(number)
    case .float64(let number): self.init(number)
    default: return nil
    }
  }
}

extension Bool: GGUFReadable {
  /// Numbers will not do.
  public static var expectation: String { "a truth value" }

  /// A truth value.
  public init?(_ value: GGUFValue) {
    guard case .bool(let flag) = value else { return nil }
    self = flag
  }
}

extension String: GGUFReadable {
  /// Text.
  public static var expectation: String { "a text" }

  /// Text.
  public init?(_ value: GGUFValue) {
    guard case .string(let text) = value else { return nil }
    self = text
  }
}

/// What the elements of a list of GGUF metadata can be asked for as.
public protocol GGUFListElement {
  /// In errors: what was expected.
  static var listExpectation: String { get }
  /// The elements, `nil` if they have another type or do not fit.
  static func elements(of array: GGUFArray) -> [Self]?
}

extension Array: GGUFReadable where Element: GGUFListElement {
  /// As the elements have it.
  public static var expectation: String { Element.listExpectation }

  /// A list of such elements.
  public init?(_ value: GGUFValue) {
    guard case .array(let array) = value, let elements = Element.elements(of: array) else { return nil }
    self = elements
  }
}

extension String: GGUFListElement {
  /// Texts.
  public static var listExpectation: String { "a list of texts" }

  /// Texts.
  public static func elements(of array: GGUFArray) -> [String]? {
    guard case .string(let texts) = array else { return nil }
    return texts
  }
}

extension Float: GGUFListElement {
  /// Floats of 32 bits.
  public static var listExpectation: String { "a list of 32-bit floating-point numbers" }

  /// Floats of 32 bits.
  public static func elements(of array: GGUFArray) -> [Float]? {
    guard case .float32(let numbers) = array else { return nil }
    return numbers
  }
}

extension Int32: GGUFListElement {
  /// Signs do not matter as long as the numbers fit.
  public static var listExpectation: String { "a list of 32-bit whole numbers" }

  /// Whole numbers of 32 bits.
  public static func elements(of array: GGUFArray) -> [Int32]? {
    switch array {
    case .int32(let numbers): return numbers
    case .uint32(let numbers):
      let converted = numbers.compactMap { Int32(exactly: $0) }
      return converted.count == numbers.count ? converted : nil
    default: return nil
    }
  }
}
