/// How the elements of a stored tensor are laid out. Raw values are the type numbers of GGUF files
/// (ggml-org/llama.cpp, gguf-py/gguf/constants.py; 36 is microsoft/BitNet's i2_s).
public enum TensorElementType: UInt32, CaseIterable, Sendable {
  /// IEEE binary32.
  case float32 = 0
  /// IEEE binary16.
  case float16 = 1
  /// 32 elements of 4 bits with one binary16 scale.
  case q4_0 = 2
  /// 32 elements of 8 bits with one binary16 scale.
  case q8_0 = 8
  /// 256 elements of 6 bits in 16 groups with an 8-bit scale each, and one binary16 scale.
  case q6_K = 14
  /// bfloat16.
  case bfloat16 = 30
  /// 256 ternary elements, five to a byte, with one binary16 scale.
  case tq1_0 = 34
  /// 256 ternary elements of two bits with one binary16 scale.
  case tq2_0 = 35
  /// Ternary elements of two bits, one binary32 scale for the tensor, behind the elements in a tail of 32 bytes.
  case i2_s = 36

  /// The name that other tools print.
  public var name: String {
    switch self {
    case .float32: "F32"
    case .float16: "F16"
    case .q4_0: "Q4_0"
    case .q8_0: "Q8_0"
    case .q6_K: "Q6_K"
    case .bfloat16: "BF16"
    case .tq1_0: "TQ1_0"
    case .tq2_0: "TQ2_0"
    case .i2_s: "I2_S"
    }
  }

  /// Elements that are stored together; rows are whole blocks.
  public var blockElements: Int {
    switch self {
    case .float32, .float16, .bfloat16: 1
    case .q4_0, .q8_0: 32
    case .q6_K, .tq1_0, .tq2_0: 256
    case .i2_s: 4
    }
  }

  /// Bytes of one block.
  public var blockBytes: Int {
    switch self {
    case .float32: 4
    case .float16, .bfloat16: 2
    case .q4_0: 18
    case .q8_0: 34
    case .q6_K: 210
    case .tq1_0: 54
    case .tq2_0: 66
    case .i2_s: 1
    }
  }

  /// Bytes behind the elements of a tensor.
  public var tailBytes: Int { self == .i2_s ? 32 : 0 }

  /// Whether elements are -1, 0 or +1 times a scale by construction.
  public var isTernary: Bool {
    switch self {
    case .tq1_0, .tq2_0, .i2_s: true
    default: false
    }
  }

  /// What `general.file_type` of a GGUF file says if most tensors are of this type: the numbers of llama.cpp's
  /// `llama_ftype`, and microsoft/BitNet's for I2_S.
  public var fileType: UInt32 {
    switch self {
    case .float32: 0
    case .float16: 1
    case .q4_0: 2
    case .q8_0: 7
    case .q6_K: 18
    case .bfloat16: 32
    case .tq1_0: 36
    case .tq2_0: 37
    case .i2_s: 40
    }
  }

  /// Types that floats can be written as.
  public static let writableFloats: [TensorElementType] = [.float16, .bfloat16, .float32, .q8_0, .q4_0]
}
