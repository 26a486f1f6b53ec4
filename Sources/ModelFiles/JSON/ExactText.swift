/// Text that equals only text of the same bytes.
///
/// Strings are equal to Swift when readers see the same characters, however those are encoded; vocabularies have
/// several such tokens, which are different ones.
struct ExactText: Hashable, Sendable, ExpressibleByStringLiteral {
  let string: String

  init(_ string: String) { self.string = string }

  init(stringLiteral: String) { string = stringLiteral }

  static func == (left: Self, right: Self) -> Bool { left.string.utf8.elementsEqual(right.string.utf8) }

  func hash(into hasher: inout Hasher) {
    var text = string
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
