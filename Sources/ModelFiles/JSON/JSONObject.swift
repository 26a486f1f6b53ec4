/// An object of a JSON file, with errors that say where in the file a member is not as expected.
///
/// `null` counts as absent, as it does for the libraries that write these files.
struct JSONObject: Sendable {
  /// The file, for errors.
  let file: String
  /// The keys that lead here, each with a dot behind: `model.`.
  private let place: String
  private let members: [ExactText: JSONValue]

  /// The object that a file consists of.
  init(_ value: JSONValue, file: String) throws(ModelFileError) {
    guard case .object(let members) = value else {
      throw ModelFileError(file: file, tensor: nil, message: "holds \(value.kind), expected an object")
    }
    self.init(members: members, place: "", file: file)
  }

  /// The object in a text that is, or will be, in a file.
  init(text: String, file: String) throws(ModelFileError) {
    let value = try Array(text.utf8).withUnsafeBufferPointer { bytes throws(ModelFileError) in
      try JSONValue.parse(UnsafeRawBufferPointer(bytes), file: file)
    }
    try self.init(value, file: file)
  }

  private init(members: [ExactText: JSONValue], place: String, file: String) {
    self.members = members
    self.place = place
    self.file = file
  }

  /// All keys.
  var keys: [String] { members.keys.map(\.string) }

  /// A member of any kind.
  subscript(_ key: String) -> JSONValue? {
    guard let value = members[ExactText(key)], value != .null else { return nil }
    return value
  }

  /// A whole number within `range`; a real number that is whole counts too.
  func integer(_ key: String, in range: ClosedRange<Int>) throws(ModelFileError) -> Int? {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    switch self[key] {
    case nil: return nil
    case .integer(let integer) where range.contains(integer): return integer
    case .real(let real):
      guard let integer = Int(exactly: real), range.contains(integer) else { throw wrong(key, expected) }
      return integer
    default: throw wrong(key, expected)
    }
  }

  /// A number within `range`.
  func number(_ key: String, in range: ClosedRange<Double>) throws(ModelFileError) -> Double? {
    let number: Double
    switch self[key] {
    case nil: return nil
    case .integer(let integer): number = Double(integer)
    case .real(let real): number = real
    default: number = .nan
    }
    guard range.contains(number) else {
      throw wrong(key, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func boolean(_ key: String) throws(ModelFileError) -> Bool? {
    switch self[key] {
    case nil: return nil
    case .boolean(let boolean): return boolean
    default: throw wrong(key, "true or false")
    }
  }

  func string(_ key: String) throws(ModelFileError) -> String? {
    switch self[key] {
    case nil: return nil
    case .string(let string): return string
    default: throw wrong(key, "a string")
    }
  }

  func array(_ key: String) throws(ModelFileError) -> [JSONValue]? {
    switch self[key] {
    case nil: return nil
    case .array(let array): return array
    default: throw wrong(key, "a list")
    }
  }

  func object(_ key: String) throws(ModelFileError) -> JSONObject? {
    switch self[key] {
    case nil: return nil
    case .object(let members): return JSONObject(members: members, place: place + key + ".", file: file)
    default: throw wrong(key, "an object")
    }
  }

  /// The objects of a list; an absent list is empty.
  func objects(_ key: String) throws(ModelFileError) -> [JSONObject] {
    var objects: [JSONObject] = []
    for element in try array(key) ?? [] {
      guard case .object(let members) = element else { throw wrong(key, "a list of objects") }
      objects.append(JSONObject(members: members, place: "\(place)\(key)[\(objects.count)].", file: file))
    }
    return objects
  }

  /// A member that must be there.
  func required<Value>(_ value: Value?, _ key: String) throws(ModelFileError) -> Value {
    guard let value else { throw failure("has no '\(place)\(key)'") }
    return value
  }

  /// A member that is not as expected.
  func wrong(_ key: String, _ expected: String) -> ModelFileError {
    failure("has '\(excerpt(place + key))' \(self[key]?.kind ?? "missing"), expected \(expected)")
  }

  /// Anything else about the file.
  func failure(_ message: String) -> ModelFileError {
    ModelFileError(file: file, tensor: nil, message: message)
  }
}
