import CKernels
import Ternary

/// One way to multiply on one instruction set: the Swift face of a `bl_kernel`.
public struct Kernel: Sendable, Hashable, CustomStringConvertible {
  // Descriptors are immutable C data with static storage, so the pointer may be shared freely.
  nonisolated(unsafe) let descriptor: UnsafePointer<bl_kernel>

  /// Wraps a descriptor with static storage, such as those of the registry.
  ///
  /// - Parameter descriptor: Must stay valid and unchanged for the life of the process.
  public init(descriptor: UnsafePointer<bl_kernel>) { self.descriptor = descriptor }

  /// `family-packing[-activations]-isa`, such as `mad-i2s-avx512vnni`.
  public var name: String { String(cString: descriptor.pointee.name) }
  /// The compute family, `reference` if the descriptor names none that is known (a test forbids it).
  public var family: ComputeFamily {
    ComputeFamily(rawValue: String(cString: descriptor.pointee.family)) ?? .reference
  }
  /// The family as the descriptor spells it.
  public var familyName: String { String(cString: descriptor.pointee.family) }
  /// One line: the idea.
  public var summary: String { String(cString: descriptor.pointee.summary) }
  /// The public source of the method.
  public var source: String { String(cString: descriptor.pointee.source) }
  /// What bounds it, and why it is as far from the fastest family as it is.
  public var explanation: String { String(cString: descriptor.pointee.explain) }
  /// How its weights lie in memory.
  public var packing: Packing { Packing(descriptor: descriptor.pointee.packing) }
  /// The extensions it needs.
  public var instructionSet: InstructionSet { InstructionSet(rawValue: descriptor.pointee.isa) }
  /// The instruction set as the last part of the name has it, such as `avx512vnni`.
  public var instructionSetName: String { String(name.split(separator: "-").last ?? "") }
  /// Equal to the int32 reference bit for bit; if not, bounded by `roundingError`.
  public var isExact: Bool { descriptor.pointee.exact }
  /// Bound of the error relative to Σ|x·w|, without the accumulation's k·2⁻²⁴; 0 for exact kernels.
  public var roundingError: Double { descriptor.pointee.rounding_error }
  /// Bound of what weights too small for the format's precision add, relative to Σ|x|; 0 for most kernels.
  public var underflowError: Double { descriptor.pointee.underflow_error }
  /// Tokens are prepared in multiples of this.
  public var tokenTile: Int { descriptor.pointee.m_tile }
  /// Columns of one token may be prepared apart in multiples of this; 0 when they may not.
  public var columnTile: Int { descriptor.pointee.k_tile }
  /// Rows are split over workers in multiples of this.
  public var rowTile: Int { descriptor.pointee.n_tile }

  /// The activation quantisation it needs; `nil` when it takes floats.
  public var activations: ActivationQuantization? {
    switch descriptor.pointee.activations {
    case BL_ACTIVATIONS_INT8: .int8
    case BL_ACTIVATIONS_INT4: .int4
    case BL_ACTIVATIONS_INT2: .int2
    case BL_ACTIVATIONS_TERNARY: .ternary
    case BL_ACTIVATIONS_SIGN: .sign
    default: nil
    }
  }

  /// The activations' name for tables: `int8`, …, `float`.
  public var activationName: String { activations?.rawValue ?? "float" }

  /// Operations and bytes of a matmul of `tokens` × `inFeatures` by `outFeatures`, preparation included.
  ///
  /// - Parameter weights: The packed matrix; `nil` assumes one third zeros where the data matters.
  public func cost(tokens: Int, outFeatures: Int, inFeatures: Int, weights: PackedWeights? = nil)
    -> OperationCost
  {
    OperationCost(descriptor.pointee.cost(tokens, outFeatures, inFeatures, weights?.bytes))
  }

  /// Bytes of the activations once prepared: sums, tables or bit-planes.
  public func preparedBytes(tokens: Int, inFeatures: Int) -> Int {
    descriptor.pointee.prepared_bytes(tokens, inFeatures)
  }

  /// Runs on a CPU with these extensions.
  public func runs(on instructionSet: InstructionSet) -> Bool {
    self.instructionSet.isSubset(of: instructionSet)
  }

  /// The kernel's name.
  public var description: String { name }
  /// Kernels are the same when their descriptors are.
  public static func == (left: Kernel, right: Kernel) -> Bool { left.descriptor == right.descriptor }
  /// Hashes the descriptor's address.
  public func hash(into hasher: inout Hasher) { hasher.combine(descriptor) }
}

/// Operations and bytes of one whole matmul: see `bl_cost` for what each counts.
public struct OperationCost: Sendable, Hashable {
  /// Additions and subtractions of values.
  public var adds: UInt64
  /// Multiplications of values.
  public var multiplies: UInt64
  /// Look-ups in tables made from the activations.
  public var tableReads: UInt64
  /// Table entries made.
  public var tableWrites: UInt64
  /// Population counts of words.
  public var popcounts: UInt64
  /// And, or, xor and shift of words that decode or combine.
  public var logicOperations: UInt64
  /// Packed weights, read once.
  public var weightBytes: UInt64
  /// Activations as given.
  public var activationBytes: UInt64
  /// What preparation leaves for the multiplication.
  public var tableBytes: UInt64
  /// Results written.
  public var outputBytes: UInt64

  init(_ cost: bl_cost) {
    adds = cost.adds
    multiplies = cost.multiplies
    tableReads = cost.table_reads
    tableWrites = cost.table_writes
    popcounts = cost.popcounts
    logicOperations = cost.logic_operations
    weightBytes = cost.weight_bytes
    activationBytes = cost.activation_bytes
    tableBytes = cost.table_bytes
    outputBytes = cost.output_bytes
  }
}
