/// What the cost tables hold a number for. The raw value is its name in the files.
enum CostQuantity: String, CaseIterable, Sendable {
  case int8AddEnergy = "int8 add energy"
  case int16AddEnergy = "int16 add energy"
  case int32AddEnergy = "int32 add energy"
  case int8MultiplyEnergy = "int8 multiply energy"
  case float16AddEnergy = "fp16 add energy"
  case float16MultiplyEnergy = "fp16 multiply energy"
  case float32AddEnergy = "fp32 add energy"
  case float32MultiplyEnergy = "fp32 multiply energy"
  case register16Energy = "16-bit register energy"

  case int8AddArea = "int8 add area"
  case int32AddArea = "int32 add area"
  case int8MultiplyArea = "int8 multiply area"
  case float16AddArea = "fp16 add area"
  case float16MultiplyArea = "fp16 multiply area"
  case float32AddArea = "fp32 add area"
  case float32MultiplyArea = "fp32 multiply area"

  case fullAdderGates = "gates in a full adder"
  case selectGates = "gates in a select of one bit"
  case multiplexerGates = "gates in a multiplexer of one bit"
  case flipFlopGates = "gates in a flip-flop"
  case bfloat16Adder = "bf16 adder relative to fp16"
  case bfloat16Multiplier = "bf16 multiplier relative to fp16"

  case smallSRAMEnergy = "8 KiB SRAM energy"
  case mediumSRAMEnergy = "32 KiB SRAM energy"
  case largeSRAMEnergy = "1 MiB SRAM energy"
  case sramCellArea = "SRAM cell area"
  case sramArrayEfficiency = "SRAM array efficiency"
  case leakageDensity = "leakage density"

  case supplyVoltage = "supply voltage of the energy polynomial"
  case quadraticEnergyTerm = "quadratic term of the energy polynomial"
  case linearEnergyTerm = "linear term of the energy polynomial"
  case constantEnergyTerm = "constant term of the energy polynomial"
  case relativeArea = "area relative to 45 nm"

  /// The unit its values must have in the files, empty for a plain number.
  var unit: String {
    switch self {
    case .int8AddEnergy, .int16AddEnergy, .int32AddEnergy, .int8MultiplyEnergy, .float16AddEnergy,
      .float16MultiplyEnergy, .float32AddEnergy, .float32MultiplyEnergy, .register16Energy:
      "pJ"
    case .int8AddArea, .int32AddArea, .int8MultiplyArea, .float16AddArea, .float16MultiplyArea,
      .float32AddArea, .float32MultiplyArea, .sramCellArea:
      "um2"
    case .smallSRAMEnergy, .mediumSRAMEnergy, .largeSRAMEnergy: "pJ/64b"
    case .leakageDensity: "mW/mm2"
    case .supplyVoltage: "V"
    case .fullAdderGates, .selectGates, .multiplexerGates, .flipFlopGates, .bfloat16Adder,
      .bfloat16Multiplier, .sramArrayEfficiency, .quadraticEnergyTerm, .linearEnergyTerm,
      .constantEnergyTerm, .relativeArea:
      ""
    }
  }

  /// Whether a value may be below zero, as the coefficients of a polynomial may.
  var maySubtract: Bool {
    switch self {
    case .quadraticEnergyTerm, .linearEnergyTerm, .constantEnergyTerm: true
    default: false
    }
  }

  /// Nodes without a value of which the tables are incomplete; `nil` stands for a value that holds for all nodes.
  var requiredNodes: [Int?] {
    switch self {
    case .int8AddEnergy, .int32AddEnergy, .int8MultiplyEnergy, .float16AddEnergy, .float16MultiplyEnergy,
      .float32AddEnergy, .float32MultiplyEnergy, .smallSRAMEnergy, .mediumSRAMEnergy, .largeSRAMEnergy,
      .sramCellArea:
      [NodeScaling.coarseAnchor, NodeScaling.fineAnchor]
    case .register16Energy, .int8AddArea, .int32AddArea, .int8MultiplyArea, .float16AddArea,
      .float16MultiplyArea, .float32AddArea, .float32MultiplyArea:
      [NodeScaling.coarseAnchor]
    case .quadraticEnergyTerm, .linearEnergyTerm, .constantEnergyTerm, .relativeArea:
      NodeScaling.listedNodes.map(Optional.some)
    case .fullAdderGates, .selectGates, .multiplexerGates, .flipFlopGates, .bfloat16Adder,
      .bfloat16Multiplier, .sramArrayEfficiency, .leakageDensity, .supplyVoltage:
      [nil]
    case .int16AddEnergy: []
    }
  }
}
