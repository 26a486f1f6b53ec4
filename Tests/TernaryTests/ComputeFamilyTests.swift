import Testing

@testable import Ternary

@Suite struct ComputeFamilyTests {
  @Test func namesAreTheOnesKernelsRegisterWith() {
    #expect(
      ComputeFamily.allCases.map(\.rawValue) == [
        "reference", "addsub", "lut", "bitserial", "popcount", "mad", "rsr", "float", "int8",
      ])
    #expect(Set(ComputeFamily.allCases.map(\.title)).count == ComputeFamily.allCases.count)
    #expect(ComputeFamily.allCases.filter(\.isBaseline) == [.float, .int8])
  }

  @Test(arguments: ComputeFamily.allCases) func theIdeaIsOneLine(family: ComputeFamily) {
    #expect(!family.idea.isEmpty && !family.idea.contains("\n") && family.idea.count <= 100)
  }
}
