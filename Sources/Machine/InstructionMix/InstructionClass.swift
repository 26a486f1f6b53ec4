import CKernels

/// What executes an instruction, as far as it matters for throughput: `bl_instruction_class`.
public enum InstructionClass: String, Sendable, CaseIterable {
  /// Any instruction: what the front end delivers.
  case issued
  /// Reads memory.
  case load
  /// Writes memory.
  case store
  /// Computes with vectors: adds, logic, blends, and all of the following.
  case vector
  /// Multiplies, or adds floats.
  case multiply
  /// Moves elements.
  case shuffle
  /// Looks up bytes or words in two registers.
  case twoTables = "look-up"
  /// Shifts elements.
  case shift
  /// Compares into a mask register, or counts bits.
  case compare
  /// Computes with mask registers.
  case mask

  var code: bl_instruction_class {
    switch self {
    case .issued: BL_INSTRUCTIONS_ISSUED
    case .load: BL_INSTRUCTIONS_LOAD
    case .store: BL_INSTRUCTIONS_STORE
    case .vector: BL_INSTRUCTIONS_VECTOR
    case .multiply: BL_INSTRUCTIONS_MULTIPLY
    case .shuffle: BL_INSTRUCTIONS_SHUFFLE
    case .twoTables: BL_INSTRUCTIONS_TWO_TABLES
    case .shift: BL_INSTRUCTIONS_SHIFT
    case .compare: BL_INSTRUCTIONS_COMPARE
    case .mask: BL_INSTRUCTIONS_MASK
    }
  }

  /// Whether its instructions compute with vectors and so share the vector units with all others that do.
  var isVector: Bool {
    switch self {
    case .vector, .multiply, .shuffle, .twoTables, .shift, .compare: true
    case .issued, .load, .store, .mask: false
    }
  }
}

/// What one instruction asks of a core: one slot of the front end, and a place in each of these classes.
struct InstructionDemand: Equatable {
  /// The finest class of the computation; `nil` for scalar code, moves and pure memory access.
  var computes: InstructionClass?
  /// Whether elements are moved besides, as by conversions between widths.
  var alsoShuffles = false
  var loads = 0
  var stores = 0
  var vectorBits = 0
}
